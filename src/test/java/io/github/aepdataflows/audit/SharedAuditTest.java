package io.github.aepdataflows.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.aepdataflows.PostgresServer;
import io.github.aepdataflows.Rig;
import io.github.aepdataflows.ledger.Wire;
import io.github.aepdataflows.platform.PlatformClient;
import io.github.aepdataflows.simulator.Options;
import io.github.aepdataflows.simulator.Simulator;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Three instances with one ledger, whose clocks differ by up to ten minutes: they audit in turns, and share the rate. */
class SharedAuditTest {

    private static final DateTimeFormatter NAME = DateTimeFormatter.ofPattern("'audit-'yyyyMMdd'T'HHmmss.SSS'Z.json'");
    private static final long TICK = 3;

    @RegisterExtension
    static final PostgresServer POSTGRES = new PostgresServer();

    @TempDir
    Path data;

    @Test
    void should_audit_once_at_each_tick_also_when_the_database_was_away_and_divide_the_rate() throws Exception {
        List<Rig> rigs = new ArrayList<>();
        try (Simulator simulator = Simulator.start(Options.defaults()); Wire wire = new Wire(POSTGRES.port())) {
            simulator.seedDemo(Rig.SANDBOX);
            wire.up();
            for (int minutes : List.of(0, 5, -5)) {
                rigs.add(Rig.against(simulator, data, Map.of("aep.ledger.url", "jdbc:postgresql://127.0.0.1:%d/postgres"
                        .formatted(wire.port()), "aep.ledger.user", "postgres", "aep.rate", "300", "aep.clock", "#bean:skewed",
                        "aep.audit.enabled", "true", "aep.audit.cron", "0/%d * * * * ?".formatted(TICK)),
                        Map.of("skewed", Clock.offset(Clock.systemUTC(), Duration.ofMinutes(minutes)))));
            }
            await().atMost(Duration.ofSeconds(30)).until(() -> rigs.stream().allMatch(rig -> rate(rig) == 100));
            await().atMost(Duration.ofSeconds(30)).until(() -> rigs.get(0).names("reports").size() >= 3);

            wire.down();
            await().pollDelay(Duration.ofSeconds(TICK)).until(() -> true);   // an audit that was under way has told what it has read
            List<Long> before = ticks();
            await().pollDelay(Duration.ofSeconds(2 * TICK)).until(() -> true);
            assertThat(ticks()).as("nobody knows whose turn it is").isEqualTo(before);
            wire.up();
            await().atMost(Duration.ofSeconds(60)).until(() -> ticks().size() >= before.size() + 3);

            rigs.remove(2).close();
            await().atMost(Duration.ofSeconds(30)).until(() -> rigs.stream().allMatch(rig -> rate(rig) == 150));
            List<Long> ticks = ticks();
            assertThat(ticks).as("one at each tick").doesNotHaveDuplicates();
            assertThat(Instant.ofEpochSecond(ticks.get(0) * TICK)).as("by the clock of the database")
                    .isBetween(Instant.now().minusSeconds(150), Instant.now());
        } finally {
            for (Rig rig : rigs) {
                rig.close();
            }
        }
    }

    private static double rate(Rig rig) {
        return rig.main().getCamelContext().getRegistry().lookupByNameAndType("aepPlatformClient", PlatformClient.class).rate();
    }

    /** The numbers of the ticks for which there is a report; twice where there are two. */
    private List<Long> ticks() {
        return Rig.names(data, "reports").stream().filter(name -> !name.startsWith(".")).sorted()
                .map(name -> LocalDateTime.parse(name, NAME).toEpochSecond(ZoneOffset.UTC) / TICK).collect(Collectors.toList());
    }
}
