package io.github.aepdataflows.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.aepdataflows.Rig;
import io.github.aepdataflows.simulator.Options;
import io.github.aepdataflows.simulator.Simulator;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code plan}: exit codes, output, and not one write. */
class PlanCommandTest {

    @TempDir
    Path here;

    @Test
    void should_tell_creates_nothing_and_changes_apart() throws Exception {
        try (Simulator simulator = Simulator.start(Options.defaults().withClientSecret(Rig.MARKER + "&cli"))) {
            Terminal terminal = Terminal.of(simulator, here.resolve("data"));
            Path file = Files.writeString(here.resolve("cs.yaml"), Rig.example("customer-success"));
            Path broken = Files.writeString(here.resolve("broken.yaml"), Rig.example("customer-success")
                    .replace("interval: 15", "interval: 5"));

            assertThat(terminal.type("plan", file.toString())).isEqualTo(2);
            assertThat(terminal.out()).contains("create source-connection", "create flow", "1 compared, 1 with differences");
            assertThat(terminal.writes()).isEmpty();

            try (Rig rig = Rig.against(simulator, here.resolve("data"), Map.of())) {
                assertThat(rig.provision(Files.readString(file)).getException()).isNull();
            }
            int made = terminal.writes().size();
            assertThat(terminal.type("plan", file.toString())).isZero();
            assertThat(terminal.out()).contains(file + ": no differences", "1 compared, 0 with differences");

            Files.writeString(file, Rig.example("customer-success").replace("interval: 15", "interval: 45"));
            assertThat(terminal.type("plan", file.toString())).isEqualTo(2);
            assertThat(terminal.out()).contains("update flow", "scheduleParams.interval: 15 -> 45");
            assertThat(terminal.type("plan", "--json", file.toString())).isEqualTo(2);
            assertThat(terminal.json().at("/plans/0/steps").findValuesAsText("path")).containsExactly("scheduleParams.interval");

            Files.writeString(file, Rig.example("customer-success") + "state: draft\n");
            assertThat(terminal.type("plan", file.toString())).as("no difference that apply could settle").isEqualTo(1);
            assertThat(terminal.out()).contains("impossible flow", "1 compared, 1 with differences, 1 of them impossible");
            assertThat(terminal.type("plan", "--json", file.toString())).isEqualTo(1);
            assertThat(terminal.json().path("impossible").asInt()).isEqualTo(1);

            assertThat(terminal.type("plan", broken.toString(), here.resolve("none.yaml").toString())).isEqualTo(1);
            assertThat(terminal.out()).contains("has faults", "1362-400", "none.yaml: there is no such file");
            assertThat(terminal.writes()).hasSize(made);
        }
    }
}
