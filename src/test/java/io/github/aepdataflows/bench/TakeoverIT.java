package io.github.aepdataflows.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.aepdataflows.Rig;
import io.github.aepdataflows.simulator.Fault;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The instance that audits is paused, or killed: another one takes over, and what the first one has seen counts no more. */
class TakeoverIT {

    /** It takes 13 at most where the machine has the time. */
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final Map<String, String> LOGGED = Map.of("log4j2.configurationFile", "config/log4j2.properties");
    private static final String TICK = "0/2 * * * * ?";

    @TempDir
    Path data;

    @Test
    void should_take_over_the_audit_of_an_instance_that_is_paused_or_killed() throws Exception {
        try (EmbeddedPostgres postgres = EmbeddedPostgres.start(); Bench bench = new Bench(data)) {
            bench.set("aep.ledger.url", postgres.getJdbcUrl("postgres", "postgres").replaceFirst("\\?.*", ""))
                    .set("aep.ledger.user", "postgres").set("aep.audit.enabled", "true").set("aep.audit.cron", TICK)
                    .set("aep.inbox.enabled", "false").set("aep.call-timeout", "60s").set("aep.response-timeout", "60s");
            bench.simulator().faults().on("GET", "/flows", 1, Fault.hang());
            try (Child first = Child.start(bench, LOGGED)) {
                await().atMost(Bench.PATIENCE).until(() -> bench.simulator().faults().held() == 1);
                try (Child second = Child.start(bench, LOGGED)) {
                    await().atMost(Bench.PATIENCE).until(() -> second.log().contains("instances that share the ledger: 2"));
                    int begun = begun(bench);
                    await().during(Duration.ofSeconds(12)).atMost(Duration.ofSeconds(20)).until(() -> begun(bench) == begun);
                    assertThat(reports(bench)).as("the first one has the turn as long as it is there").isEmpty();

                    first.signal("STOP");
                    await().atMost(SOON).until(() -> begun(bench) > begun);
                    await().atMost(SOON).until(() -> reports(bench).size() >= 2);
                    first.signal("CONT");
                    bench.simulator().faults().release();
                    await().atMost(SOON).until(() -> first.log().contains("this audit does not count"));

                    second.kill();
                    int left = reports(bench).size();
                    await().atMost(SOON).until(() -> reports(bench).size() > left);
                }
            }
            assertThat(reports(bench).stream().map(name -> (Integer.parseInt(name.replaceAll(".*T\\d{4}(\\d\\d).*", "$1")) / 2)
                    + name.replaceAll("(.*T\\d{4}).*", "$1"))).as("one at each tick: %s", reports(bench)).doesNotHaveDuplicates();
        }
    }

    private static int begun(Bench bench) {
        return (int) bench.simulator().requests().all().stream().filter(request -> request.path().endsWith("/flowservice/flows")).count();
    }

    private static List<String> reports(Bench bench) {
        return Rig.names(bench.data(), "reports").stream().filter(name -> !name.startsWith(".")).toList();
    }
}
