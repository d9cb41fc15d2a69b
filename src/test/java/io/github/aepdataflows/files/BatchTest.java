package io.github.aepdataflows.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.aepdataflows.Rig;
import io.github.aepdataflows.definition.DefinitionException;
import io.github.aepdataflows.definition.DefinitionFile;
import io.github.aepdataflows.definition.DefinitionPart;
import io.github.aepdataflows.ledger.LedgerException;
import io.github.aepdataflows.platform.AepHeaders;
import io.github.aepdataflows.simulator.Fault;
import io.github.aepdataflows.simulator.Options;
import io.github.aepdataflows.simulator.Simulator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.camel.Exchange;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.Logger;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of several definitions. */
class BatchTest {

    /** What has no clear answer shows at once, and nothing is tried twice. */
    private static final Map<String, String> IMPATIENT = Map.of("aep.redelivery.max", "0", "aep.inbox.concurrency", "1");

    private static final Map<String, String> ONE_BY_ONE = Map.of("aep.inbox.concurrency", "1");

    @TempDir
    Path data;

    @Test
    void should_make_a_dataflow_of_each_definition_of_a_file() throws Exception {
        try (Rig rig = Rig.start(data)) {
            rig.drop("all.yaml", stream(1, 2, 3));
            awaitEmptyInbox(rig);

            assertThat(rig.names("done")).containsExactly("all.yaml", "all.yaml.receipt.json");
            assertThat(Files.readString(rig.folder("done").resolve("all.yaml"))).isEqualTo(stream(1, 2, 3));
            JsonNode receipt = rig.json("done", "all.yaml.receipt.json");
            assertThat(fields(receipt)).containsExactly("file", "sandbox", "definitions", "outcomes", "dataflows");
            assertThat(receipt.path("definitions").asInt()).isEqualTo(3);
            assertThat(receipt.path("outcomes")).isEqualTo(Rig.json("{\"created\":3}"));
            assertThat(receipt.path("dataflows").findValuesAsText("dataflow")).containsExactly(name(1), name(2), name(3));
            assertThat(rig.resources("flows")).extracting(flow -> flow.path("name").asText())
                    .containsExactlyInAnyOrder(name(1), name(2), name(3));
            assertThat(receipt.path("dataflows")).allSatisfy(each -> assertThat(rig.resources("flows"))
                    .filteredOn(flow -> flow.path("id").equals(each.at("/resources/flow"))).extracting(flow -> flow.path("name").asText())
                    .containsExactly(each.path("dataflow").asText()));
        }
    }

    @Test
    void should_work_on_several_at_the_same_time_and_tell_of_them_in_the_order_of_the_file() throws Exception {
        try (Rig rig = Rig.start(data)) {
            rig.simulator().faults().on("POST", "/flows", 1, Fault.hang().afterCommit());
            rig.simulator().faults().on("POST", "/flows", 2, Fault.hang().afterCommit());
            rig.drop("all.yaml", stream(1, 2, 3));
            await().atMost(20, SECONDS).until(() -> rig.simulator().faults().held() == 2);
            rig.simulator().faults().release();
            awaitEmptyInbox(rig);

            assertThat(rig.json("done", "all.yaml.receipt.json").path("dataflows").findValuesAsText("dataflow"))
                    .containsExactly(name(1), name(2), name(3));
            assertThat(rig.resources("flows")).hasSize(3);
        }
    }

    @Test
    void should_try_once_more_what_names_something_that_one_before_it_makes() throws Exception {
        try (Rig rig = Rig.start(data)) {
            String title = ((ObjectNode) Rig.yaml(definition(1))).at("/target/schema/title").asText();
            ObjectNode second = (ObjectNode) Rig.yaml(definition(2));
            ((ObjectNode) second.path("target")).putObject("schema").put("title", title);
            Exchange all = provisionAll(rig, definition(1) + "---\n" + second);

            assertThat(Rig.json(all.getMessage().getBody(String.class)).path("outcomes")).isEqualTo(Rig.json("{\"created\":2}"));
            assertThat(rig.resources("schemas")).hasSize(1);
        }
    }

