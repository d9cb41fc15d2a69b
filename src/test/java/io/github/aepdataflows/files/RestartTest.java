package io.github.aepdataflows.files;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.aepdataflows.Rig;
import io.github.aepdataflows.ledger.FileClaim;
import io.github.aepdataflows.ledger.Ledger;
import io.github.aepdataflows.simulator.Fault;
import io.github.aepdataflows.simulator.Options;
import io.github.aepdataflows.simulator.Request;
import io.github.aepdataflows.simulator.Simulator;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The application ends somewhere and is started again on the same folders, against the same Platform. What a kill leaves
 * behind is laid out as it would lie there: files by hand, the ledger's rows through the ledger of a process that dies.
 */
class RestartTest {

    @TempDir
    Path data;

    private Simulator platform;

    @BeforeEach
    void startPlatform() throws Exception {
        platform = Simulator.start(Options.defaults());
    }

    @AfterEach
    void stopPlatform() throws Exception {
        platform.close();
    }

    @Test
    void should_only_move_a_file_whose_dataflow_was_finished_before_the_kill() throws Exception {
        provisionAndDieBeforeTheMove();
        Files.delete(data.resolve("done/crm.yaml.receipt.json"));
        int creates = creates();
        try (Rig rig = start(Map.of())) {
            awaitEmptyInbox(rig);

            assertThat(rig.names("done")).containsExactly("crm.yaml", "crm.yaml.receipt.json");
            assertThat(rig.json("done", "crm.yaml.receipt.json").path("outcome").asText()).as("by this file").isEqualTo("created");
            assertThat(rig.json("done", "crm.yaml.receipt.json").path("steps")).hasSize(9);
            assertThat(creates()).isEqualTo(creates);
        }
    }

    @Test
    void should_look_again_when_the_kill_came_while_an_earlier_definition_was_put_back() throws Exception {
        String edited = Rig.example("crm").replace("description: Source Connection for a CRM system", "description: edited")
                .replace("interval: 30", "interval: 45");
        try (Rig rig = start(Map.of())) {
            rig.drop("crm.yaml", Rig.example("crm"));
            awaitEmptyInbox(rig);
            platform.faults().on("PATCH", "/flows/[^/]+", 1, Fault.status(400));
            rig.drop("edited.yaml", edited);
            awaitEmptyInbox(rig);
            assertThat(rig.names("failed")).contains("edited.yaml");
            assertThat(rig.resources("sourceConnections").get(0).path("description").asText()).isEqualTo("edited");
        }
        try (Ledger dying = ledger()) {
            dying.open();
            dying.parsed(dying.claim("back.yaml").orElseThrow());
        }
        Files.writeString(data.resolve("inbox/back.yaml"), Rig.example("crm"));
        try (Rig rig = start(Map.of())) {
            awaitEmptyInbox(rig);

            assertThat(rig.json("done", "back.yaml.receipt.json").path("outcome").asText()).isEqualTo("updated");
            assertThat(rig.resources("sourceConnections").get(0).path("description").asText())
                    .isEqualTo("Source Connection for a CRM system");
        }
    }

    @Test
    void should_write_no_second_receipt_when_the_kill_came_after_the_first() throws Exception {
        provisionAndDieBeforeTheMove();
        int creates = creates();
        try (Rig rig = start(Map.of())) {
            awaitEmptyInbox(rig);

            assertThat(rig.names("done")).containsExactly("crm.yaml", "crm.yaml.receipt.json");
            assertThat(Files.readString(data.resolve("done/crm.yaml"))).isEqualTo(Rig.example("crm"));
            assertThat(creates()).isEqualTo(creates);
        }
    }

    @Test
    void should_forget_a_file_that_was_moved_before_the_kill() throws Exception {
        provisionAndDieBeforeTheMove();
        Files.move(data.resolve("inbox/crm.yaml"), data.resolve("done/crm.yaml"));
        int creates = creates();
        try (Rig rig = start(Map.of())) {
            rig.drop("crm.yaml", Rig.example("customer-success"));   // another of that name
            awaitEmptyInbox(rig);

            assertThat(rig.names("done")).containsExactly("crm.2.yaml", "crm.2.yaml.receipt.json", "crm.yaml", "crm.yaml.receipt.json");
            assertThat(rig.json("done", "crm.2.yaml.receipt.json").path("outcome").asText()).isEqualTo("created");
            assertThat(creates()).isEqualTo(creates + 6);
        }
    }

