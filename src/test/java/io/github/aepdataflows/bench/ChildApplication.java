package io.github.aepdataflows.bench;

import io.github.aepdataflows.TestMain;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.camel.Exchange;
import org.apache.camel.main.Main;

/**
 * The application in a JVM of its own that dies at a given point, as by a power cut: no hook runs, nothing is flushed.
 * {@code -Dbench.halt=before:aep-begin-flow}, {@code after:…}; {@code -Dbench.halt.nth} counts from 1. Without them it runs
 * until somebody ends it.
 */
final class ChildApplication {

    /** As a shell reports a process that was killed by SIGKILL. */
    static final int KILLED = 137;

    private ChildApplication() {
    }

    public static void main(String[] arguments) throws Exception {
        Main main = TestMain.with(Map.of());
        String point = System.getProperty("bench.halt", "");
        if (!point.isEmpty()) {
            String node = point.substring(point.indexOf(':') + 1);
            int nth = Integer.getInteger("bench.halt.nth", 1);
            Consumer<Exchange> halt = exchange -> Runtime.getRuntime().halt(KILLED);
            main.bind("benchHalt", point.startsWith("before:") ? NodeWatch.before(node, nth, halt) : NodeWatch.after(node, nth, halt));
        }
        System.exit(main.run(arguments));
    }
}