    @Test
    void should_write_of_a_list_with_one_entry_what_it_writes_of_a_file_with_one_definition() throws Exception {
        try (Rig rig = Rig.start(data)) {
            rig.drop("one.yaml", "apiVersion: aep-dataflows/v1\ndataflows:\n" + definition(1).replace("apiVersion: aep-dataflows/v1\n", "")
                    .replaceAll("(?m)^#.*\n", "").indent(2).replaceFirst("^  name", "- name"));
            awaitEmptyInbox(rig);

            assertThat(rig.json("done", "one.yaml.receipt.json").path("dataflow").asText()).isEqualTo(name(1));
        }
    }

    @Test
    void should_not_let_one_broken_definition_stop_the_others_and_leave_what_is_done_when_it_is_mended() throws Exception {
        try (Rig rig = Rig.start(data)) {
            String good = stream(1, 2, 3);
            rig.drop("all.yaml", good.replaceFirst("interval: 15", "interval: 5"));
            awaitEmptyInbox(rig);

            assertThat(rig.names("failed")).containsExactly("all.yaml", "all.yaml.error.json");
            JsonNode error = rig.json("failed", "all.yaml.error.json");
            assertThat(fields(error)).containsExactly("file", "sandbox", "definitions", "category", "message", "advice", "outcomes",
                    "dataflows");
            assertThat(error.path("category").asText()).isEqualTo("definition");
            assertThat(error.path("message").asText()).isEqualTo("1 of 3 dataflows failed");
            assertThat(error.path("outcomes")).isEqualTo(Rig.json("{\"created\":2,\"failed\":1}"));
            assertThat(error.at("/dataflows/0/faults/0/path").asText()).isEqualTo("schedule.interval");
            assertThat(error.at("/dataflows/0/file").asText()).isEqualTo("all.yaml");
            assertThat(error.at("/dataflows/0/resources")).isEmpty();
            assertThat(error.at("/dataflows/1/outcome").asText()).isEqualTo("created");
            assertThat(error.at("/dataflows/1").has("faults")).isFalse();
            assertThat(rig.resources("flows")).hasSize(2);

            rig.drop("all.yaml", good);
            awaitEmptyInbox(rig);

            assertThat(rig.json("done", "all.yaml.receipt.json").path("outcomes")).isEqualTo(Rig.json("{\"created\":1,\"unchanged\":2}"));
            assertThat(rig.json("done", "all.yaml.receipt.json").at("/dataflows/0/outcome").asText()).isEqualTo("created");
            assertThat(rig.resources("flows")).hasSize(3);
        }
    }

    @Test
    void should_tell_of_a_file_that_cannot_be_read_as_one_failure() throws Exception {
        try (Rig rig = Rig.start(data)) {
            rig.drop("all.yaml", stream(1, 2) + "---\nbad: [\n");
            awaitEmptyInbox(rig);

            JsonNode error = rig.json("failed", "all.yaml.error.json");
            assertThat(error.at("/faults/0/message").asText()).startsWith("not valid YAML");
            assertThat(error.has("dataflows")).isFalse();
            assertThat(rig.simulator().requests().all()).isEmpty();
        }
    }

    @Test
    void should_keep_the_file_during_an_outage_and_go_on_where_it_was() throws Exception {
        try (Rig rig = Rig.start(data, Options.defaults(), IMPATIENT)) {
            outageAfterTheFirst(rig);
            rig.drop("all.yaml", stream(1, 2, 3));
            await().atMost(20, SECONDS).until(() -> rig.simulator().requests().all().stream()
                    .filter(request -> request.status() == 503).count() > 1);   // each try of the file ends with its first refusal
            assertThat(rig.names("inbox")).containsExactly("all.yaml");
            assertThat(rig.names("failed")).isEmpty();
            assertThat(rig.resources("flows")).hasSize(1);

            rig.simulator().faults().clear();
            awaitEmptyInbox(rig);

            assertThat(rig.json("done", "all.yaml.receipt.json").path("outcomes")).isEqualTo(Rig.json("{\"created\":2,\"unchanged\":1}"));
            for (String collection : List.of("flows", "sourceConnections", "targetConnections", "mappingSets")) {
                assertThat(rig.resources(collection)).as(collection).hasSize(3);
            }
        }
    }

