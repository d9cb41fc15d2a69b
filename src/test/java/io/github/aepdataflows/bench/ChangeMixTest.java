package io.github.aepdataflows.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.aepdataflows.Rig;
import io.github.aepdataflows.simulator.Fault;
import io.github.aepdataflows.simulator.Request;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.apache.camel.Exchange;
import org.apache.camel.main.Main;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two dataflows with a random life each, faults on the way, and somebody else who changes the same resources between our look and our
 * change. Drawn by a seed; {@code -Dbench.changes=1000} for more of them, {@code -Dseed=…} for that one alone.
 */
class ChangeMixTest {

    private static final int AT_A_TIME = 4;
    private static final int ROUNDS = 4;
    /** The first draws of neighbouring seeds would all be the same. */
    private static final long SCRAMBLE = 0x9E3779B97F4A7C15L;
    private static final List<Step> STRUCK = List.of(Step.SOURCE_CONNECTION, Step.TARGET_SCHEMA, Step.TARGET_DATASET,
            Step.TARGET_CONNECTION, Step.FLOW);

    private final AtomicInteger changes = new AtomicInteger();
    private final AtomicInteger faults = new AtomicInteger();
    private final AtomicInteger strikes = new AtomicInteger();

    @TempDir
    Path folder;

    @Test
    void should_end_as_the_last_definitions_say_and_lose_nothing_of_somebody_else() throws Exception {
        List<Long> seeds = new ArrayList<>();
        for (long seed = 1; seed <= Integer.getInteger("bench.changes", 30); seed++) {
            seeds.add(seed);
        }
        List<String> red = new ArrayList<>();
        ExecutorService threads = Executors.newFixedThreadPool(AT_A_TIME);
        try {
            List<Callable<String>> tasks = new ArrayList<>();
            Optional.ofNullable(System.getProperty("seed")).map(Long::valueOf).map(List::of).orElse(seeds)
                    .forEach(seed -> tasks.add(() -> run(seed)));
            for (Future<String> each : threads.invokeAll(tasks)) {
                if (!each.get().isEmpty()) {
                    red.add(each.get());
                }
            }
            System.out.printf("%nChange mixes: %d seeds, %d changes, %d faults, %d changes by somebody else, %d seeds with violations "
                    + "(duplicates, lost updates, foreign resources touched)%n",
                    tasks.size(), changes.get(), faults.get(), strikes.get(), red.size());
        } finally {
            threads.shutdownNow();
        }
        assertThat(red).as("replay with -Dseed=<n> -Dtest=ChangeMixTest").isEmpty();
        assertThat(strikes.get()).isPositive();
    }

    /** Empty when all is well, else what is wrong. */
    private String run(long seed) {
        Random random = new Random(seed * SCRAMBLE);
        List<String> plan = new ArrayList<>();
        try (Bench bench = new Bench(folder.resolve("seed-" + seed))) {
            bench.set("aep.response-timeout", 300).set("aep.call-timeout", 800);
            List<Life> lives = new ArrayList<>(List.of(new Life("Seed " + seed + " no 0"), new Life("Seed " + seed + " no 1")));
            Foreigner foreigner = new Foreigner(bench.simulator());
            Map<Step, AtomicInteger> planned = Map.of(Step.SOURCE_CONNECTION, new AtomicInteger(), Step.TARGET_SCHEMA, new AtomicInteger(),
                    Step.TARGET_DATASET, new AtomicInteger(), Step.TARGET_CONNECTION, new AtomicInteger(), Step.FLOW, new AtomicInteger());
            List<Object> watches = new ArrayList<>();
            for (Step step : STRUCK) {
                watches.add(NodeWatch.before("aep-send-update-" + step.key(), 0, exchange -> strike(foreigner, planned, step, exchange)));
            }
            watches.add(NodeWatch.before("aep-post-switch-flow", 0, exchange -> strike(foreigner, planned, Step.FLOW, exchange)));
            Main main = bench.start(watches.toArray());
            try {
                for (Life life : lives) {
                    bench.drop(life.name() + ".yaml", life.definition());
                }
                bench.awaitIdle();
                foreigner.copy(lives.get(0).name());
                Map<String, String> theirs = foreigner.belongings();
                for (int round = 1; round <= ROUNDS; round++) {
                    for (int n = 0; n < lives.size(); n++) {
                        lives.set(n, lives.get(n).edited(Life.Edit.values()[random.nextInt(9)]));
                        Life life = lives.get(n);
                        planned.get(STRUCK.get(random.nextInt(STRUCK.size()))).set(random.nextInt(2));
                        if (random.nextInt(3) == 0) {
                            foreigner.strike(Step.TARGET_SCHEMA, idOf(bench, Step.TARGET_SCHEMA, life));
                            strikes.incrementAndGet();
                        }
                        fault(random, bench, plan);
                        plan.add(life.toString());
                        bench.drop("%s %d.yaml".formatted(life.name(), round), life.definition());
                        changes.incrementAndGet();
                    }
                    if (random.nextInt(6) == 0) {
                        plan.add("restart");
                        main.stop();
                        main = bench.start(watches.toArray());
                    }
                    bench.awaitIdle();
                    bench.simulator().faults().clear();
                    again(bench, lives, round);
                }
                List<String> wrong = new ArrayList<>(foreigner.lost());
                if (!foreigner.belongings().equals(theirs)) {
                    wrong.add("what is somebody else's was changed: %s -> %s".formatted(theirs, foreigner.belongings()));
                }
                for (Life life : lives) {
                    judge(bench, main, life, wrong);
                }
                main.stop();
                wrong.addAll(Strangers.of(bench, foreigner.own()));
                wrong.addAll(bench.oracle().lives(lives).foreignIds(foreigner.own()).violations());
                return wrong.isEmpty() ? "" : "seed " + seed + " " + plan + " " + wrong;
            } finally {
                main.stop();
            }
        } catch (Exception | AssertionError e) {
            return "seed " + seed + " " + plan + " " + e;
        }
    }

