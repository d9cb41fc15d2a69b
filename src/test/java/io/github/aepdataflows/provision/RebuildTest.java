package io.github.aepdataflows.provision;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.aepdataflows.Rig;
import io.github.aepdataflows.WriteGuard;
import io.github.aepdataflows.ledger.Ledger;
import io.github.aepdataflows.simulator.Fault;
import io.github.aepdataflows.simulator.Options;
import io.github.aepdataflows.simulator.Request;
import io.github.aepdataflows.simulator.Simulator;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A ledger that was lost is made again from done/ and the Platform. */
class RebuildTest {

    private static final List<String> EXAMPLES = List.of("crm", "customer-success", "marketing-automation");

    /** As the command rebuild starts the application: it may begin a ledger where one was lost. */
    private static final Map<String, String> ANEW = Map.of("aep.ledger.anew", "true");

    @TempDir
    Path data;

    @Test
    void should_make_a_lost_ledger_again_with_equal_ids_and_without_a_create() throws Exception {
        try (Simulator simulator = Simulator.start(Options.defaults())) {
            Map<String, String> flows;
            try (Rig rig = Rig.against(simulator, data, ANEW)) {
                dropAll(rig);
                flows = ledger(rig).resources("flow");
            }
            lose(data.resolve("ledger"));
            long creates = creates(simulator);

            try (Rig rig = Rig.against(simulator, data, ANEW)) {
                assertThat(ledger(rig).resources("flow")).isEmpty();
                JsonNode rebuilt = rebuild(rig);

                assertThat(rebuilt.findValuesAsText("outcome")).containsExactly("adopted", "adopted", "adopted");
                assertThat(ledger(rig).resources("flow")).isEqualTo(flows).hasSize(3);
                assertThat(ledger(rig).unresolved()).isEmpty();
                assertThat(rebuild(rig).findValuesAsText("outcome")).containsExactly("unchanged", "unchanged", "unchanged");
                assertThat(rig.provision(Rig.example("crm")).getMessage().getBody(String.class)).contains("\"unchanged\"");
            }
            assertThat(creates(simulator)).isEqualTo(creates);
        }
    }

    @Test
    void should_create_nothing_for_a_definition_whose_dataflow_is_gone_or_is_another() throws Exception {
        try (Simulator simulator = Simulator.start(Options.defaults())) {
            Files.createDirectories(data.resolve("done"));
            Files.writeString(data.resolve("done/never.yaml"), Rig.example("crm"));
            Files.writeString(data.resolve("done/elsewhere.yaml"), Rig.example("customer-success"));
            Files.writeString(data.resolve("done/elsewhere.yaml.receipt.json"), "{\"sandbox\": \"another\"}");
            try (Rig rig = Rig.against(simulator, data, ANEW)) {
                JsonNode rebuilt = rebuild(rig);

                assertThat(rebuilt).as("what was done in another sandbox is left out").hasSize(1);
                assertThat(rebuilt.at("/0/outcome").asText()).isEqualTo("conflict");
                assertThat(rebuilt.at("/0/file").asText()).isEqualTo("never.yaml");
                assertThat(ledger(rig).unresolved()).isEmpty();
            }
            assertThat(creates(simulator)).isZero();
        }
    }

    @Test
    void should_adopt_the_whole_dataflow_when_its_definition_is_dropped_again_after_the_ledger_was_lost() throws Exception {
        try (Simulator simulator = Simulator.start(Options.defaults())) {
            String receipt;
            try (Rig rig = Rig.against(simulator, data, ANEW)) {
                receipt = rig.provision(Rig.example("crm")).getMessage().getBody(String.class);
            }
            lose(data.resolve("ledger"));
            long creates = creates(simulator);
            try (Rig rig = Rig.against(simulator, data, ANEW)) {
                JsonNode again = Rig.json(rig.provision(Rig.example("crm")).getMessage().getBody(String.class));

                assertThat(again.path("outcome").asText()).isEqualTo("adopted");
                assertThat(again.path("resources")).isEqualTo(Rig.json(receipt).path("resources"));
            }
            assertThat(creates(simulator)).isEqualTo(creates);
        }
    }

    @Test
    void should_find_what_was_made_of_a_definition_that_was_in_work_when_the_ledger_was_lost() throws Exception {
        try (Simulator simulator = Simulator.start(Options.defaults())) {
            simulator.faults().when(request -> Rig.isCreate(request) && request.path().endsWith("/flows"), 1,
                    Fault.answer(422, "application/json", "{\"title\": \"refused\"}"));
            try (Rig rig = Rig.against(simulator, data, Map.of())) {
                assertThat(rig.provision(Rig.example("customer-success")).getException()).isNotNull();
            }
            lose(data.resolve("ledger"));
            try (Rig rig = Rig.against(simulator, data, ANEW)) {
                assertThat(rebuild(rig)).isEmpty();
            }
            try (Rig rig = Rig.against(simulator, data, Map.of())) {
                rig.apply(Rig.example("customer-success"));

                for (String collection : List.of("sourceConnections", "schemas", "dataSets", "targetConnections", "mappingSets", "flows")) {
                    assertThat(rig.resources(collection)).as(collection).hasSize(1);
                }
            }
        }
    }

