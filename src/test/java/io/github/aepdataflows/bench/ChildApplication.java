package io.github.aepdataflows.bench;

import io.github.aepdataflows.TestMain;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.apache.camel.Exchange;
import org.apache.camel.main.DefaultMainShutdownStrategy;
import org.apache.camel.main.Main;

/**
 * The application in a JVM of its own that dies at a given point, as by a power cut: no hook runs, nothing is flushed.
 * {@code -Dbench.halt=before:aep-begin-flow}, {@code after:…}; {@code -Dbench.halt.nth} counts from 1. With
 * {@code -Dbench.hang=aep-begin-flow} it never gets past that point, the first time. Without them it runs until somebody ends it: as by a
 * power cut, too, or with {@code -Dbench.hook=true} as SIGTERM ends the product.
 */
final class ChildApplication {

    /** As a shell reports a process that was killed by SIGKILL. */
    static final int KILLED = 137;

    private ChildApplication() {
    }

    /** As a system call that no interrupt ends. */
    private static void neverReturn() {
        while (true) {
            LockSupport.parkNanos(1_000_000_000);
            Thread.interrupted();
        }
    }

    public static void main(String[] arguments) throws Exception {
        Main main = TestMain.with(Map.of());
        if (Boolean.getBoolean("bench.hook")) {
            main.setShutdownStrategy(new DefaultMainShutdownStrategy(main));
        }
        String point = System.getProperty("bench.halt", "");
        if (!point.isEmpty()) {
            String node = point.substring(point.indexOf(':') + 1);
            int nth = Integer.getInteger("bench.halt.nth", 1);
            Consumer<Exchange> halt = exchange -> Runtime.getRuntime().halt(KILLED);
            main.bind("benchHalt", point.startsWith("before:") ? NodeWatch.before(node, nth, halt) : NodeWatch.after(node, nth, halt));
        }
        String hang = System.getProperty("bench.hang", "");
        if (!hang.isEmpty()) {
            main.bind("benchHang", NodeWatch.before(hang, 1, exchange -> neverReturn()));
        }
        System.exit(main.run(arguments));
    }
}