    private void strike(Foreigner foreigner, Map<Step, AtomicInteger> planned, Step step, Exchange exchange) {
        if (planned.get(step).getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
            String path = exchange.getMessage().getHeader(Exchange.HTTP_PATH, String.class).replaceFirst("^/", "")
                    .replaceFirst("/action$", "");
            String id = path.startsWith("_") ? "https://ns.adobe.com/" + path.substring(1).replace('.', '/') : path;
            foreigner.strike(step, id);
            strikes.incrementAndGet();
        }
    }

    private static String idOf(Bench bench, Step step, Life life) {
        return step.idOf(bench.platform().resources(step, life.name()).get(0));
    }

    private void fault(Random random, Bench bench, List<String> plan) {
        if (random.nextInt(3) == 0) {
            return;
        }
        List<Fault> kinds = List.of(Fault.reset(), Fault.hang(), Fault.status(500), Fault.status(503), Fault.status(412), Fault.truncate(5),
                Fault.html(), Fault.status(400), Fault.gateway("401013", "Oauth token is not valid"));
        int kind = random.nextInt(kinds.size());
        boolean after = kind < 6 && random.nextBoolean();
        int nth = 1 + random.nextInt(4);
        Predicate<Request> writes = request -> !request.method().equals("GET") && request.path().startsWith("/data/")
                && !request.path().endsWith("/validate") && request.header(Foreigner.HEADER).isEmpty();
        bench.simulator().faults().when(writes, nth, after ? kinds.get(kind).afterCommit() : kinds.get(kind));
        plan.add("fault %d%s at write %d".formatted(kind, after ? " after" : "", nth));
        faults.incrementAndGet();
    }

    /** What failed is dropped once more, without faults: nothing may stand in its way then. */
    private static void again(Bench bench, List<Life> lives, int round) throws IOException {
        for (Life life : lives) {
            if (bench.names("failed").contains("%s %d.yaml".formatted(life.name(), round))) {
                bench.drop("%s %d again.yaml".formatted(life.name(), round), life.definition());
            }
        }
        bench.awaitIdle();
    }

    private static void judge(Bench bench, Main main, Life life, List<String> wrong) throws Exception {
        List<String> failed = bench.names("failed").stream().filter(name -> name.startsWith(life.name()) && name.endsWith("again.yaml"))
                .toList();
        if (!failed.isEmpty()) {
            wrong.add("failed without a fault: " + failed + " "
                    + Rig.JSON.readTree(bench.data().resolve("failed").resolve(failed.get(0) + ".error.json").toFile()));
        }
        wrong.addAll(Bench.plan(main, life.definition()));
    }
}
