package io.github.aepdataflows.export;

import static io.github.aepdataflows.export.ExportRig.report;
import static io.github.aepdataflows.export.ExportRig.text;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.aepdataflows.ledger.RecordedStep;
import java.nio.file.Path;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A flow that was made by hand and adopted: its definition finds nothing to do, and nothing is written at the Platform. */
class HandMadeTest {

    private static ExportRig export;

    @BeforeAll
    static void start(@TempDir Path data) throws Exception {
        export = ExportRig.start(data);
    }

    @AfterAll
    static void stop() throws Exception {
        export.close();
    }

    @ParameterizedTest
    @EnumSource
    void should_find_nothing_to_do_for_an_adopted_flow(HandMade form) throws Exception {
        String flow = form.by(export.hand());
        int before = export.asked();

        String exported = text(export.export(form.name()));
        assertThat(export.plan(exported).path("empty").asBoolean()).as(exported).isTrue();
        Exchange adopted = export.adopt(flow);

        assertThat(text(adopted)).isEqualTo(exported).startsWith("# Exported from flow " + flow + " of sandbox dev.");
        assertThat(report(adopted).path("outcome").asText()).isEqualTo("adopted");
        export.assertNothingToDo(exported, flow);
        assertThat(report(export.adopt(form.name())).path("outcome").asText()).isEqualTo("unchanged");
        assertThat(export.rig().ledger().steps(form.name())).extracting(RecordedStep::state).containsOnly(RecordedStep.State.DONE);
        assertThat(export.rig().ledger().unresolved()).isEmpty();
        assertThat(export.writesSince(before)).isEmpty();
    }
}
