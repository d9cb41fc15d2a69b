package io.github.aepdataflows.export;

import static io.github.aepdataflows.export.ExportRig.report;
import static io.github.aepdataflows.export.ExportRig.text;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.aepdataflows.Rig;
import io.github.aepdataflows.ledger.Beginning;
import io.github.aepdataflows.ledger.Lease;
import io.github.aepdataflows.ledger.Ledger;
import io.github.aepdataflows.ledger.RecordedStep;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An adoption that was killed is done again with the same result. */
class KilledAdoptionTest {

    private static ExportRig export;
    private static String flow;
    private static String definition;
    private static JsonNode adopted;
    private static List<RecordedStep> steps;

    @BeforeAll
    static void start(@TempDir Path data) throws Exception {
        export = ExportRig.start(data);
        flow = HandMade.TUTORIAL_2020.by(export.hand());
        definition = text(export.export(flow));
        adopted = report(export.adopt(flow));
        steps = export.rig().ledger().steps("TUTORIAL_2020");
        assertThat(steps).hasSize(7);
    }

    @AfterAll
    static void stop() throws Exception {
        export.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 3, 6, 7})
    void should_go_on_where_it_was_killed(int completed, @TempDir Path other) throws Exception {
        try (Rig killed = export.another(other)) {
            Ledger ledger = killed.ledger();
            Lease lease = ledger.take("TUTORIAL_2020", adopted.path("digest").asText(), Map.of(), "");
            for (int i = 0; i < Math.min(completed + 1, steps.size()); i++) {
                RecordedStep step = steps.get(i);
                Beginning beginning = ledger.begin(lease, step.key(), step.name(), Duration.ofSeconds(10));
                if (i < completed) {
                    ledger.complete(lease, step.key(), beginning.attempt(), step.result());
                }
            }
            ledger.release(lease);

            assertThat(report(ExportRig.request(killed, "direct:aep-adopt", flow))).isEqualTo(adopted);

            assertThat(ledger.steps("TUTORIAL_2020")).extracting(step -> List.of(step.key(), step.state(), step.result()))
                    .isEqualTo(steps.stream().map(step -> List.of(step.key(), step.state(), step.result())).toList());
            assertThat(Rig.json(text(killed.provision(definition))).path("outcome").asText()).isEqualTo("unchanged");
        }
    }
}
