package io.github.aepdataflows.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.aepdataflows.Rig;
import io.github.aepdataflows.simulator.Options;
import io.github.aepdataflows.simulator.Simulator;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the commands that order runs say to somebody who has not adopted the flow. */
class OrderedRunsTest {

    @ParameterizedTest
    @ValueSource(strings = {"run-now", "retry"})
    void should_say_in_a_line_that_the_ledger_does_not_have_the_dataflow(String command, @TempDir Path data) throws Exception {
        try (Simulator simulator = Simulator.start(Options.defaults().withClientSecret(Rig.MARKER + "&cli"))) {
            Terminal terminal = Terminal.of(simulator, data);

            assertThat(terminal.type(command, "nope")).isEqualTo(AepDataflows.FAILURE);

            assertThat(terminal.err().lines()).filteredOn(line -> !line.isBlank())
                    .contains("aep-dataflows " + command + ": the ledger has no dataflow nope",
                            "The command status lists those that it has; the command adopt enters others.");
            assertThat(terminal.err()).doesNotContain("Exception");
        }
    }
}