    /** What an edit changed is what counts: the first definition of the dataflow is not even looked for. */
    @Test
    void should_take_back_the_newest_definition_of_a_dataflow_that_was_changed() throws Exception {
        String edited = Rig.example("crm").replace("interval: 30", "interval: 45")
                .replace("destination: person.name.firstName", "destination: person.name.fullName");
        try (Simulator simulator = Simulator.start(Options.defaults())) {
            try (Rig rig = Rig.against(simulator, data, ANEW)) {
                drop(rig, "z.yaml", Rig.example("crm"));
                drop(rig, "a.yaml", edited);
                drop(rig, "b.yaml", Rig.example("customer-success"));
                assertThat(rig.json("done", "a.yaml.receipt.json").path("outcome").asText()).isEqualTo("updated");
            }
            lose(data.resolve("ledger"));
            WriteGuard guard = WriteGuard.over(simulator);

            try (Rig rig = Rig.against(simulator, data, ANEW)) {
                JsonNode rebuilt = rebuild(rig);

                assertThat(rebuilt.findValuesAsText("file")).containsExactly("a.yaml", "b.yaml", "z.yaml");
                assertThat(rebuilt.findValuesAsText("outcome")).as(rebuilt.toPrettyString())
                        .containsExactly("adopted", "adopted", "superseded");
                assertThat(rebuilt.at("/2/message").asText()).isEqualTo("a.yaml is newer");
                assertThat(rebuilt.at("/2/dataflow").asText()).isEqualTo(rebuilt.at("/0/dataflow").asText());
                assertThat(plan(rig, edited).path("empty").asBoolean()).isTrue();
                assertThat(rebuild(rig).findValuesAsText("outcome")).containsExactly("unchanged", "unchanged", "superseded");
            }
            guard.assertNothingWritten();
        }
    }

    @Test
    void should_take_back_the_first_definition_when_it_was_dropped_again_after_the_edit() throws Exception {
        String edited = Rig.example("crm").replace("interval: 30", "interval: 45");
        try (Simulator simulator = Simulator.start(Options.defaults())) {
            try (Rig rig = Rig.against(simulator, data, ANEW)) {
                drop(rig, "crm.yaml", Rig.example("crm"));
                drop(rig, "crm.yaml", edited);
                drop(rig, "crm.yaml", Rig.example("crm"));
            }
            lose(data.resolve("ledger"));
            try (Rig rig = Rig.against(simulator, data, ANEW)) {
                JsonNode rebuilt = rebuild(rig);

                assertThat(rebuilt.findValuesAsText("file")).containsExactly("crm.2.yaml", "crm.3.yaml", "crm.yaml");
                assertThat(rebuilt.findValuesAsText("outcome")).containsExactly("superseded", "adopted", "superseded");
                assertThat(plan(rig, Rig.example("crm")).path("empty").asBoolean()).isTrue();
            }
        }
    }

    @Test
    void should_go_by_the_time_of_the_file_where_there_is_no_receipt() throws Exception {
        try (Simulator simulator = Simulator.start(Options.defaults())) {
            try (Rig rig = Rig.against(simulator, data, ANEW)) {
                drop(rig, "old.yaml", Rig.example("crm"));
                drop(rig, "new.yaml", Rig.example("crm").replace("interval: 30", "interval: 45"));
                Files.delete(data.resolve("done/new.yaml.receipt.json"));
                Files.writeString(data.resolve("done/old.yaml.receipt.json"), "{\"cut");
                Files.setLastModifiedTime(data.resolve("done/old.yaml"), FileTime.from(Instant.parse("2026-01-01T00:00:00Z")));
            }
            lose(data.resolve("ledger"));
            try (Rig rig = Rig.against(simulator, data, ANEW)) {
                JsonNode rebuilt = rebuild(rig);

                assertThat(rebuilt.findValuesAsText("file")).containsExactly("new.yaml", "old.yaml");
                assertThat(rebuilt.findValuesAsText("outcome")).containsExactly("adopted", "superseded");
            }
        }
    }

