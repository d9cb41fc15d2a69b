package io.github.aepdataflows.provision;

import io.github.aepdataflows.settings.Settings;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

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
        return new ThreadPoolExecutor(0, most, IDLE_SECONDS, TimeUnit.SECONDS, new SynchronousQueue<>(), work -> {
            Thread thread = new Thread(work, name);
            thread.setDaemon(true);   // one that hangs keeps no process alive
            return thread;
        }, (work, pool) -> work.run());
    }
}
