package io.github.aepdataflows.bench.figures;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.aepdataflows.Application;
import io.github.aepdataflows.Rig;
import io.github.aepdataflows.TestMain;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.Exchange;
import org.apache.camel.main.Main;

/**
 * How fast the program is, in one run and as ratios to a client that sends the same calls with nothing around them. The simulator is a
 * process of its own. A program, because timing belongs into no test: {@code mvn -q test-compile exec:java@bench}; {@code -Dbench.flows}
 * says for how many flows the audit is measured, as in 1000,10000,100000.
 */
public final class Figures {

    private static final int LATENCY = 50;
    private static final int WARM_UP = Integer.getInteger("bench.warm-up", 1_500);
    private static final int[] IN_FLIGHT = {1, 8, 64};
    private static final String EXAMPLE = "customer-success";

    private final AtomicInteger next = new AtomicInteger();

    private Figures() {
    }

    public static void main(String[] arguments) throws Exception {
        new Figures().print();
        System.exit(0);   // the threads of a context that was stopped need not end by themselves
    }

    private void print() throws Exception {
        try (Platform far = Platform.start(LATENCY); Platform near = Platform.start(0)) {
            Path data = Files.createTempDirectory("aep-figures");
            Main main = TestMain.with(far.settings(data.resolve("far")));
            main.start();
            title("One dataflow (" + EXAMPLE + ") at " + LATENCY + " ms a call");
            double cold = millis(() -> make(main));
            List<JsonNode> coldCalls = far.calls();
            double second = millis(() -> make(main));
            String name = name(next.get());
            List<JsonNode> calls = far.calls().subList(coldCalls.size(), far.calls().size());
            List<JsonNode> creates = calls.stream().filter(Figures::isBare).toList();
            RawClient same = new RawClient(far.url(), far.token(), calls, name);
            RawClient bare = new RawClient(far.url(), far.token(), creates, name);

            Main fast = TestMain.with(near.settings(data.resolve("near")));
            fast.start();
            make(fast);
            int before = near.calls().size();
            make(fast);
            List<JsonNode> nearCalls = near.calls();
            RawClient nearSame = new RawClient(near.url(), near.token(), nearCalls.subList(before, nearCalls.size()), name(next.get()));
            Load.of(WARM_UP, 8, () -> make(fast));
            Load.of(WARM_UP, 8, () -> nearSame.send(name(next.incrementAndGet())));

            double sequential = median(() -> same.send(name(next.incrementAndGet())));
            double bareMillis = median(() -> bare.send(name(next.incrementAndGet())));
            double warm = median(() -> make(main));
            Main trusting = TestMain.with(far.settings(data.resolve("trusting")));
            trusting.addOverrideProperty("aep.verify", "false");
            trusting.start();
            make(trusting);
            double unverified = median(() -> make(trusting));
            trusting.stop();
            line("the bare creates, one after the other", "%6.0f ms  %2d requests", bareMillis, creates.size());
            line("a client that sends the same calls as warm", "%6.0f ms  %2d requests", sequential, calls.size());
            line("cold: the first of an application", "%6.0f ms  %2d requests", cold, coldCalls.size());
            line("the second", "%6.0f ms  %2d requests", second, calls.size());
            line("warm", "%6.0f ms  %2d requests  %.2f x the same calls, %.2f x the bare creates, %.1f round trips", warm, calls.size(),
                    warm / sequential, warm / bareMillis, warm / LATENCY);
            line("warm, with aep.verify=false", "%6.0f ms              %.2f x the bare creates, %.1f round trips", unverified,
                    unverified / bareMillis, unverified / LATENCY);
            line("least, as schema, dataset, target connection and flow wait for each other", "%6d ms", 4 * LATENCY);

            title("Throughput at " + LATENCY + " ms a call");
            for (int inFlight : IN_FLIGHT) {
                int dataflows = inFlight == 1 ? 8 : inFlight * 6;
                Load.of(inFlight, inFlight, () -> make(main));
                Load ours = Load.of(dataflows, inFlight, () -> make(main));
                Load raw = Load.of(dataflows, inFlight, () -> same.send(name(next.incrementAndGet())));
                loads("%2d in flight".formatted(inFlight), ours, raw);
            }
            title("Throughput and CPU at 0 ms a call, 8 in flight");
            loads("ledger on disk", Load.of(400, 8, () -> make(fast)), Load.of(400, 8, () -> nearSame.send(name(next.incrementAndGet()))));
            fast.stop();
            Path memory = Path.of("/dev/shm");
            if (Files.isWritable(memory)) {
                Path ledger = Files.createTempDirectory(memory, "aep-figures");
                Main inMemory = TestMain.with(near.settings(data.resolve("memory")));
                inMemory.addOverrideProperty("aep.ledger.url", "jdbc:sqlite:" + ledger.resolve("ledger.db"));
                inMemory.start();
                Load.of(100, 8, () -> make(inMemory));
                loads("ledger in memory", Load.of(400, 8, () -> make(inMemory)),
                        Load.of(400, 8, () -> nearSame.send(name(next.incrementAndGet()))));
                inMemory.stop();
                Rig.names(ledger, ".").forEach(file -> ledger.resolve(file).toFile().delete());
                Files.deleteIfExists(ledger);
            }
            main.stop();

            title("Start until the routes work, and resident memory then, as the launcher starts Java, without its archive; median of 3");
            Start empty = start(() -> Start.of(EmptyMain.class, List.of(), Map.of(), line -> line != null && line.endsWith("started")));
            Start ours = start(() -> Start.of(Application.class, List.of("run"), near.environment(data.resolve("start")),
                    line -> line != null && line.contains(" started: ")));
            line("Camel Main with one route", "%6.0f ms  %4d MiB", empty.millis(), empty.mebibytes());
            line("this program", "%6.0f ms  %4d MiB  %.2f x", ours.millis(), ours.mebibytes(), ours.millis() / empty.millis());

            title("Audit of hourly flows with " + ManyFlows.RUNS_EACH + " runs each; pages of 100");
            for (String flows : System.getProperty("bench.flows", "1000,10000").split(",")) {
                audit(near, data.resolve("audit-" + flows), Integer.parseInt(flows));
            }

            title("Requests of a dataflow in a file of several, by an application that has just started");
            for (int size : new int[] {1, 20, 200}) {
                requests(near, data.resolve("batch-" + size), size);
            }
        }
    }

