package io.github.aepdataflows.provision;

import io.github.aepdataflows.settings.Settings;
import java.util.Map;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.MDC;

/**
 * Threads for what is done at the same time for one caller, who waits for all of it; there are some only as long as there is work. Where
 * none is free, the caller does the work itself, so that forks within forks never wait for each other.
 */
public final class ForkThreads {

    private static final long IDLE_SECONDS = 10;
    /** A fork within a fork has so many branches. */
    private static final int OF_ONE = 4;

    private ForkThreads() {
    }

    /** For the branches of a {@link Fork}: half as many as {@code aep.max-connections}, as those who do not fork need connections, too. */
    public static ThreadPoolExecutor of(Settings settings) {
        return threads("aep-fork", Math.max(OF_ONE, settings.integer("aep.max-connections") / 2));
    }

    /** For the definitions of all files with several: {@code aep.inbox.concurrency}, beside the one that each file has anyway. */
    public static ThreadPoolExecutor ofBatches(Settings settings) {
        return threads("aep-batch", settings.integer("aep.inbox.concurrency"));
    }

    private static ThreadPoolExecutor threads(String name, int most) {
        return new WithCallersMarks(most, work -> {
            Thread thread = new Thread(work, name);
            thread.setDaemon(true);   // one that hangs keeps no process alive
            return thread;
        });
    }

    /** Lines of the log that a thread writes carry what those of its caller do: which definition they are about. */
    private static final class WithCallersMarks extends ThreadPoolExecutor {

        private WithCallersMarks(int most, ThreadFactory threads) {
            super(0, most, IDLE_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), threads, (work, pool) -> work.run());
        }

        @Override
        public void execute(Runnable work) {
            Map<String, String> marks = MDC.getCopyOfContextMap();
            super.execute(() -> {
                Map<String, String> own = MDC.getCopyOfContextMap();
                put(marks);
                try {
                    work.run();
                } finally {
                    put(own);
                }
            });
        }

        private static void put(Map<String, String> marks) {
            if (marks == null) {
                MDC.clear();
            } else {
                MDC.setContextMap(marks);
            }
        }
    }
}