    @Test
    void should_take_nothing_back_of_a_dataflow_that_was_deleted_last() throws Exception {
        try (Simulator simulator = Simulator.start(Options.defaults())) {
            try (Rig rig = Rig.against(simulator, data, ANEW)) {
                drop(rig, "crm.yaml", Rig.example("crm"));
                drop(rig, "gone.yaml", Rig.example("crm") + "state: absent\n");
                assertThat(rig.json("done", "gone.yaml.receipt.json").path("outcome").asText()).isEqualTo("deleted");
            }
            lose(data.resolve("ledger"));
            int asked = simulator.requests().all().size();
            try (Rig rig = Rig.against(simulator, data, ANEW)) {
                JsonNode rebuilt = rebuild(rig);

                assertThat(rebuilt.findValuesAsText("outcome")).containsExactly("superseded", "deleted");
                assertThat(ledger(rig).dataflows()).isEmpty();
                assertThat(simulator.requests().all()).as("nothing is asked for either").hasSize(asked);
            }
        }
    }

    /** Also where the newer definition is one of several in a file, and the other way round. */
    @Test
    void should_know_the_newest_definition_in_files_of_several() throws Exception {
        String first = Rig.example("crm", 1);
        String second = Rig.example("crm", 2);
        try (Simulator simulator = Simulator.start(Options.defaults())) {
            try (Rig rig = Rig.against(simulator, data, ANEW)) {
                drop(rig, "all.yaml", first + "---\n" + second);
                drop(rig, "one.yaml", first.replace("interval: 30", "interval: 45"));
                drop(rig, "more.yaml", second.replace("interval: 30", "interval: 60") + "---\n" + Rig.example("crm", 3));
            }
            lose(data.resolve("ledger"));
            WriteGuard guard = WriteGuard.over(simulator);
            try (Rig rig = Rig.against(simulator, data, ANEW)) {
                JsonNode rebuilt = rebuild(rig);

                assertThat(rebuilt.findValuesAsText("file")).containsExactly("all.yaml", "all.yaml", "more.yaml", "more.yaml", "one.yaml");
                assertThat(rebuilt.findValuesAsText("outcome"))
                        .containsExactly("superseded", "superseded", "adopted", "adopted", "adopted");
                assertThat(ledger(rig).resources("flow")).hasSize(3);
            }
            guard.assertNothingWritten();
        }
    }

    @Test
    void should_neither_change_nor_switch_anything_that_others_have_changed() throws Exception {
        String paused = Rig.example("crm") + "state: paused\n";
        try (Simulator simulator = Simulator.start(Options.defaults())) {
            try (Rig rig = Rig.against(simulator, data, ANEW)) {
                drop(rig, "crm.yaml", paused);
            }
            lose(data.resolve("ledger"));
            resume(simulator);
            WriteGuard guard = WriteGuard.over(simulator);
            try (Rig rig = Rig.against(simulator, data, ANEW)) {
                assertThat(rebuild(rig).findValuesAsText("outcome")).containsExactly("adopted");
                guard.assertNothingWritten();
                assertThat(plan(rig, paused).path("empty").asBoolean()).as("is told of").isFalse();
            }
        }
    }

    /** By somebody else: a rig of its own, with another data folder. */
    private void resume(Simulator simulator) throws Exception {
        try (Rig other = Rig.against(simulator, data.resolve("other"), Map.of())) {
            assertThat(other.provision(Rig.example("crm") + "state: paused\n").getException()).isNull();
            assertThat(other.provision(Rig.example("crm")).getException()).isNull();
            assertThat(other.resources("flows")).extracting(flow -> flow.path("state").asText()).containsExactly("enabled");
        }
    }

    private static JsonNode plan(Rig rig, String definition) throws Exception {
        return Rig.json(rig.main().getCamelTemplate().requestBody("direct:aep-plan", definition, String.class));
    }

    private static void drop(Rig rig, String name, String content) throws Exception {
        rig.drop(name, content);
        await().atMost(30, SECONDS).until(() -> rig.names("inbox").isEmpty());
        assertThat(rig.names("failed")).isEmpty();
    }

    private static JsonNode rebuild(Rig rig) throws Exception {
        return Rig.json(rig.main().getCamelTemplate().requestBody("direct:aep-rebuild", "", String.class));
    }

    private static void dropAll(Rig rig) throws Exception {
        for (String example : EXAMPLES) {
            rig.drop(example + ".yaml", Rig.example(example));
        }
        await().atMost(30, SECONDS).until(() -> rig.names("inbox").isEmpty());
        assertThat(rig.names("done")).hasSize(6);
    }

    private static Ledger ledger(Rig rig) {
        return rig.main().getCamelContext().getRegistry().lookupByNameAndType("aepLedger", Ledger.class);
    }

    private static long creates(Simulator simulator) {
        return simulator.requests().all().stream().filter(RebuildTest::isCreate).count();
    }

    private static boolean isCreate(Request request) {
        return Rig.isCreate(request);
    }

    private static void lose(Path folder) throws Exception {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
    }
}
