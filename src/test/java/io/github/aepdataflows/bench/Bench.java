package io.github.aepdataflows.bench;

import static org.awaitility.Awaitility.await;

import io.github.aepdataflows.Rig;
import io.github.aepdataflows.TestMain;
import io.github.aepdataflows.ledger.Ledger;
import io.github.aepdataflows.ledger.LedgerException;
import io.github.aepdataflows.simulator.Options;
import io.github.aepdataflows.simulator.Simulator;
import io.github.aepdataflows.wire.RequestFacts;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.Exchange;
import org.apache.camel.main.Main;

/**
 * A Platform, a data folder and the definitions dropped into it, which all outlive the application: it can be started,
 * killed and started again on them, in this JVM or in a child.
 */
final class Bench implements AutoCloseable {

    /** Long enough for a machine that does other things too: a hang must fail, not slowness. */
    static final Duration PATIENCE = Duration.ofSeconds(120);
    static final String CANARY = "c4nary&secret+100%";

    private static final AtomicInteger NUMBER = new AtomicInteger();

    private final Simulator simulator;
    private final Path data;
    private final Map<String, String> settings = new HashMap<>();
    private final Map<String, byte[]> dropped = new LinkedHashMap<>();

    Bench(Path data) throws IOException {
        this(data, Options.defaults());
    }

    Bench(Path data, Options options) throws IOException {
        this.data = Files.createDirectories(data);
        this.simulator = Simulator.start(options.withClientSecret(CANARY));
        settings.putAll(Rig.settings(simulator, data));
        // Quartz registers its scheduler under the context's name, once in a JVM
        settings.put("camel.main.name", "bench-" + NUMBER.incrementAndGet());
        settings.put("aep.settle-window", "300");
        settings.put("aep.breaker.pause", "100");
        settings.put("aep.inbox.pause", "100");
        settings.put("aep.redelivery.max", "8");
        settings.put("aep.redelivery.retry-after-cap", "200");
        settings.put("aep.call-timeout", "1500");
        settings.put("aep.response-timeout", "1000");
    }

    Simulator simulator() {
        return simulator;
    }

    Platform platform() {
        return new Platform(simulator);
    }

    Path data() {
        return data;
    }

    Map<String, String> settings() {
        return settings;
    }

    Bench set(String name, Object value) {
        settings.put(name, String.valueOf(value));
        return this;
    }

    /** Drops a file, under a name that no file had before. */
    void drop(String file, String content) throws IOException {
        byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
        if (dropped.put(file, bytes) != null) {
            throw new IllegalArgumentException(file + " was dropped before");
        }
        Definitions.addTable(simulator, content);
        Path inbox = Files.createDirectories(data.resolve("inbox"));
        Path part = Files.write(inbox.resolve("." + file + ".tmp"), bytes);
        Files.move(part, inbox.resolve(file), StandardCopyOption.ATOMIC_MOVE);
    }

    /** Everything that was dropped so far: file name to content. */
    Map<String, byte[]> dropped() {
        return dropped;
    }

    /** Somebody else, with a ledger of their own, makes a dataflow in the same sandbox. */
    void foreign(String definition) throws Exception {
        Definitions.addTable(simulator, definition);
        Path elsewhere = data.resolveSibling(data.getFileName() + "-foreign");
        Map<String, String> theirs = new HashMap<>(settings);
        theirs.put("aep.data-dir", elsewhere.toString());
        theirs.put("camel.main.name", settings.get("camel.main.name") + "-foreign");
        Files.writeString(Files.createDirectories(elsewhere.resolve("inbox")).resolve("foreign.yaml"), definition);
        Main main = TestMain.with(theirs);
        main.start();
        try {
            await().atMost(PATIENCE).until(() -> Files.exists(elsewhere.resolve("done/foreign.yaml")));
        } finally {
            main.stop();
        }
    }

    /** Starts the application in this JVM; it ends with the returned object. */
    Main start(Object... beans) throws Exception {
        Main main = TestMain.with(settings);
        for (Object bean : beans) {
            main.bind("bench" + bean.hashCode(), bean);
        }
        main.start();
        return main;
    }

    /** Works in this JVM until nothing is left to do. */
    void finish(Object... beans) throws Exception {
        Main main = start(beans);
        try {
            awaitIdle();
        } finally {
            main.stop();
        }
    }

    void awaitIdle() {
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(20)).until(this::idle);
    }

    /** Every file that was dropped has its document, and none is left in the inbox. */
    boolean idle() {
        List<String> done = names("done");
        List<String> failed = names("failed");
        return names("inbox").stream().allMatch(name -> name.startsWith("."))
                && dropped.keySet().stream().allMatch(file -> done.contains(file) && done.contains(file + ".receipt.json")
                        || failed.contains(file) && failed.contains(file + ".error.json"));
    }

    List<String> names(String folder) {
        return Rig.names(data, folder);
    }

    /** The ledger of the bench's settings, open; not while an application has it, unless it is PostgreSQL's. */
    Ledger ledger() throws LedgerException {
        String file = "jdbc:sqlite:" + data.resolve("ledger/ledger.db");
        Ledger ledger = new Ledger(settings.getOrDefault("aep.ledger.url", file), settings.getOrDefault("aep.ledger.user", ""), "",
                simulator.options().orgId(), Rig.SANDBOX, Duration.ofSeconds(30));
        ledger.open();
        return ledger;
    }

    /** What an application would still change; empty when the Platform is as the definition says. */
    static List<String> plan(Main main, String definition) throws IOException {
        Exchange planned = main.getCamelContext().createFluentProducerTemplate().to("direct:aep-plan").withBody(definition)
                .request(Exchange.class);
        String text = planned.getMessage().getBody(String.class);
        boolean empty = planned.getException() == null && Rig.json(text).path("empty").asBoolean();
        return empty ? List.of() : List.of("a plan says " + planned.getException() + " " + text);
    }

    Oracle oracle() {
        return new Oracle(this);
    }

    @Override
    public void close() throws IOException {
        simulator.close();
        RequestFacts.hold(simulator.requests().all());
    }

    /** Of the cases of a matrix, one in {@code bench.every-case}; which, its name decides. */
    static boolean isIncluded(String name) {
        return Math.floorMod(name.hashCode(), Integer.getInteger("bench.every-case", 1)) == 0;
    }
}
