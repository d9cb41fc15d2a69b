package io.github.aepdataflows.provision;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.aepdataflows.Rig;
import io.github.aepdataflows.ledger.Ledger;
import io.github.aepdataflows.simulator.Options;
import io.github.aepdataflows.simulator.Simulator;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A ledger that can be opened only when the program that waits for it has stopped. */
class LateLedgerTest {

    @TempDir
    Path data;

    @Test
    void should_not_open_the_ledger_of_a_program_that_has_stopped() throws Exception {
        try (Simulator simulator = Simulator.start(Options.defaults())) {
            Rig rig;
            Thread opener;
            try (Ledger other = ledger(simulator)) {
                other.open();
                rig = Rig.against(simulator, data, Map.of());
                opener = Thread.getAllStackTraces().keySet().stream().filter(thread -> thread.getName().equals("aep-ledger-opener"))
                        .findFirst().orElseThrow();
                rig.close();
            }

            opener.join(Duration.ofSeconds(30).toMillis());

            assertThat(opener.isAlive()).isFalse();
            try (Ledger next = ledger(simulator)) {
                next.open();
            }
        }
    }

    private Ledger ledger(Simulator simulator) {
        return new Ledger("jdbc:sqlite:" + data.resolve("ledger/ledger.db"), "", "", simulator.options().orgId(), Rig.SANDBOX,
                Duration.ofMinutes(5));
    }
}
