package io.github.aepdataflows.bench;

import io.github.aepdataflows.TestMain;
import io.github.aepdataflows.ledger.Ledger;
import io.github.aepdataflows.ledger.Wire;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.main.Main;

/**
 * An instance of the application in this JVM, which can be killed, paused and started again: a hundred of them start in the time of a few
 * JVMs. {@link CrashPointsIT} and {@link RandomKillIT} kill real processes.
 */
final class Node {

    /** This node's idea of the time. */
    private static final class Watch extends Clock {
        private volatile Duration off = Duration.ZERO;

        @Override
        public Instant instant() {
            return Instant.now().plus(off);
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            throw new UnsupportedOperationException("UTC only");
        }
    }

    private final Map<String, String> settings;
    private final Optional<Wire> wire;
    private final Watch watch = new Watch();
    private boolean connected;
    private Lifeline lifeline = new Lifeline();
    private Main main;

    /** @param wire to PostgreSQL, which is down; empty when the ledger is a file */
    Node(Bench bench, int number, Optional<Wire> wire) throws IOException {
        this.settings = new HashMap<>(bench.settings());
        this.wire = wire;
        settings.put("camel.main.name", settings.get("camel.main.name") + "-" + number);
        settings.put("aep.clock", "#bean:benchWatch");
        wire.ifPresent(way -> settings.compute("aep.ledger.url", (name, url) -> url.replaceFirst(":\\d+/", ":" + way.port() + "/")));
        connect();
    }

    boolean isStarted() {
        return main != null;
    }

    /** Whether it would take a file now. */
    boolean works() {
        return isStarted() && !lifeline.isDead() && !lifeline.isAsleep();
    }

    Lifeline lifeline() {
        return lifeline;
    }

    Main main() {
        return main;
    }

    Optional<Wire> wire() {
        return wire;
    }

    void setOff(Duration by) {
        watch.off = by;
    }

    void start() throws Exception {
        lifeline = new Lifeline();
        Main starting = TestMain.with(settings);
        starting.bind("benchLifeline", lifeline);
        starting.bind("benchWatch", watch);
        starting.configure().withRouteFilterExcludePattern("aep-quartz:*");   // its scheduler takes half a second to stop
        starting.start();
        main = starting;
    }

    /** In an orderly way: what is in work is finished first. */
    void stop() {
        lifeline.loosen();
        main.stop();
        main = null;
    }

    /** Of the process nothing is left: no thread of it does anything any more, its locks and connections have gone. */
    void kill() throws IOException {
        boolean wasConnected = connected;
        lifeline.cut();
        disconnect();   // a transaction under way ends with its connection
        main.getCamelContext().getRegistry().lookupByNameAndType("aepLedger", Ledger.class).close();
        lifeline.awaitNothingOnItsWay();
        main.stop();
        main = null;
        if (wasConnected) {
            connect();
        }
    }

    /** To PostgreSQL. */
    void connect() throws IOException {
        if (wire.isPresent() && !connected) {
            wire.get().up();
            connected = true;
        }
    }

    void disconnect() throws IOException {
        if (wire.isPresent() && connected) {
            wire.get().down();
            connected = false;
        }
    }
}
