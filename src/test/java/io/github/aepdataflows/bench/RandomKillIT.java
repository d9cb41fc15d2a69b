package io.github.aepdataflows.bench;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.aepdataflows.simulator.Options;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A child JVM that works on a full inbox is killed by SIGKILL at random moments, again and again. {@code -Dbench.kills=200}
 * for more of them; {@code -Dseed=…} for other moments.
 */
class RandomKillIT {

    /** So many files lie in the inbox at each start: enough for a child to be busy until it is killed. */
    private static final int WAITING = 12;
    private static final int LONGEST_LIFE_MILLIS = 1500;

    @TempDir
    Path folder;

    @Test
    void should_end_with_exactly_one_of_each_after_any_number_of_kills() throws Exception {
        int kills = Integer.getInteger("bench.kills", 12);
        long seed = Long.getLong("seed", 20261122);
        Random random = new Random(seed);
        int interrupted = 0;
        // a Platform that takes its time: most kills hit a call in flight
        try (Bench bench = new Bench(folder.resolve("kills"), Options.defaults().withLatency(Duration.ofMillis(15)))) {
            for (int n = 1; n <= kills; n++) {
                fill(bench);
                int before = bench.simulator().requests().all().size();
                try (Child child = Child.start(bench, Map.of())) {
                    await().atMost(Bench.PATIENCE).pollInterval(Duration.ofMillis(10)).until(() ->
                            bench.simulator().requests().all().size() > before || !child.isAlive());
                    assertThat(child.isAlive()).as(child::log).isTrue();
                    new CountDownLatch(1).await(random.nextInt(LONGEST_LIFE_MILLIS), MILLISECONDS);
                    interrupted += bench.idle() ? 0 : 1;
                    child.kill();
                }
            }
            bench.finish();
            Oracle oracle = bench.oracle().mostPosts(kills + 2);
            List<String> violations = oracle.violations();
            System.out.printf("%nRandom kills: %d (%d with work in hand), %d definitions, %d done, %d failed, %d duplicates, %d losses, "
                    + "seed %d%n",
                    kills, interrupted, bench.dropped().size(), bench.dropped().keySet().stream().filter(bench.names("done")::contains)
                    .count(),
                    bench.dropped().keySet().stream().filter(bench.names("failed")::contains).count(), oracle.duplicates(),
                    oracle.losses(), seed);
            assertThat(violations).as("seed " + seed).isEmpty();
            assertThat(bench.names("failed")).as("nothing that was refused").isEmpty();
            assertThat(interrupted).as("kills with work in hand").isGreaterThan(kills / 2);
        }
    }

    private static void fill(Bench bench) throws IOException {
        long waiting = bench.names("inbox").stream().filter(name -> !name.startsWith(".")).count();
        for (long n = waiting; n < WAITING; n++) {
            String dataflow = "Flow %04d".formatted(bench.dropped().size());
            bench.drop(dataflow + ".yaml", bench.dropped().size() % 3 == 0
                    ? Definitions.customerSuccess(dataflow) : Definitions.crm(dataflow));
        }
    }
}
