package io.github.aepdataflows.provision;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.aepdataflows.Rig;
import io.github.aepdataflows.ledger.Ledger;
import io.github.aepdataflows.simulator.Options;
import io.github.aepdataflows.simulator.Request;
import io.github.aepdataflows.simulator.Simulator;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A ledger that was lost is made again from done/ and the Platform. */
class RebuildTest {

    private static final List<String> EXAMPLES = List.of("crm", "customer-success", "marketing-automation");

    @TempDir
    Path data;

    @Test
    void should_make_a_lost_ledger_again_with_equal_ids_and_without_a_create() throws Exception {
        try (Simulator simulator = Simulator.start(Options.defaults())) {
            Map<String, String> flows;
            try (Rig rig = Rig.against(simulator, data, Map.of())) {
                dropAll(rig);
                flows = ledger(rig).resources("flow");
            }
            lose(data.resolve("ledger"));
            long creates = creates(simulator);

            try (Rig rig = Rig.against(simulator, data, Map.of())) {
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
            try (Rig rig = Rig.against(simulator, data, Map.of())) {
                JsonNode rebuilt = rebuild(rig);

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
            try (Rig rig = Rig.against(simulator, data, Map.of())) {
                receipt = rig.provision(Rig.example("crm")).getMessage().getBody(String.class);
            }
            lose(data.resolve("ledger"));
            long creates = creates(simulator);
            try (Rig rig = Rig.against(simulator, data, Map.of())) {
                JsonNode again = Rig.json(rig.provision(Rig.example("crm")).getMessage().getBody(String.class));

                assertThat(again.path("outcome").asText()).isEqualTo("adopted");
                assertThat(again.path("resources")).isEqualTo(Rig.json(receipt).path("resources"));
            }
            assertThat(creates(simulator)).isEqualTo(creates);
        }
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