    @Test
    void should_close_the_claim_of_a_file_that_was_moved_before_the_kill() throws Exception {
        provisionAndDieBeforeTheMove();
        Files.move(data.resolve("inbox/crm.yaml"), data.resolve("done/crm.yaml"));
        try (Rig rig = start(Map.of())) {
            assertThat(rig.ledger().orphanedFiles()).containsExactly("crm.yaml");
            rig.drop("other.yaml", Rig.example("customer-success"));
            awaitEmptyInbox(rig);

            assertThat(rig.ledger().orphanedFiles()).isEmpty();
            rig.drop("crm.yaml", Rig.example("crm"));
            awaitEmptyInbox(rig);
            assertThat(rig.json("done", "crm.2.yaml.receipt.json").path("outcome").asText()).isEqualTo("unchanged");
        }
    }

    @Test
    void should_take_the_file_that_was_in_work_before_any_other() throws Exception {
        try (Ledger dying = ledger()) {
            dying.open();
            dying.parsed(dying.claim("z.yaml").orElseThrow());
        }
        for (String name : List.of("a", "b", "z")) {
            Files.writeString(Files.createDirectories(data.resolve("inbox")).resolve(name + ".yaml"),
                    Rig.example("customer-success", name));
        }
        try (Rig rig = start(Map.of())) {
            awaitEmptyInbox(rig);

            assertThat(rig.resources("flows").get(0).path("name").asText()).startsWith("z ");
            assertThat(rig.resources("flows")).hasSize(3);
        }
    }

    @Test
    void should_look_for_what_an_earlier_run_had_sent_before_it_is_sent_again() throws Exception {
        try (Rig rig = start(Map.of("aep.redelivery.max", "0"))) {
            platform.faults().on("POST", "/targetConnections", 1, Fault.reset().afterCommit());
            platform.faults().always("GET", "/targetConnections", Fault.status(503));
            rig.drop("crm.yaml", Rig.example("crm"));
            await().atMost(20, SECONDS).until(() -> !rig.requests("GET", "/targetConnections").isEmpty());
        }
        assertThat(names("inbox")).containsExactly("crm.yaml");
        platform.faults().clear();
        try (Rig rig = start(Map.of())) {
            awaitEmptyInbox(rig);

            assertThat(rig.resources("targetConnections")).hasSize(1);
            assertThat(rig.requests("POST", "/targetConnections")).hasSize(1);
            JsonNode receipt = rig.json("done", "crm.yaml.receipt.json");
            assertThat(receipt.at("/steps/6/step").asText()).isEqualTo("target-connection");
            assertThat(receipt.at("/steps/6/outcome").asText()).isEqualTo("adopted");
            assertThat(creates()).isEqualTo(9);
        }
    }

    @Test
    void should_know_for_its_own_a_flow_that_an_earlier_run_had_sent_and_pause_it() throws Exception {
        try (Rig rig = start(Map.of("aep.redelivery.max", "0"))) {
            platform.faults().on("POST", "/dataSets", 1, Fault.status(400));
            rig.drop("crm.yaml", Rig.example("crm"));
            awaitEmptyInbox(rig);
            platform.faults().on("POST", "/flows", 1, Fault.reset().afterCommit());
            rig.drop("paused.yaml", Rig.example("crm") + "state: paused\n");
            await().atMost(20, SECONDS).until(() -> !rig.requests("POST", "/flows").isEmpty());
        }
        assertThat(names("inbox")).containsExactly("paused.yaml");
        try (Rig rig = start(Map.of())) {
            awaitEmptyInbox(rig);

            assertThat(rig.names("done")).contains("paused.yaml");
            assertThat(rig.resources("flows")).hasSize(1)
                    .allSatisfy(flow -> assertThat(flow.path("state").asText()).isEqualTo("disabled"));
        }
    }

    @Test
    void should_move_a_file_after_a_restart_that_could_not_be_moved_before() throws Exception {
        try (Rig rig = start(Map.of())) {
            platform.faults().on("POST", "/flows", 1, Fault.hang().afterCommit());
            rig.drop("crm.yaml", Rig.example("crm"));
            await().atMost(20, SECONDS).until(() -> platform.faults().held() == 1);
            Files.delete(data.resolve("done"));
            Files.writeString(data.resolve("done"), "a file where the folder was");
            platform.faults().release();
            await().during(500, MILLISECONDS).atMost(20, SECONDS).until(() -> names("inbox").equals(List.of("crm.yaml")));
        }
        Files.delete(data.resolve("done"));
        try (Rig rig = start(Map.of())) {
            awaitEmptyInbox(rig);

            assertThat(rig.names("done")).containsExactly("crm.yaml", "crm.yaml.receipt.json");
            assertThat(creates()).isEqualTo(9);
        }
    }

