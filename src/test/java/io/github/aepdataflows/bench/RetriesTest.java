package io.github.aepdataflows.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.aepdataflows.Rig;
import io.github.aepdataflows.TestMain;
import io.github.aepdataflows.ledger.Ledger;
import io.github.aepdataflows.simulator.Fault;
import io.github.aepdataflows.simulator.Options;
import io.github.aepdataflows.simulator.Request;
import io.github.aepdataflows.simulator.RunKind;
import io.github.aepdataflows.simulator.Simulator;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.NamedNode;
import org.apache.camel.Processor;
import org.apache.camel.main.Main;
import org.apache.camel.spi.InterceptStrategy;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Failing runs that the audit repeats, with answers that are lost, refusals, and a program that dies at each place of an order and is
 * started again on what is left: never more repetitions than the bounds allow, at most one of each failure, and none of a failure that a
 * repetition cannot mend. {@code -Dbench.retries=1000} for so many failing runs, {@code -Dseed=…} for others.
 */
class RetriesTest {

    private static final int PER_RUN = 2;
    private static final int PER_FLOW = 8;
    private static final int PER_DAY = 24;
    private static final int FLOWS = 4;
    /** An order that the program has died over is waited for so long before it is looked for. */
    private static final String UNTIL_OVER = "400ms";
    private static final Duration A_DAY = Duration.ofHours(23).plusMinutes(30);   // orders are hours apart
    private static final List<String> PLACES = List.of("before:aep-begin-run", "after:aep-begin-run", "after:aep-post-run",
            "before:aep-complete-run", "after:aep-complete-run", "before:aep-found-run", "after:aep-found-run");
    private static final List<RunKind> KINDS = List.of(RunKind.COPY_FAILED, RunKind.COPY_FAILED, RunKind.PROMOTION_FAILED,
            RunKind.SOURCE_MISSING, RunKind.SUCCESS);

    @TempDir
    Path data;

    /** Dies at the place that it is armed for: from then on nothing is begun or recorded, until the program is started again. */
    private static final class Deaths implements InterceptStrategy {

        private final Map<String, Integer> died = new TreeMap<>();
        private volatile String place = "";
        private volatile boolean dead;

        @Override
        public Processor wrapProcessorInInterceptors(CamelContext context, NamedNode definition, Processor target, Processor next) {
            return PLACES.stream().noneMatch(each -> each.endsWith(":" + definition.getId())) ? target : exchange -> {
                dieAt(exchange, "before:" + definition.getId());
                if (exchange.getException() == null) {
                    target.process(exchange);
                }
                if (exchange.getException() == null) {
                    dieAt(exchange, "after:" + definition.getId());
                }
            };
        }

        /** An exception of no kind that the routes know. */
        private void dieAt(Exchange exchange, String where) {
            if (where.equals(place)) {
                place = "";
                dead = true;
                died.merge(where, 1, Integer::sum);
            }
            if (dead) {
                exchange.setException(new IllegalStateException("dead"));
            }
        }
    }

    /** @param start of the data that the run reads, by which a repetition is known */
    private record RunOf(String flow, long start, long createdAt, boolean failed, boolean mendable) {

        static RunOf of(ObjectNode run) {
            String errors = run.path("activities").findValuesAsText("code").toString() + run.at("/metrics/statusSummary/errors");
            boolean failed = run.at("/metrics/statusSummary/status").asText().equals("failed");
            return new RunOf(run.path("flowId").asText(), run.at("/activities/0/durationSummary/extensions/windowStart").asLong(),
                    run.path("createdAt").asLong(), failed, failed && !errors.contains("-4"));
        }
    }

    @Test
    void should_repeat_each_failure_once_and_within_its_bounds_whatever_happens() throws Exception {
        Random random = new Random(Long.getLong("seed", 20261126));
        int wanted = Integer.getInteger("bench.retries", 70);
        Deaths deaths = new Deaths();
        AtomicInteger left = new AtomicInteger();
        try (Simulator simulator = Simulator.start(Options.defaults().withClientSecret(Rig.MARKER + "&rig+100%"))) {
            Main main = started(simulator, deaths, "60s");
            for (int i = 0; i < FLOWS; i++) {
                String definition = Rig.example("customer-success", i).replace("frequency: minute", "frequency: hour")
                        .replace("interval: 15", "interval: 1");
                Exchange made = send(main, "direct:aep-provision", definition);
                assertThat(made.getException()).isNull();
                List<RunKind> script = random.ints(500, 0, KINDS.size()).mapToObj(KINDS::get).toList();
                simulator.runs().script(Rig.json(made.getMessage().getBody(String.class)).at("/resources/flow").asText(), script);
            }
            main.stop();
            main = started(simulator, deaths, UNTIL_OVER);
            String next = "";
            for (int round = 0; runs(simulator).stream().filter(RunOf::failed).count() < wanted; round++) {
                simulator.clock().advance(Duration.ofHours(wanted > 200 ? 4 : 1));
                fault(simulator, random);
                if (next.isEmpty() && (deaths.died.size() < PLACES.size() || round % 20 == 0)) {
                    next = PLACES.get(deaths.died.values().stream().mapToInt(n -> n).sum() % PLACES.size());
                    deaths.place = next;
                }
                if (next.contains("found")) {   // it is looked for only where an answer was lost
                    simulator.faults().when(RetriesTest::isRepetition, 1, Fault.reset().afterCommit());
                }
                Exchange audit = send(main, "direct:aep-audit", "");
                if (deaths.dead) {
                    next = "";
                    deaths.dead = false;
                    main.stop();
                    main = started(simulator, deaths, UNTIL_OVER);
                } else {
                    assertThat(audit.getException()).isNull();
                    Rig.json(audit.getMessage().getBody(String.class)).path("retries").forEach(run ->
                            left.addAndGet(run.path("outcome").asText().equals("left") ? 1 : 0));
                }
                simulator.faults().clear();
            }
            deaths.place = "";
            send(main, "direct:aep-audit", "");
            Ledger ledger = main.getCamelContext().getRegistry().lookupByNameAndType("aepLedger", Ledger.class);
            assertThat(ledger.openRunOrders()).isEmpty();
            main.stop();
            print(simulator, deaths, left.get());
            assertWithinBounds(runs(simulator));
            assertThat(deaths.died.keySet()).containsExactlyInAnyOrderElementsOf(PLACES);
            assertThat(left.get()).as("bounds were reached").isPositive();
        }
    }

