package io.github.aepdataflows.bench;

import io.github.aepdataflows.Rig;
import io.github.aepdataflows.simulator.Options;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.main.Main;

/**
 * What the ledger costs: dataflows a second with it, and by the same calls one after the other without it, taking turns in
 * one run. A program of its own, because timing belongs into no test:
 * {@code mvn -q test-compile exec:java@cost-of-safety}
 */
public final class CostOfSafety {

    private static final int ROUNDS = 5;
    private static final int DATAFLOWS = 150;
    private static final int WARM_UP = 300;
    private static final int THREADS = 4;

    private int next;

    private CostOfSafety() {
    }

    public static void main(String[] args) throws Exception {
        for (Duration latency : List.of(Duration.ZERO, Duration.ofMillis(50))) {
            for (boolean verify : new boolean[] {false, true}) {
                new CostOfSafety().measure(latency, verify);
            }
        }
        System.exit(0);   // the simulator's and Camel's threads need not end by themselves
    }

    private void measure(Duration latency, boolean verify) throws Exception {
        Path data = Files.createTempDirectory("aep-cost");
        try (Rig rig = Rig.start(data, Options.defaults().withLatency(latency),
                Map.of("aep.max-connections", "64", "aep.verify", String.valueOf(verify)))) {
            addBaseline(rig.main());
            int warmUp = latency.isZero() ? WARM_UP : 8;
            int dataflows = latency.isZero() ? DATAFLOWS : 40;
            run(rig, "direct:aep-provision", warmUp);
            run(rig, "direct:bench-without-ledger", warmUp);
            double[] with = new double[ROUNDS];
            double[] without = new double[ROUNDS];
            for (int round = 0; round < ROUNDS; round++) {
                without[round] = run(rig, "direct:bench-without-ledger", dataflows);
                with[round] = run(rig, "direct:aep-provision", dataflows);
            }
            Arrays.sort(with);
            Arrays.sort(without);
            System.out.printf("%nlatency of a call %d ms, %d threads, %d rounds of %d dataflows (six creates each), aep.verify %s; "
                    + "min/median/max a second%n"
                            + "  without the ledger %6.1f %6.1f %6.1f%n  with the ledger    %6.1f %6.1f %6.1f%n  ratio of the medians "
                            + "%.2f%n",
                    latency.toMillis(), THREADS, ROUNDS, dataflows, verify, without[0], without[ROUNDS / 2], without[ROUNDS - 1],
                    with[0], with[ROUNDS / 2], with[ROUNDS - 1], with[ROUNDS / 2] / without[ROUNDS / 2]);
        }
    }

    /** The same endpoints in the same order, with nothing between them. */
    private static void addBaseline(Main main) throws Exception {
        main.getCamelContext().addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                var route = from("direct:bench-without-ledger").bean("aepChain", "read").to("direct:aep-check-all")
                        .process(exchange -> exchange.getMessage().setHeader("AepSendBefore", System.nanoTime() + 60_000_000_000L));
                for (String kind : List.of("source-connection", "target-schema", "target-dataset", "target-connection", "mapping-set",
                        "flow")) {
                    route = route.setVariable("aepRequest", method("aepBodies", "request(*, '%s')".formatted(kind)))
                            .to("direct:aep-create-" + kind);
                }
            }
        });
    }

    /** @return dataflows a second */
    private double run(Rig rig, String endpoint, int dataflows) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            long start = System.nanoTime();
            List<Future<?>> all = new ArrayList<>();
            for (int n = 0; n < dataflows; n++) {
                String definition = Rig.example("customer-success", next++);
                all.add(threads.submit(() -> rig.main().getCamelTemplate().requestBody(endpoint, definition)));
            }
            for (Future<?> each : all) {
                each.get();
            }
            return dataflows / ((System.nanoTime() - start) / 1e9);
        } finally {
            threads.shutdown();
        }
    }
}
