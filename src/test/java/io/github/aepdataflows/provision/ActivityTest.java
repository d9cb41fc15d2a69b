package io.github.aepdataflows.provision;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.aepdataflows.Rig;
import io.github.aepdataflows.ledger.BusyException;
import io.github.aepdataflows.ledger.Lease;
import io.github.aepdataflows.simulator.Options;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ActivityTest {

    @TempDir
    Path data;

    /** The dataflow was begun long ago, and clocks can be set. */
    @Test
    void should_count_for_how_long_something_was_worked_on_here() throws Exception {
        try (Rig rig = Rig.start(data, Options.defaults(), Map.of("aep.redelivery.max", "0", "aep.clock", "#bean:ahead"),
                Map.of("ahead", Clock.offset(Clock.systemUTC(), Duration.ofDays(1))))) {
            Lease lease = rig.ledger().take("crm", "digest", Map.of(), "");

            Exchange refused = rig.main().getCamelContext().createFluentProducerTemplate().to("direct:aep-prune").withBody("crm")
                    .request(Exchange.class);

            assertThat(refused.getException()).isInstanceOf(BusyException.class);
            Activity activity = rig.main().getCamelContext().getRegistry().lookupByNameAndType("aepActivity", Activity.class);
            assertThat(activity.totals()).singleElement().satisfies(total -> assertThat(total.seconds()).isBetween(0.0, 3_600.0));
            rig.ledger().release(lease);
        }
    }
}