    @Test
    void should_not_try_the_rest_when_nothing_can_go_on() throws Exception {
        try (Rig rig = Rig.start(data, Options.defaults(), IMPATIENT)) {
            outageAfterTheFirst(rig);
            Exchange all = provisionAll(rig, stream(1, 2, 3, 4));

            JsonNode report = Rig.json(all.getMessage().getBody(String.class));
            assertThat(fields(report)).containsExactly("sandbox", "definitions", "outcomes", "dataflows");
            assertThat(report.path("outcomes")).isEqualTo(Rig.json("{\"created\":1,\"failed\":1,\"not tried\":2}"));
            assertThat(report.at("/dataflows/1/category").asText()).isEqualTo("unavailable");
            assertThat(report.at("/dataflows/3/outcome").asText()).isEqualTo("not tried");
            assertThat(report.at("/dataflows/3/dataflow").asText()).isEqualTo(name(4));
            assertThat(report.at("/dataflows/3/line").asInt()).isGreaterThan(3 * 35);
            assertThat(all.getVariable("aepTryAgain")).isEqualTo("pause");
            assertThat(all.getVariable("aepReceipt")).isNull();
            assertThat(all.getMessage().getHeader(AepHeaders.FLOW_ID)).as("of one of them").isNull();

            rig.simulator().faults().clear();
            Exchange again = provisionAll(rig, stream(1, 2, 3, 4));
            assertThat(again.getVariable("aepError")).isNull();
            assertThat(Rig.json(again.getMessage().getBody(String.class)).path("outcomes"))
                    .isEqualTo(Rig.json("{\"created\":3,\"unchanged\":1}"));
            assertThat(rig.resources("flows")).hasSize(4);
        }
    }

    @Test
    void should_go_on_with_the_rest_when_only_one_has_to_wait() throws Exception {
        try (Rig rig = Rig.start(data)) {
            rig.ledger().take(name(1), "of another digest", Map.of(), "elsewhere.yaml");   // somebody works on it
            Exchange all = provisionAll(rig, stream(1, 2));

            assertThat(Rig.json(all.getMessage().getBody(String.class)).path("outcomes"))
                    .isEqualTo(Rig.json("{\"created\":1,\"failed\":1}"));
            assertThat(all.getVariable("aepTryAgain")).isEqualTo("postpone");
        }
    }

    @Test
    void should_leave_the_rest_to_the_next_start_when_it_is_stopped() throws Exception {
        try (Simulator platform = Simulator.start(Options.defaults())) {
            try (Rig rig = Rig.against(platform, data, ONE_BY_ONE)) {
                platform.faults().on("POST", "/flows", 1, Fault.hang().afterCommit());
                rig.drop("all.yaml", stream(1, 2, 3));
                await().atMost(20, SECONDS).until(() -> platform.faults().held() == 1);
                Thread stop = new Thread(rig.main()::stop);
                stop.start();
                await().atMost(20, SECONDS).until(() -> rig.main().getCamelContext().isStopping());
                platform.faults().release();
                stop.join();

                assertThat(rig.names("inbox")).containsExactly("all.yaml");
                assertThat(rig.resources("flows")).hasSize(1);
            }
            try (Rig rig = Rig.against(platform, data, ONE_BY_ONE)) {
                awaitEmptyInbox(rig);

                assertThat(rig.json("done", "all.yaml.receipt.json").path("outcomes").path("created").asInt()).isGreaterThanOrEqualTo(2);
                assertThat(rig.resources("flows")).hasSize(3);
            }
        }
    }

    @Test
    void should_try_no_more_once_another_has_taken_the_file_over() throws Exception {
        try (Rig rig = Rig.start(data, Options.defaults(), ONE_BY_ONE)) {
            rig.simulator().faults().on("POST", "/flows", 1, Fault.hang().afterCommit());
            rig.drop("all.yaml", stream(1, 2));
            await().atMost(20, SECONDS).until(() -> rig.simulator().faults().held() == 1);
            rig.ledger().claim("all.yaml").orElseThrow();
            rig.simulator().faults().release();
            awaitEmptyInbox(rig);

            JsonNode receipt = rig.json("done", "all.yaml.receipt.json");
            assertThat(receipt.at("/dataflows/0/steps").findValuesAsText("outcome")).as("was there when the file was taken again")
                    .containsOnly("unchanged");
            assertThat(receipt.at("/dataflows/1/steps").findValuesAsText("outcome")).as("was not").containsOnly("created");
            assertThat(rig.resources("flows")).hasSize(2);
        }
    }

