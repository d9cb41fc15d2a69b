package io.github.aepdataflows.cli;

import java.io.PrintWriter;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.apache.camel.util.concurrent.CamelThreadFactory;
import picocli.CommandLine.Help.Ansi;

/** Says on standard error every few seconds how far a batch is: {@code 40 of 200, 2 failed}. A short one it leaves in peace. */
final class Progress implements AutoCloseable {

    private static final int SECONDS = 3;

    private final int all;
    private final PrintWriter err;
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(
            new CamelThreadFactory("progress", "aep", true));
    private int done;
    private int failed;

    private Progress(int all, PrintWriter err) {
        this.all = all;
        this.err = err;
    }

    /** @param wanted also where nobody looks at a terminal */
    static Progress of(int all, boolean wanted, PrintWriter err) {
        Progress progress = new Progress(all, err);
        if (wanted || Ansi.AUTO.enabled()) {
            progress.clock.scheduleAtFixedRate(progress::say, SECONDS, SECONDS, TimeUnit.SECONDS);
        }
        return progress;
    }

    synchronized void done(boolean well) {
        done++;
        failed += well ? 0 : 1;
    }

    private synchronized void say() {
        err.println("%d of %d, %d failed".formatted(done, all, failed));
        err.flush();
    }

    @Override
    public void close() {
        clock.shutdownNow();
    }
}
