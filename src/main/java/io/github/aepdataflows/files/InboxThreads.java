package io.github.aepdataflows.files;

import io.github.aepdataflows.settings.Settings;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.camel.util.concurrent.CamelThreadFactory;

/**
 * The threads that work on definitions: just as many as {@code aep.inbox.concurrency} says, and no queue. Whoever has one
 * more file waits for a free thread, so that what cannot be worked on yet stays in the inbox.
 */
public final class InboxThreads {

    private InboxThreads() {
    }

    public static ThreadPoolExecutor of(Settings settings) {
        int threads = settings.integer("aep.inbox.concurrency");
        return new ThreadPoolExecutor(threads, threads, 0, TimeUnit.SECONDS, new SynchronousQueue<>(),
                new CamelThreadFactory("aep-inbox", "aep", true), InboxThreads::waitForAThread);   // one that hangs keeps no process alive
    }

    private static void waitForAThread(Runnable work, ThreadPoolExecutor pool) {
        try {
            while (!pool.getQueue().offer(work, 1, TimeUnit.SECONDS)) {
                if (pool.isShutdown()) {
                    throw new RejectedExecutionException("the inbox is being closed");
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RejectedExecutionException("the inbox is being closed", e);
        }
    }
}