    @Test
    void should_say_how_far_it_is() throws Exception {
        try (Rig rig = Rig.start(data, Options.defaults(), Map.of("aep.progress", "0", "aep.inbox.concurrency", "1"))) {
            String broken = stream(1, 2, 3, 4).replaceFirst("interval: 15", "interval: 5");
            List<String> log = logged(() -> {
                rig.drop("all.yaml", broken);
                awaitEmptyInbox(rig);
            });

            assertThat(log).filteredOn(line -> line.contains(" of 4 done")).containsExactly("INFO all.yaml: 0 of 4 done, 1 failed",
                    "INFO all.yaml: 1 of 4 done, 1 failed", "INFO all.yaml: 2 of 4 done, 1 failed");
            assertThat(log).anyMatch(line -> line.matches("WARN all.yaml: failed dataflow " + name(1)
                    + " after \\d+[.]\\d s: the definition has a fault; .*"));
        }
    }

    @Test
    void should_not_say_how_far_it_is_more_often_than_it_was_told_to() throws Exception {
        try (Rig rig = Rig.start(data, Options.defaults(), Map.of("aep.progress", "1h"))) {
            List<String> log = logged(() -> provisionAll(rig, stream(1, 2, 3)));

            assertThat(log).noneMatch(line -> line.contains(" of 3 done"));
        }
    }

    @Test
    void should_refuse_several_definitions_where_one_is_taken_and_take_a_part_there() throws Exception {
        try (Rig rig = Rig.start(data)) {
            Exchange provisioned = rig.provision(stream(1, 2, 3));

            assertThat(provisioned.getException()).isInstanceOf(DefinitionException.class);
            assertThat(((DefinitionException) provisioned.getException()).faults()).extracting("message", String.class)
                    .containsExactly("the file holds 3 definitions; send it to direct:aep-provision-all, or each of them by itself");
            assertThat(request(rig, "direct:aep-plan", stream(1, 2)).getException()).hasMessageContaining("holds 2 definitions");
            assertThat(body(request(rig, "direct:aep-check", stream(1, 2))).at("/faults/0/message").asText())
                    .contains("holds 2 definitions");

            DefinitionPart second = DefinitionFile.parts(stream(1, 2).getBytes(UTF_8)).get(1);
            assertThat(body(request(rig, "direct:aep-check", second)).path("ok").asBoolean()).isTrue();
            assertThat(body(request(rig, "direct:aep-provision", second)).path("dataflow").asText()).isEqualTo(name(2));
            assertThat(body(request(rig, "direct:aep-plan", second)).path("empty").asBoolean()).isTrue();
            assertThat(rig.resources("flows")).hasSize(1);
        }
    }

