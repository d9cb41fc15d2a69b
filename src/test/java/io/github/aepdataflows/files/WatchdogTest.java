package io.github.aepdataflows.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.aepdataflows.LogLines;
import io.github.aepdataflows.Rig;
import io.github.aepdataflows.simulator.Options;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WatchdogTest {

    @TempDir
    Path data;

    @Test
    void should_look_again_though_a_look_has_failed_for_want_of_a_thread() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        ThreadPoolExecutor threads = new ThreadPoolExecutor(1, 1, 1, TimeUnit.MINUTES, new LinkedBlockingQueue<>(), task -> {
            if (asked.incrementAndGet() == 2) {
                throw new OutOfMemoryError("unable to create native thread");
            }
            return new Thread(task);
        });
        CountDownLatch other = new CountDownLatch(1);
        try (LogLines log = LogLines.of("aep.inbox"); Rig rig = Rig.start(data, Options.defaults(), Map.of("aep.inbox.concurrency", "1",
                "aep.call-timeout", "10ms", "aep.response-timeout", "10ms", "aep.redelivery.retry-after-cap", "10ms"));
                Watchdog watchdog = new Watchdog(rig.settings(), threads)) {
            threads.execute(() -> await().forever().until(() -> other.getCount() == 0));
            threads.execute(other::countDown);
            watchdog.begin("hangs.yaml");

            assertThat(other.await(1, TimeUnit.MINUTES)).as("it is replaced by one more thread").isTrue();
            await().atMost(Duration.ofMinutes(1)).until(() -> log.contain("could not be looked at"));
        } finally {
            threads.shutdownNow();
        }
    }
}
