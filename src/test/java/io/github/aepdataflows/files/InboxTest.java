package io.github.aepdataflows.files;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.aepdataflows.LogLines;
import io.github.aepdataflows.Rig;
import io.github.aepdataflows.provision.Activity;
import io.github.aepdataflows.simulator.Fault;
import io.github.aepdataflows.simulator.Options;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files dropped into the inbox, and where they end. */
class InboxTest {

    @TempDir
    Path data;

    @Test
    void should_move_a_provisioned_definition_to_done_with_its_receipt() throws Exception {
        try (Rig rig = Rig.start(data)) {
            String definition = Rig.example("crm");
            rig.drop("crm.yaml", definition);
            awaitEmptyInbox(rig);

            assertThat(rig.names("done")).containsExactly("crm.yaml", "crm.yaml.receipt.json");
            assertThat(Files.readString(rig.folder("done").resolve("crm.yaml"))).isEqualTo(definition);
            JsonNode receipt = rig.json("done", "crm.yaml.receipt.json");
            assertThat(receipt.at("/resources/flow")).isEqualTo(rig.resources("flows").get(0).path("id"));
        }
    }

    @Test
    void should_move_a_broken_definition_to_failed_with_all_its_faults() throws Exception {
        try (Rig rig = Rig.start(data)) {
            rig.drop("broken.yaml", Rig.example("crm").replace("interval: 30", "interval: 5")
                    .replace("source: first_name", "source: fist_name").replace("connector: salesforce", "connector: salesfroce"));
            awaitEmptyInbox(rig);

            assertThat(rig.names("failed")).containsExactly("broken.yaml", "broken.yaml.error.json");
            JsonNode error = rig.json("failed", "broken.yaml.error.json");
            assertThat(error.path("file").asText()).isEqualTo("broken.yaml");
            assertThat(error.path("faults").findValuesAsText("path"))
                    .containsExactly("source.connector", "mapping[0].source", "schedule.interval");
            assertThat(rig.simulator().requests().all()).isEmpty();
        }
    }

    @Test
    void should_move_a_definition_that_the_platform_refuses_to_failed_with_its_reason() throws Exception {
        try (Rig rig = Rig.start(data)) {
            rig.simulator().faults().always("POST", "/sourceConnections",
                    Fault.answer(404, "application/json", "{\"errorMessage\":\"connections not found with id = [x]\"}"));
            rig.drop("crm.yaml", Rig.example("crm"));
            awaitEmptyInbox(rig);

            JsonNode error = rig.json("failed", "crm.yaml.error.json");
            assertThat(error.path("category").asText()).isEqualTo("rejected");
            assertThat(error.path("step").asText()).isEqualTo("source-connection");
            assertThat(error.path("status").asInt()).isEqualTo(404);
            assertThat(error.path("message").asText()).contains("connections not found with id");
            assertThat(error.path("resources").properties()).extracting(Map.Entry::getKey)
                    .contains("baseConnection", "sourceClass", "sourceSchema", "flowSpec").doesNotContain("sourceConnection", "flow");
        }
    }

    @Test
    void should_not_let_one_bad_file_stop_the_others() throws Exception {
        try (Rig rig = Rig.start(data)) {
            for (int n = 0; n < 20; n++) {
                rig.drop(n + ".yaml", n % 2 == 0 ? "bad: [" : numbered(n));
            }
            awaitEmptyInbox(rig);

            assertThat(rig.names("done")).hasSize(20);
            assertThat(rig.names("failed")).hasSize(20);
            assertThat(rig.resources("flows")).hasSize(10);
        }
    }

    @Test
    void should_keep_a_file_during_an_outage_and_take_it_up_again() throws Exception {
        try (Rig rig = Rig.start(data, Options.defaults(), Map.of("aep.redelivery.max", "1"))) {
            rig.simulator().faults().always("POST", "/ims/token/v3", Fault.status(503));
            rig.drop("crm.yaml", Rig.example("crm"));
            await().atMost(20, SECONDS).until(() -> rig.requests("POST", "/ims/token/v3").size() >= 6);   // taken more than once
            assertThat(rig.names("inbox")).containsExactly("crm.yaml");
            assertThat(rig.names("failed")).isEmpty();

            rig.simulator().faults().clear();
            awaitEmptyInbox(rig);

            assertThat(rig.names("done")).contains("crm.yaml");
            assertThat(rig.resources("flows")).hasSize(1);
        }
    }

