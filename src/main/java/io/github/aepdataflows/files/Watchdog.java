package io.github.aepdataflows.files;

import io.github.aepdataflows.provision.Work;
import io.github.aepdataflows.settings.Settings;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;
import org.apache.camel.util.concurrent.CamelThreadFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees files of the inbox that do not get on, for longer than anything that we wait for can last. Each is named in the log once, makes the
 * application unhealthy, and is replaced by one more thread, so that it stops no other.
 */
public final class Watchdog extends AbstractHealthCheck implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger("aep.inbox");
    private static final int MOST_CALLS = 10;

    private final Duration limit;
    private final ThreadPoolExecutor threads;
    private final int usual;
    private final Map<String, Work> all = new ConcurrentHashMap<>();
    private final Set<Work> told = new HashSet<>();
    private ScheduledExecutorService looks;

    /** @param threads those of the inbox */
    public Watchdog(Settings settings, ThreadPoolExecutor threads) {
        super("aep", "aep-inbox");
        this.limit = limit(settings);
        this.threads = threads;
        this.usual = settings.integer("aep.inbox.concurrency");
    }

    /** Between two signs of life lie a few calls, and the longest wait that the Platform can ask for; and this is twice as long. */
    private static Duration limit(Settings settings) {
        return settings.duration("aep.redelivery.retry-after-cap").plus(settings.duration("aep.redelivery.max-delay"))
                .plus(settings.duration("aep.settle-window")).multipliedBy(2)
                .plus(settings.duration("aep.call-timeout").multipliedBy(MOST_CALLS));
    }

    Work begin(String file) {
        Work work = new Work(file);
        all.put(file, work);
        synchronized (this) {
            if (looks == null) {   // not before: the beans of a YAML file are made twice
                looks = Executors.newSingleThreadScheduledExecutor(new CamelThreadFactory("aep-watchdog", "aep", true));
                long pause = limit.dividedBy(MOST_CALLS).toMillis() + 1;
                looks.scheduleWithFixedDelay(this::look, pause, pause, TimeUnit.MILLISECONDS);
            }
        }
        return work;
    }

    void end(String file) {
        all.remove(file);
    }

    public List<Work> inWork() {
        return List.copyOf(all.values());
    }

    private List<Work> hanging() {
        return all.values().stream().filter(work -> work.idle() > limit.toNanos()).toList();
    }

    /** One that fails, as where there is no room for another thread, is not the last: the next one may find what this one wanted. */
    private void look() {
        try {
            lookAround();
        } catch (RuntimeException | Error e) {
            LOG.error("the files in work could not be looked at, which is tried again: {}", e.toString());
        }
    }

    private void lookAround() {
        List<Work> hanging = hanging();
        hanging.stream().filter(told::add).forEach(work -> LOG.error("{}. It may hang; the other files are worked on. Restart the"
                + " program to work on it again; if that does not help, please report it", words(work)));
        told.retainAll(hanging);
        int size = usual + Math.min(hanging.size(), usual);
        if (!hanging.isEmpty() && size >= threads.getCorePoolSize()) {
            threads.setMaximumPoolSize(size);
            threads.setCorePoolSize(size);
            threads.prestartAllCoreThreads();   // somebody may wait for one
        } else if (size < threads.getCorePoolSize()) {
            threads.setCorePoolSize(size);
            threads.setMaximumPoolSize(size);
        }
    }

    private static String words(Work work) {
        return "%s: has not got on since %s, at: %s".formatted(work.file(),
                Instant.now().minusNanos(work.idle()).truncatedTo(ChronoUnit.SECONDS), work.step());
    }

    @Override
    protected void doCall(HealthCheckResultBuilder builder, Map<String, Object> options) {
        List<Work> hanging = hanging();
        if (hanging.isEmpty()) {
            builder.up();
        } else {
            builder.down().detail("state", "file-stuck").message(hanging.stream().map(Watchdog::words).collect(Collectors.joining("; ")));
        }
    }

    @Override
    public synchronized void close() {
        if (looks != null) {
            looks.shutdownNow();
        }
    }
}