    private void requests(Platform near, Path data, int size) throws Exception {
        Main main = TestMain.with(near.settings(data));
        main.start();
        StringBuilder file = new StringBuilder();
        for (int n = 0; n < size; n++) {
            file.append("---\n").append(Rig.example(EXAMPLE, name(next.incrementAndGet())));
        }
        int before = near.calls().size();
        send(main, "direct:aep-provision-all", file.toString());
        List<JsonNode> calls = near.calls();
        List<JsonNode> ours = calls.subList(before, calls.size());
        main.stop();
        line(size + (size == 1 ? " definition" : " definitions"), "%6.1f each, of which %.1f creates", ours.size() / (double) size,
                ours.stream().filter(Figures::isCreate).count() / (double) size);
    }

    private static void audit(Platform near, Path data, int flows) throws Exception {
        try (ManyFlows many = new ManyFlows(flows)) {
            Map<String, String> settings = near.settings(data);
            settings.put("aep.url", many.url());
            settings.put("aep.token-url", many.url() + "/ims/token/v3");
            settings.put("aep.log.shown", "warn");
            Main main = TestMain.with(settings);
            main.start();
            for (String which : List.of("the first", "the next")) {
                int before = many.requests();
                try (LiveHeap heap = new LiveHeap()) {
                    double millis = millis(() -> main.getCamelContext().createFluentProducerTemplate().to("direct:aep-audit").request());
                    line("%s of %,d flows".formatted(which, flows), "%,6d requests, %5.1f s, %4.0f MiB", many.requests() - before,
                            millis / 1000, heap.mebibytes());
                }
            }
            main.stop();
        }
    }

    private static boolean isCreate(JsonNode call) {
        return call.path("method").asText().equals("POST") && !call.path("path").asText().endsWith("/validate");
    }

    /** What a script does, too. */
    private static boolean isBare(JsonNode call) {
        return isCreate(call) || call.path("path").asText().endsWith("/flowSpecs");
    }

    private static String name(int number) {
        return "figure%06d".formatted(number);
    }

    private void make(Main main) throws IOException {
        send(main, "direct:aep-provision", Rig.example(EXAMPLE, name(next.incrementAndGet())));
    }

    private static void send(Main main, String endpoint, String definitions) {
        Exchange done = main.getCamelContext().createFluentProducerTemplate().to(endpoint).withBody(definitions).request(Exchange.class);
        if (done.getException() != null || done.getVariable("aepError") != null) {
            throw new IllegalStateException(String.valueOf(done.getVariable("aepError")), done.getException());
        }
    }

    private static double millis(Load.Work work) throws Exception {
        long start = System.nanoTime();
        work.make();
        return (System.nanoTime() - start) / 1e6;
    }

    private static double median(Load.Work work) throws Exception {
        double[] all = new double[9];
        for (int n = 0; n < all.length; n++) {
            all[n] = millis(work);
        }
        Arrays.sort(all);
        return all[all.length / 2];
    }

    private static Start start(Callable<Start> one) throws Exception {
        List<Start> all = new ArrayList<>();
        for (int n = 0; n < 3; n++) {
            all.add(one.call());
        }
        all.sort(Comparator.comparingDouble(Start::millis));
        return all.get(1);
    }

    private static void loads(String what, Load ours, Load raw) {
        line(what, "%6.1f dataflows/s, %6.2f ms of CPU each; the same calls alone: %6.1f/s, %5.2f ms; ratio %.2f, %.1f", ours.perSecond(),
                ours.cpuMillis(), raw.perSecond(), raw.cpuMillis(), ours.perSecond() / raw.perSecond(), ours.cpuMillis() / raw.cpuMillis());
    }

    private static void title(String text) {
        System.out.printf("%n%s%n", text);
    }

    private static void line(String what, String format, Object... values) {
        System.out.printf("  %-46s %s%n", what, format.formatted(values));
    }
}