    @Test
    void should_keep_files_when_the_credentials_are_refused() throws Exception {
        try (Rig rig = Rig.start(data, Options.defaults(), Map.of("aep.client-secret", "wrong"))) {
            rig.drop("crm.yaml", Rig.example("crm"));
            await().atMost(20, SECONDS).until(() -> rig.requests("POST", "/ims/token/v3").size() >= 2);

            assertThat(rig.names("inbox")).containsExactly("crm.yaml");
            assertThat(rig.names("failed")).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"403003", "403025", "400003"})
    void should_keep_files_when_the_gateway_refuses_our_settings(String code) throws Exception {
        try (Rig rig = Rig.start(data)) {
            rig.simulator().faults().when(request -> request.path().startsWith("/data/"), Fault.gateway(code, "not with these settings"));
            for (int n = 0; n < 5; n++) {
                rig.drop(n + ".yaml", numbered(n));
            }
            await().atMost(20, SECONDS).until(() -> rig.requests("GET", "/flowSpecs").size() >= 6);   // taken more than once
            assertThat(rig.names("inbox")).hasSize(5);
            assertThat(rig.names("failed")).isEmpty();

            rig.simulator().faults().clear();
            awaitEmptyInbox(rig);

            assertThat(rig.resources("flows")).hasSize(5);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {429, 503})
    void should_keep_a_file_whose_outage_came_after_something_was_made_and_go_on_from_there(int status) throws Exception {
        try (Rig rig = Rig.start(data, Options.defaults(), Map.of("aep.redelivery.max", "1"))) {
            rig.simulator().faults().always("POST", "/targetConnections", Fault.status(status));
            rig.drop("cs.yaml", Rig.example("customer-success"));
            await().atMost(30, SECONDS).until(() -> rig.requests("POST", "/targetConnections").size() >= 5);   // taken more than once
            assertThat(rig.names("inbox")).containsExactly("cs.yaml");
            assertThat(rig.names("failed")).isEmpty();
            assertThat(rig.resources("targetConnections")).isEmpty();
            assertThat(rig.resources("dataSets")).hasSize(1);

            rig.simulator().faults().clear();
            awaitEmptyInbox(rig);

            assertThat(rig.names("done")).containsExactly("cs.yaml", "cs.yaml.receipt.json");
            assertThat(rig.json("done", "cs.yaml.receipt.json").path("outcome").asText()).isEqualTo("created");
            for (String kind : List.of("sourceConnections", "schemas", "dataSets", "targetConnections", "mappingSets", "flows")) {
                assertThat(rig.resources(kind)).as(kind).hasSize(1);
            }
        }
    }

    @Test
    void should_not_let_files_that_are_tried_in_vain_keep_the_others_from_their_turn() throws Exception {
        try (Rig rig = Rig.start(data, Options.defaults(),
                Map.of("aep.inbox.concurrency", "1", "aep.redelivery.max", "1", "aep.settle-window", "50"))) {
            rig.simulator().faults().when(request -> request.method().equals("POST") && request.text().contains("bad Source"),
                    Fault.status(500));
            rig.drop("1.yaml", Rig.example("customer-success", "1 bad"));
            rig.drop("2.yaml", Rig.example("customer-success", "2 bad"));
            rig.drop("3.yaml", Rig.example("customer-success", "3"));
            await().atMost(30, SECONDS).until(() -> rig.names("done").contains("3.yaml"));

            assertThat(rig.names("inbox")).containsExactly("1.yaml", "2.yaml");
            assertThat(rig.names("failed")).isEmpty();
        }
    }

    @Test
    void should_not_take_links_folders_or_dot_files() throws Exception {
        try (Rig rig = Rig.start(data)) {
            Path inbox = Files.createDirectories(rig.folder("inbox"));
            Path secret = Files.writeString(data.resolve("secret.yaml"), Rig.example("crm"));
            Files.createSymbolicLink(inbox.resolve("link.yaml"), secret);
            Files.createDirectories(inbox.resolve("folder.yaml"));
            Files.writeString(inbox.resolve(".hidden.yaml"), Rig.example("crm"));
            rig.drop("regular.yaml", Rig.example("customer-success"));
            await().atMost(20, SECONDS).until(() -> rig.names("done").contains("regular.yaml"));
            rig.drop("later.yaml", numbered(1));   // one more look into the folder
            await().atMost(20, SECONDS).until(() -> rig.names("done").contains("later.yaml"));

            assertThat(rig.names("inbox")).containsExactly(".hidden.yaml", "folder.yaml", "link.yaml");
            assertThat(rig.resources("flows")).hasSize(2);
        }
    }

    @Test
    void should_take_a_file_whose_time_is_not_ours() throws Exception {
        try (Rig rig = Rig.start(data, Options.defaults(), Map.of("aep.inbox.settle", "200"))) {
            rig.drop("old.yaml", numbered(1));
            Files.setLastModifiedTime(rig.folder("inbox").resolve("old.yaml"), FileTime.from(Instant.now().minusSeconds(86_400)));
            rig.drop("early.yaml", numbered(2));
            Files.setLastModifiedTime(rig.folder("inbox").resolve("early.yaml"), FileTime.from(Instant.now().plusSeconds(86_400)));
            awaitEmptyInbox(rig);

            assertThat(rig.names("done")).contains("old.yaml", "early.yaml");
        }
    }

    @Test
    void should_look_again_at_a_file_whose_turn_came_long_after_it_was_listed() throws Exception {
        try (Rig rig = Rig.start(data, Options.defaults(), Map.of("aep.inbox.concurrency", "1", "aep.inbox.settle", "300"))) {
            rig.simulator().faults().on("POST", "/flows", 1, Fault.hang().afterCommit());
            rig.drop("1.yaml", numbered(1));
            rig.drop("2.yaml", numbered(2));
            await().atMost(20, SECONDS).until(() -> rig.simulator().faults().held() == 1);
            Path second = rig.folder("inbox").resolve("2.yaml");
            Files.writeString(second, numbered(2).substring(0, 300));   // somebody begins to write it anew
            rig.simulator().faults().release();
            Files.writeString(second, numbered(2));
            awaitEmptyInbox(rig);

            assertThat(rig.names("failed")).isEmpty();
            assertThat(rig.resources("flows")).hasSize(2);
        }
    }

    @Test
    void should_leave_all_files_alone_after_an_outage_was_met() throws Exception {
        try (Rig rig = Rig.start(data, Options.defaults(),
                Map.of("aep.inbox.pause", "1h", "aep.inbox.concurrency", "2", "aep.client-secret", "wrong"))) {
            for (int n = 0; n < 40; n++) {
                rig.drop(n + ".yaml", numbered(n));
            }
            await().atMost(20, SECONDS).until(() -> !rig.requests("POST", "/ims/token/v3").isEmpty());
            await().during(1, SECONDS).atMost(20, SECONDS).until(() -> rig.requests("POST", "/ims/token/v3").size() <= 4);

            assertThat(rig.names("inbox")).hasSize(40);
        }
    }

    @Test
    void should_not_read_a_file_before_its_writer_is_done() throws Exception {
        try (Rig rig = Rig.start(data, Options.defaults(), Map.of("aep.inbox.settle", "1s"))) {
            byte[] content = numbered(1).getBytes(StandardCharsets.UTF_8);
            Path file = Files.createDirectories(rig.folder("inbox")).resolve("slow.yaml");
            try (OutputStream out = Files.newOutputStream(file)) {
                for (int part = 0; part < 10; part++) {
                    out.write(content, part * content.length / 10, (part + 1) * content.length / 10 - part * content.length / 10);
                    out.flush();
                    pause(300);   // the writer's own pace, below the settling time
                }
            }
            awaitEmptyInbox(rig);

            assertThat(rig.names("done")).contains("slow.yaml");
            assertThat(rig.names("failed")).isEmpty();
        }
    }

    @Test
    void should_give_a_second_file_of_the_same_name_a_name_of_its_own() throws Exception {
        try (Rig rig = Rig.start(data)) {
            for (int n = 0; n < 3; n++) {
                rig.drop("same.yaml", numbered(n));
                awaitEmptyInbox(rig);
            }

            assertThat(rig.names("done")).containsExactly("same.2.yaml", "same.2.yaml.receipt.json",
                    "same.3.yaml", "same.3.yaml.receipt.json", "same.yaml", "same.yaml.receipt.json");
        }
    }

    @Test
    void should_keep_the_name_of_a_file_whose_receipt_could_not_be_written_at_first() throws Exception {
        try (Rig rig = Rig.start(data)) {
            Path inTheWay = Files.createDirectories(rig.folder("done").resolve(".cs.yaml.receipt.json.part"));
            rig.drop("cs.yaml", numbered(1));
            await().atMost(20, SECONDS).until(() -> rig.resources("flows").size() == 1);
            await().during(500, MILLISECONDS).atMost(20, SECONDS).until(() -> rig.names("inbox").equals(List.of("cs.yaml")));
            Files.delete(inTheWay);
            awaitEmptyInbox(rig);

            assertThat(rig.names("done")).containsExactly("cs.yaml", "cs.yaml.receipt.json");
        }
    }

    @Test
    void should_leave_a_file_alone_that_replaced_the_one_in_work() throws Exception {
        try (Rig rig = Rig.start(data)) {
            rig.simulator().faults().on("POST", "/flows", 1, Fault.hang().afterCommit());
            rig.drop("cs.yaml", numbered(1));
            await().atMost(20, SECONDS).until(() -> rig.simulator().faults().held() == 1);
            rig.drop("cs.yaml", numbered(2));
            rig.simulator().faults().release();
            awaitEmptyInbox(rig);

            assertThat(Files.readString(rig.folder("done").resolve("cs.yaml"))).isEqualTo(numbered(1));
            assertThat(Files.readString(rig.folder("done").resolve("cs.2.yaml"))).isEqualTo(numbered(2));
            assertThat(rig.resources("flows")).hasSize(2);
        }
    }

    @Test
    void should_work_on_as_many_files_at_a_time_as_the_property_says() throws Exception {
        try (Rig rig = Rig.start(data, Options.defaults(), Map.of("aep.inbox.concurrency", "3"))) {
            rig.simulator().faults().always("POST", "/sourceConnections", Fault.hang().afterCommit());
            for (int n = 0; n < 10; n++) {
                rig.drop(n + ".yaml", numbered(n));
            }
            await().atMost(20, SECONDS).until(() -> rig.simulator().faults().held() == 3);
            await().during(1, SECONDS).atMost(20, SECONDS).until(() -> rig.simulator().faults().held() == 3);
            rig.simulator().faults().clear();
            awaitEmptyInbox(rig);

            assertThat(rig.resources("flows")).hasSize(10);
        }
    }

    @Test
    void should_take_hostile_file_names_as_text_only() throws Exception {
        try (Rig rig = Rig.start(data)) {
            List<String> names = List.of("${exec:touch x}.yaml", "{{env:HOME}}.yaml", "x..%2f..%2fx.yaml", "a\nb.yaml", "~.yaml",
                    "a b&c=d.yaml", "ünïcödé.yaml", "x".repeat(240) + ".yaml", "#{x}.yaml", "-rf.yaml");
            for (int n = 0; n < names.size(); n++) {
                Files.writeString(Files.createDirectories(rig.folder("inbox")).resolve(names.get(n)), numbered(n));
            }
            awaitEmptyInbox(rig);

            assertThat(rig.resources("flows")).hasSize(names.size());
            assertThat(rig.names("done")).hasSize(2 * names.size()).contains("${exec:touch x}.yaml", "a\nb.yaml");
            try (var all = Files.list(data)) {
                assertThat(all.map(path -> path.getFileName().toString()))
                        .containsExactlyInAnyOrder("inbox", "plan", "work", "done", "failed", "ledger");
            }
        }
    }

    @Test
    void should_tell_once_why_a_file_stays_until_the_cause_is_another() throws Exception {
        String stays = "cs.yaml: stays in the inbox and is tried again";
        Map<String, String> settings = Map.of("aep.redelivery.max", "0", "aep.inbox.pause", "20", "aep.breaker.pause", "10s");
        try (Rig rig = Rig.start(data, Options.defaults(), settings); LogLines log = LogLines.of("aep.inbox");
                LogLines calls = LogLines.of("aep.provision")) {
            Activity activity = rig.main().getCamelContext().getRegistry().lookupByNameAndType("aepActivity", Activity.class);
            rig.simulator().faults().always("POST", "/ims/token/v3", Fault.status(400));
            rig.drop("cs.yaml", numbered(1));
            await().atMost(20, SECONDS).until(() -> postponed(activity) >= 4);
            assertThat(log.count(stays)).isEqualTo(1);

            rig.simulator().faults().clear();
            rig.simulator().faults().when(request -> request.path().startsWith("/data/"), Fault.status(503));
            await().atMost(30, SECONDS).until(() -> log.count(stays) > 1);      // there is a token again
            long before = postponed(activity);
            await().atMost(30, SECONDS).until(() -> postponed(activity) >= before + 20);      // more than it takes to open the breaker
            assertThat(log.lines()).filteredOn(line -> line.contains(stays)).as("403, 503, and that it is left alone").hasSizeBetween(2, 3);
            assertThat(calls.lines()).as("the breaker has said so").noneMatch(line -> line.contains("left alone for a while"));
        }
    }

    private static long postponed(Activity activity) {
        return activity.totals().stream().filter(total -> total.key().outcome().equals("postponed")).mapToLong(Activity.Total::count).sum();
    }

    @Test
    void should_name_a_file_once_whose_name_is_not_utf_8_and_let_the_others_get_on() throws Exception {
        try (Rig rig = Rig.start(data); LogLines log = LogLines.of("aep.inbox"); LogLines planLog = LogLines.of("aep.plan")) {
            for (String folder : List.of("inbox", "plan")) {
                Process shell = new ProcessBuilder("bash", "-c", "cp config/examples/crm.yaml \"$0/$(printf 'caf\\351.yaml')\"",
                        rig.folder(folder).toString()).inheritIO().start();
                assertThat(shell.waitFor()).isZero();
            }
            rig.drop("cs.yaml", numbered(1));
            await().atMost(20, SECONDS).until(() -> rig.names("done").contains("cs.yaml") && log.contain("caf%E9.yaml")
                    && planLog.contain("caf%E9.yaml"));
            rig.drop("later.yaml", numbered(2));   // more looks into the folder
            await().atMost(20, SECONDS).until(() -> rig.names("done").contains("later.yaml"));

            assertThat(log.count("has a name that is not valid UTF-8")).isEqualTo(1);
            assertThat(planLog.count("has a name that is not valid UTF-8")).isEqualTo(1);
            assertThat(rig.names("failed")).isEmpty();
        }
    }

    @Test
    void should_cut_what_a_definition_has_made_very_long() throws Exception {
        String longOne = "x".repeat(400_000);
        try (Rig rig = Rig.start(data); LogLines log = LogLines.of("aep")) {
            String named = Rig.example("crm").replaceFirst("(?m)^name: .*", "name: " + longOne);
            rig.drop("name.yaml", named);
            rig.drop("both.yaml", named + "---\n" + Rig.example("crm"));
            Files.writeString(rig.folder("plan").resolve("name.yaml"), named);
            awaitEmptyInbox(rig);
            await().atMost(20, SECONDS).until(() -> rig.names("plan").contains("name.yaml.error.json"));

            for (String document : List.of("failed/name.yaml.error.json", "failed/both.yaml.error.json", "plan/name.yaml.error.json")) {
                assertThat(Files.readString(data.resolve(document))).as(document).hasSizeBetween(4000, 30_000)
                        .contains("… (400");
            }
            assertThat(log.lines()).isNotEmpty().allMatch(line -> line.length() < 10_000);
        }
    }

    @Test
    void should_try_again_to_move_a_file_away_and_make_nothing_twice() throws Exception {
        try (Rig rig = Rig.start(data)) {
            rig.simulator().faults().on("POST", "/flows", 1, Fault.hang().afterCommit());
            rig.drop("cs.yaml", numbered(1));
            await().atMost(20, SECONDS).until(() -> rig.simulator().faults().held() == 1);
            Files.delete(rig.folder("done"));
            Files.writeString(rig.folder("done"), "a file where the folder was");
            rig.simulator().faults().release();
            await().atMost(20, SECONDS).until(() -> rig.resources("flows").size() == 1);
            await().during(500, MILLISECONDS).atMost(20, SECONDS).until(() -> rig.names("inbox").equals(List.of("cs.yaml")));
            long posts = posts(rig);
            Files.delete(rig.folder("done"));
            rig.drop("other.yaml", numbered(2));
            awaitEmptyInbox(rig);

            assertThat(rig.names("done")).contains("cs.yaml", "cs.yaml.receipt.json", "other.yaml");
            assertThat(rig.names("failed")).isEmpty();
            assertThat(posts(rig)).as("creates of the other alone").isEqualTo(posts + 6);
            assertThat(rig.resources("flows")).hasSize(2);
        }
    }

    @Test
    void should_send_nothing_while_there_is_no_folder_to_put_the_receipt_into() throws Exception {
        try (Rig rig = Rig.start(data)) {
            Files.writeString(rig.folder("done"), "a file where the folder should be");
            rig.drop("cs.yaml", numbered(1));
            await().during(1, SECONDS).atMost(20, SECONDS).until(() -> rig.simulator().requests().all().isEmpty());
            Files.delete(rig.folder("done"));
            awaitEmptyInbox(rig);

            assertThat(rig.resources("flows")).hasSize(1);
        }
    }

    @Test
    void should_begin_nothing_once_a_stop_has_begun() throws Exception {
        try (Rig rig = Rig.start(data, Options.defaults(), Map.of("aep.inbox.concurrency", "1"))) {
            rig.simulator().faults().on("POST", "/flows", 1, Fault.hang().afterCommit());
            rig.drop("1.yaml", numbered(1));
            rig.drop("2.yaml", numbered(2));
            await().atMost(20, SECONDS).until(() -> rig.simulator().faults().held() == 1);
            Thread stop = new Thread(rig.main()::stop);
            stop.start();
            await().atMost(20, SECONDS).until(() -> rig.main().getCamelContext().isStopping());
            rig.simulator().faults().release();
            stop.join();

            assertThat(rig.names("done")).containsExactly("1.yaml", "1.yaml.receipt.json");
            assertThat(rig.names("inbox")).containsExactly("2.yaml");
            assertThat(rig.resources("flows")).hasSize(1);
        }
    }

    @Test
    void should_forget_a_file_that_was_withdrawn_while_it_waited() throws Exception {
        try (Rig rig = Rig.start(data, Options.defaults(), Map.of("aep.inbox.concurrency", "1"))) {
            rig.simulator().faults().on("POST", "/flows", 1, Fault.hang().afterCommit());
            rig.drop("1.yaml", numbered(1));
            rig.drop("2.yaml", numbered(2));
            await().atMost(20, SECONDS).until(() -> rig.simulator().faults().held() == 1);
            Files.delete(rig.folder("inbox").resolve("2.yaml"));
            rig.simulator().faults().release();
            awaitEmptyInbox(rig);

            assertThat(rig.names("done")).containsExactly("1.yaml", "1.yaml.receipt.json");
            assertThat(rig.names("failed")).isEmpty();
        }
    }

    @Test
    void should_leave_the_inbox_alone_when_it_is_switched_off() throws Exception {
        try (Rig rig = Rig.start(data, Options.defaults(), Map.of("aep.inbox.enabled", "false"))) {
            rig.drop("cs.yaml", numbered(1));

            assertThat(rig.main().getCamelContext().getRouteController().getRouteStatus("aep-inbox").isStarted()).isFalse();
            assertThat(rig.provision(numbered(2)).getException()).isNull();
            assertThat(rig.names("inbox")).containsExactly("cs.yaml");
        }
    }

    private static long posts(Rig rig) {
        return rig.simulator().requests().where(Rig::isCreate).size();
    }

    private static void awaitEmptyInbox(Rig rig) {
        await().atMost(60, SECONDS).untilAsserted(() -> assertThat(rig.names("inbox")).isEmpty());
    }

    private static void pause(long millis) throws InterruptedException {
        Thread.sleep(millis);
    }

    private static String numbered(int n) throws IOException {
        return Rig.example("customer-success", n);
    }
}
