package io.github.aepdataflows.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.aepdataflows.simulator.Fault;
import io.github.aepdataflows.simulator.FaultPlan;
import io.github.aepdataflows.simulator.Options;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.main.Main;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * One to four faults at once on two or three definitions, drawn by a seed. {@code -Dbench.seeds=1000} for more of them,
 * {@code -Dseed=…} for that one alone.
 */
class SeededMixTest {

    private static final int AT_A_TIME = 4;

    /** The first draws of neighbouring seeds would all be the same. */
    private static final long SCRAMBLE = 0x9E3779B97F4A7C15L;

    /** Two of them are less than the settle window: what becomes visible later than that is not prevented, as the README says. */
    private static final Duration LATE = Duration.ofMillis(120);

    private final Map<String, AtomicInteger> drawn = new TreeMap<>();

    @TempDir
    Path folder;

    @Test
    void should_end_with_exactly_one_of_each_under_any_mix_of_faults() throws Exception {
        Optional<Long> one = Optional.ofNullable(System.getProperty("seed")).map(Long::valueOf);
        List<Long> seeds = new ArrayList<>();
        for (long seed = 1; seed <= Integer.getInteger("bench.seeds", 100); seed++) {
            seeds.add(seed);
        }
        List<String> red = new ArrayList<>();
        ExecutorService threads = Executors.newFixedThreadPool(AT_A_TIME);
        try (Trap elsewhere = new Trap()) {
            List<Callable<String>> tasks = new ArrayList<>();
            one.map(List::of).orElse(seeds).forEach(seed -> tasks.add(() -> run(seed, elsewhere)));
            for (Future<String> each : threads.invokeAll(tasks)) {
                if (!each.get().isEmpty()) {
                    red.add(each.get());
                }
            }
            assertThat(elsewhere.visits()).as("connections to where redirects lead").isZero();
            System.out.printf("%nSeeded mixes: %d seeds, %d with violations; drawn: %s%n", tasks.size(), red.size(), drawn);
        } finally {
            threads.shutdownNow();
        }
        assertThat(red).as("replay with -Dseed=<n> -Dtest=SeededMixTest").isEmpty();
    }

    /** Empty when all is well, else what is wrong. */
    private String run(long seed, Trap elsewhere) {
        Random random = new Random(seed * SCRAMBLE);
        List<String> plan = new ArrayList<>();
        try (Bench bench = new Bench(folder.resolve("seed-" + seed), options(random, plan))) {
            bench.set("aep.response-timeout", 300).set("aep.call-timeout", 800);
            List<String> dataflows = new ArrayList<>();
            int definitions = 2 + random.nextInt(2);
            for (int n = 0; n < definitions; n++) {
                String dataflow = "Seed " + seed + " no " + n;
                dataflows.add(dataflow);
                bench.drop(dataflow + ".yaml", definition(dataflow, n));
            }
            List<Disturbance> disturbances = new ArrayList<>();
            int faults = 1 + random.nextInt(4);
            for (int n = 0; n < faults; n++) {
                draw(random, bench, dataflows, elsewhere, disturbances, plan);
            }
            work(bench, disturbances);
            bench.simulator().faults().clear();
            List<String> failed = new ArrayList<>();
            for (int n = 0; n < definitions; n++) {
                if (bench.names("failed").contains(dataflows.get(n) + ".yaml")) {
                    failed.add(dataflows.get(n));
                    bench.drop(dataflows.get(n) + " again.yaml", definition(dataflows.get(n), n));
                }
            }
            if (!failed.isEmpty()) {
                bench.finish();
            }
            Oracle oracle = bench.oracle();
            failed.forEach(oracle::droppedAgain);
            List<String> violations = new ArrayList<>(oracle.violations());
            for (String dataflow : dataflows) {
                if (bench.platform().resources(Step.FLOW, dataflow).isEmpty()) {
                    violations.add(dataflow + " has no flow: done " + bench.names("done") + " failed " + bench.names("failed"));
                }
            }
            return violations.isEmpty() ? "" : "seed " + seed + " " + plan + " " + violations;
        } catch (Exception | AssertionError e) {
            return "seed " + seed + " " + plan + " " + e;
        }
    }

    private static String definition(String dataflow, int n) throws IOException {
        return n % 2 == 0 ? Definitions.crm(dataflow) : Definitions.customerSuccess(dataflow);
    }

