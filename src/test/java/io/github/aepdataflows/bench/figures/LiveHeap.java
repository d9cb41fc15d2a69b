package io.github.aepdataflows.bench.figures;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;

/** How much memory is in use, without garbage, at most while this is open. Collecting garbage all the time takes its time. */
final class LiveHeap implements AutoCloseable {

    private static final MemoryMXBean MEMORY = ManagementFactory.getMemoryMXBean();

    private final Thread thread = new Thread(this::watch, "live-heap");
    private volatile boolean over;
    private volatile long most;

    LiveHeap() {
        thread.setDaemon(true);
        thread.start();
    }

    private void watch() {
        while (!over) {
            MEMORY.gc();
            most = Math.max(most, MEMORY.getHeapMemoryUsage().getUsed());
            try {
                Thread.sleep(500);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    double mebibytes() {
        return most / 1024.0 / 1024;
    }

    @Override
    public void close() {
        over = true;
        thread.interrupt();
    }
}