    @Test
    void should_rebuild_a_lost_ledger_from_each_definition_of_a_file() throws Exception {
        try (Simulator platform = Simulator.start(Options.defaults())) {
            try (Rig rig = Rig.against(platform, data, ONE_BY_ONE)) {
                rig.drop("all.yaml", stream(1, 2));
                awaitEmptyInbox(rig);
            }
            try (var files = Files.list(data.resolve("ledger"))) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            }
            try (Rig rig = Rig.against(platform, data, Map.of("aep.ledger.anew", "true"))) {
                JsonNode rebuilt = body(request(rig, "direct:aep-rebuild", ""));

                assertThat(rebuilt.findValuesAsText("dataflow")).containsExactly(name(1), name(2));
                assertThat(rebuilt.findValuesAsText("outcome")).containsExactly("adopted", "adopted");
                assertThat(rebuilt.findValuesAsText("file")).containsExactly("all.yaml", "all.yaml");
                assertThat(rig.resources("flows")).hasSize(2);
            }
        }
    }

    @Test
    void should_lay_the_overlay_of_the_sandbox_over_whatever_is_read(@TempDir Path overlays) throws Exception {
        try (Rig rig = Rig.start(data, Options.defaults(), Map.of("aep.overlays-dir", overlays.toString()))) {
            Files.writeString(overlays.resolve(Rig.SANDBOX + ".yaml"),
                    "all:\n  schedule: { interval: 45 }\ndataflows:\n  " + name(2) + ":\n    schedule: { frequency: day, interval: 1 }\n");
            rig.drop("all.yaml", stream(1, 2));
            awaitEmptyInbox(rig);

            assertThat(rig.json("done", "all.yaml.receipt.json").path("outcomes")).isEqualTo(Rig.json("{\"created\":2}"));
            assertThat(rig.resources("flows")).extracting(flow -> flow.at("/scheduleParams/interval").asText()
                    + flow.at("/scheduleParams/frequency").asText()).containsExactlyInAnyOrder("45minute", "1day");
            assertThat(body(request(rig, "direct:aep-plan", definition(1))).path("empty").asBoolean()).isTrue();
            assertThat(body(request(rig, "direct:aep-provision", definition(1))).path("outcome").asText()).isEqualTo("unchanged");

            Files.writeString(overlays.resolve(Rig.SANDBOX + ".yaml"), "all:\n  schedule: { interval: 5 }\n");
            String fault = overlays.resolve(Rig.SANDBOX + ".yaml") + " line 2: 5 is below";
            assertThat(body(request(rig, "direct:aep-check", definition(1))).at("/faults/0/message").asText()).startsWith(fault);
            assertThat(((DefinitionException) rig.provision(definition(1)).getException()).faults()).extracting("message", String.class)
                    .allMatch(message -> message.startsWith(fault));
        }
    }

    /** Nothing is answered any more once the first dataflow is done. */
    private static void outageAfterTheFirst(Rig rig) {
        rig.simulator().faults().when(request -> request.path().startsWith("/data/") && isDone(rig, 1), Fault.status(503));
    }

    private static boolean isDone(Rig rig, int n) {
        try {
            return rig.ledger().dataflow(name(n)).filter(dataflow -> dataflow.done()).isPresent();
        } catch (LedgerException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Exchange provisionAll(Rig rig, String content) {
        return request(rig, "direct:aep-provision-all", content);
    }

    private static Exchange request(Rig rig, String endpoint, Object body) {
        return rig.main().getCamelContext().createFluentProducerTemplate().to(endpoint).withBody(body).request(Exchange.class);
    }

    private static JsonNode body(Exchange exchange) throws IOException {
        assertThat(exchange.getException()).isNull();
        return Rig.json(exchange.getMessage().getBody(String.class));
    }

    private interface Work {

        void run() throws Exception;
    }

    private static List<String> logged(Work work) throws Exception {
        List<String> lines = new CopyOnWriteArrayList<>();
        AbstractAppender appender = new AbstractAppender("lines", null, null, true, Property.EMPTY_ARRAY) {
            @Override
            public void append(LogEvent event) {
                lines.add(event.getLevel() + " " + event.getMessage().getFormattedMessage());
            }
        };
        appender.start();
        Logger log = (Logger) LogManager.getLogger("aep");
        log.addAppender(appender);
        try {
            work.run();
        } finally {
            log.removeAppender(appender);
        }
        return lines;
    }

    private static List<String> fields(JsonNode object) {
        return object.properties().stream().map(Map.Entry::getKey).toList();
    }

    private static void awaitEmptyInbox(Rig rig) {
        await().atMost(60, SECONDS).untilAsserted(() -> assertThat(rig.names("inbox")).isEmpty());
    }

    private static String name(int n) {
        return n + " Creating a dataflow for a Customer Success connector";
    }

    private static String definition(int n) throws IOException {
        return Rig.example("customer-success", n);
    }

    private static String stream(int... numbers) throws IOException {
        return IntStream.of(numbers).mapToObj(n -> {
            try {
                return definition(n);
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        }).collect(Collectors.joining("---\n"));
    }
}