    private Options options(Random random, List<String> plan) {
        return switch (random.nextInt(4)) {
            case 0 -> {
                note("lists lag", "", plan);
                yield Options.defaults().withListLag(LATE);
            }
            case 1 -> {
                note("look-ups by id lag", "", plan);
                yield Options.defaults().withLookUpLag(LATE);
            }
            default -> Options.defaults();
        };
    }

    /** What the test itself does when the Platform has seen so many requests. */
    private record Disturbance(int requests, Action action) {

        interface Action {
            /** @return the application that goes on */
            Main disturb(Bench bench, Main main) throws Exception;
        }
    }

    private void draw(Random random, Bench bench, List<String> dataflows, Trap elsewhere, List<Disturbance> disturbances,
                      List<String> plan) {
        String dataflow = dataflows.get(random.nextInt(dataflows.size()));
        Step step = Step.values()[random.nextInt(Step.values().length)];
        int when = 3 + random.nextInt(30);
        FaultPlan faults = bench.simulator().faults();
        switch (random.nextInt(10)) {
            case 0 -> {
                note("token revoked", "after " + when, plan);
                disturbances.add(new Disturbance(when, (b, main) -> {
                    b.simulator().revokeTokens();
                    return main;
                }));
            }
            case 1 -> {
                note("outage", "after " + when, plan);
                disturbances.add(new Disturbance(when, SeededMixTest::outage));
            }
            case 2 -> {
                note("restart", "after " + when, plan);
                disturbances.add(new Disturbance(when, (b, main) -> {
                    main.stop();
                    return b.start();
                }));
            }
            case 3 -> {
                note("look fails", step.key() + " of " + dataflow, plan);
                Fault fault = List.of(Fault.status(503), Fault.reset(), Fault.body("[]"), Fault.truncate(3), Fault.html())
                        .get(random.nextInt(5));
                faults.when(request -> step.isLook(request, dataflow), 1 + random.nextInt(2), fault);
                faults.when(request -> step.isPost(request, dataflow), 1, Fault.status(503).afterCommit());
            }
            case 4 -> {
                note("late commit", step.key() + " of " + dataflow, plan);
                faults.when(request -> step.isPost(request, dataflow), 1, Fault.reset().committedLater(LATE));
            }
            case 5 -> {
                note("throttled", "from the first request", plan);
                AtomicInteger seen = new AtomicInteger();
                faults.when(request -> request.path().startsWith("/data/") && seen.incrementAndGet() % 3 == 0 && seen.get() < 30,
                        Fault.status(429));
            }
            default -> {
                List<FaultKind> kinds = FaultKind.all(elsewhere.url());
                FaultKind kind = kinds.get(random.nextInt(kinds.size()));
                boolean after = kind.after() && random.nextBoolean();
                int attempt = 1 + random.nextInt(2);
                note(kind.name(), "%s of %s, attempt %d, %s".formatted(step.key(), dataflow, attempt, after ? "after" : "before"), plan);
                faults.when(request -> step.isPost(request, dataflow), attempt,
                        kind.at(after, "{\"id\":\"4cb0c374-d3bb-4557-b139-5712880adc55\",\"etag\":\"x\"}"));
            }
        }
    }

    private synchronized void note(String fault, String where, List<String> plan) {
        plan.add(fault + " " + where);
        drawn.computeIfAbsent(fault, name -> new AtomicInteger()).incrementAndGet();
    }

    private static Main outage(Bench bench, Main main) throws IOException {
        int before = bench.simulator().refusedConnections();
        bench.simulator().outage(true);
        // until it was noticed, or there was nothing left to do that could notice it
        await().atMost(Bench.PATIENCE).until(() -> bench.simulator().refusedConnections() > before + 1 || bench.idle());
        bench.simulator().outage(false);
        return main;
    }

    private static void work(Bench bench, List<Disturbance> disturbances) throws Exception {
        List<Disturbance> next = new ArrayList<>(disturbances);
        next.sort((one, other) -> Integer.compare(one.requests(), other.requests()));
        Main main = bench.start();
        try {
            for (Disturbance each : next) {
                await().atMost(Bench.PATIENCE).pollInterval(Duration.ofMillis(5)).until(() ->
                        bench.simulator().requests().all().size() >= each.requests() || bench.idle());
                main = each.action().disturb(bench, main);
            }
            bench.awaitIdle();
        } finally {
            main.stop();
        }
    }
}