    @Test
    void should_not_fail_all_files_for_a_permission_that_we_lack() throws Exception {
        platform.faults().when(RestartTest::isCreate, Fault.answer(403, "application/problem+json",
                "{\"type\":\"http://ns.adobe.com/aep/errors/FLOW-2118-403\",\"title\":\"Not permitted\",\"status\":403}"));
        try (Rig rig = start(Map.of())) {
            for (int n = 0; n < 10; n++) {
                rig.drop(n + ".yaml", Rig.example("customer-success", n));
            }
            // others were tried more than once
            await().atMost(30, SECONDS).until(() -> yaml("failed").size() == 3 && creates() > 12);

            assertThat(yaml("failed")).hasSize(3);
            assertThat(names("inbox")).hasSize(7);
            platform.faults().clear();
            awaitEmptyInbox(rig);

            assertThat(yaml("failed")).hasSize(3);
            assertThat(yaml("done")).hasSize(7);
            assertThat(rig.resources("flows")).hasSize(7);
        }
    }

    @Test
    void should_set_a_file_aside_on_which_the_program_has_died_three_times() throws Exception {
        for (int start = 1; start <= 3; start++) {
            try (Ledger dying = ledger()) {
                dying.open();
                FileClaim claim = dying.claim("poison.yaml").orElseThrow();
                assertThat(claim.starts()).isEqualTo(start);
            }
        }
        Files.writeString(Files.createDirectories(data.resolve("inbox")).resolve("poison.yaml"), Rig.example("customer-success", "poison"));
        Files.writeString(data.resolve("inbox/good.yaml"), Rig.example("customer-success", "good"));
        try (Rig rig = start(Map.of())) {
            awaitEmptyInbox(rig);

            assertThat(rig.names("failed")).containsExactly("poison.yaml", "poison.yaml.error.json");
            JsonNode error = rig.json("failed", "poison.yaml.error.json");
            assertThat(error.path("category").asText()).isEqualTo("internal");
            assertThat(error.path("message").asText()).contains("died 3 times");
            assertThat(rig.names("done")).contains("good.yaml");

            rig.drop("poison.yaml", Rig.example("customer-success", "mended"));
            await().atMost(20, SECONDS).until(() -> rig.names("done").contains("poison.yaml"));
        }
    }

    @Test
    void should_not_count_starts_that_died_of_something_else() throws Exception {
        for (int start = 1; start <= 5; start++) {
            try (Ledger dying = ledger()) {
                dying.open();
                FileClaim claim = dying.claim("crm.yaml").orElseThrow();
                dying.parsed(claim);
            }
        }
        Files.writeString(Files.createDirectories(data.resolve("inbox")).resolve("crm.yaml"), Rig.example("crm"));
        try (Rig rig = start(Map.of())) {
            awaitEmptyInbox(rig);

            assertThat(rig.names("done")).contains("crm.yaml");
        }
    }

    @Test
    void should_not_start_with_the_ledger_of_another_sandbox() throws Exception {
        try (Rig rig = start(Map.of())) {
            rig.drop("crm.yaml", Rig.example("crm"));
            awaitEmptyInbox(rig);
        }
        int before = platform.requests().all().size();

        assertThatThrownBy(() -> start(Map.of("aep.sandbox", "prod"))).hasStackTraceContaining("sandbox");
        assertThat(platform.requests().all()).hasSize(before);
    }

    /** All is done, and the receipt is written, but the file still lies in the inbox, and the ledger has it in work. */
    private void provisionAndDieBeforeTheMove() throws Exception {
        try (Rig rig = start(Map.of())) {
            rig.drop("crm.yaml", Rig.example("crm"));
            awaitEmptyInbox(rig);
        }
        Files.move(data.resolve("done/crm.yaml"), data.resolve("inbox/crm.yaml"));
        try (Ledger dying = ledger()) {
            dying.open();
            dying.parsed(dying.claim("crm.yaml").orElseThrow());
        }
    }

    private Rig start(Map<String, String> properties) throws Exception {
        return Rig.against(platform, data, properties);
    }

    /** That of a process which is going to die: nothing is let go. */
    private Ledger ledger() {
        return new Ledger("jdbc:sqlite:" + data.resolve("ledger").resolve("ledger.db").toAbsolutePath(), "", "",
                platform.options().orgId(), Rig.SANDBOX, Duration.ofMinutes(5));
    }

    private int creates() {
        return platform.requests().where(RestartTest::isCreate).size();
    }

    private static boolean isCreate(Request request) {
        return Rig.isCreate(request);
    }

    private List<String> yaml(String folder) throws Exception {
        return names(folder).stream().filter(name -> name.endsWith(".yaml")).toList();
    }

    private List<String> names(String folder) {
        return Rig.names(data, folder);
    }

    private static void awaitEmptyInbox(Rig rig) {
        await().atMost(60, SECONDS).untilAsserted(() -> assertThat(rig.names("inbox")).isEmpty());
    }
}
