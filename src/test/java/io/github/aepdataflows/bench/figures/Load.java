package io.github.aepdataflows.bench.figures;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Dataflows that were made at the same time.
 *
 * @param perSecond how many a second
 * @param cpuMillis of this process, for each of them
 */
record Load(double perSecond, double cpuMillis) {

    private static final OperatingSystemMXBean SYSTEM = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

    /** Makes one dataflow. */
    interface Work {
        void make() throws Exception;
    }

    static Load of(int dataflows, int inFlight, Work work) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(inFlight);
        try {
            long cpu = SYSTEM.getProcessCpuTime();
            long start = System.nanoTime();
            List<Future<?>> all = new ArrayList<>();
            for (int n = 0; n < dataflows; n++) {
                all.add(threads.submit(() -> {
                    work.make();
                    return null;
                }));
            }
            for (Future<?> each : all) {
                each.get();
            }
            double seconds = (System.nanoTime() - start) / 1e9;
            return new Load(dataflows / seconds, (SYSTEM.getProcessCpuTime() - cpu) / 1e6 / dataflows);
        } finally {
            threads.shutdown();
        }
    }
}