    private Main started(Simulator simulator, Deaths deaths, String callTimeout) throws Exception {
        Map<String, String> settings = Rig.settings(simulator, data);
        settings.putAll(Map.of("aep.clock", "#bean:simulatorClock", "aep.audit.retry", "true", "aep.audit.lookback", "2d",
                "aep.audit.retry.per-run", "" + PER_RUN, "aep.audit.retry.per-flow", "" + PER_FLOW, "aep.audit.retry.per-day", "" + PER_DAY,
                "aep.inbox.enabled", "false", "aep.redelivery.max", "2", "aep.call-timeout", callTimeout));
        Main main = TestMain.with(settings);
        main.bind("simulatorClock", simulator.clock());
        main.bind("benchDeaths", deaths);
        main.configure().withRouteFilterExcludePattern("aep-quartz:*");
        main.start();
        return main;
    }

    private static Exchange send(Main main, String endpoint, String body) {
        return main.getCamelContext().createFluentProducerTemplate().to(endpoint).withBody(body).request(Exchange.class);
    }

    private static boolean isRepetition(Request request) {
        return request.method().equals("POST") && request.query().equals("op=re-trigger");
    }

    private static void fault(Simulator simulator, Random random) {
        List<Fault> faults = List.of(Fault.reset(), Fault.reset().afterCommit(), Fault.status(503), Fault.status(429),
                Fault.truncate(20).afterCommit());
        if (random.nextInt(3) == 0) {
            simulator.faults().when(RetriesTest::isRepetition, 1 + random.nextInt(2), faults.get(random.nextInt(faults.size())));
        }
        if (random.nextInt(10) == 0) {
            simulator.faults().when(request -> request.method().equals("GET") && request.path().endsWith("/runs"),
                    1 + random.nextInt(20), Fault.status(503));
        }
    }

    private static List<RunOf> runs(Simulator simulator) {
        return simulator.store().resources(Rig.SANDBOX, "runs").stream().map(RunOf::of)
                .sorted(Comparator.comparingLong(RunOf::createdAt)).toList();
    }

    private static void assertWithinBounds(List<RunOf> runs) {
        List<RunOf> repetitions = new ArrayList<>();
        runs.stream().collect(Collectors.groupingBy(run -> run.flow() + run.start())).forEach((window, ofWindow) -> {
            assertThat(ofWindow.size() - 1).as(ofWindow::toString).isLessThanOrEqualTo(PER_RUN)
                    .isLessThanOrEqualTo((int) ofWindow.stream().filter(RunOf::mendable).count());
            repetitions.addAll(ofWindow.subList(1, ofWindow.size()));
        });
        assertThat(repetitions).isNotEmpty();
        for (RunOf one : repetitions) {
            List<RunOf> ofDay = repetitions.stream().filter(other -> other.createdAt() <= one.createdAt()
                    && other.createdAt() > one.createdAt() - A_DAY.toMillis()).toList();
            assertThat(ofDay).hasSizeLessThanOrEqualTo(PER_DAY);
            assertThat(ofDay.stream().filter(other -> other.flow().equals(one.flow()))).hasSizeLessThanOrEqualTo(PER_FLOW);
        }
    }

    private static void print(Simulator simulator, Deaths deaths, int left) {
        List<RunOf> runs = runs(simulator);
        long windows = runs.stream().map(run -> run.flow() + run.start()).distinct().count();
        System.out.printf("%d failed runs, %d mendable; %d repetitions, %d requests for them, %d times left by a bound; deaths %s%n",
                runs.stream().filter(RunOf::failed).count(), runs.stream().filter(RunOf::mendable).count(), runs.size() - windows,
                simulator.requests().all().stream().filter(RetriesTest::isRepetition).count(), left, deaths.died);
    }
}
