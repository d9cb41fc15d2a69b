package io.github.aepdataflows.provision;

import io.github.aepdataflows.provision.Provisioning.StepReport;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** How the definitions and steps of this process have ended since the start: how many, and how long they took. */
public final class Activity {

    /**
     * What ended alike.
     *
     * @param kind    of the resource; empty for a definition
     * @param outcome of a step, or of a definition: that of its receipt, {@code refused} or {@code postponed}
     */
    public record Key(String kind, String outcome) {
    }

    /** @param seconds of all together */
    public record Total(Key key, long count, double seconds) {
    }

    private record Sum(LongAdder count, LongAdder millis) {
    }

    private static final double SECOND = Duration.ofSeconds(1).toMillis();

    private final Map<Key, Sum> sums = new ConcurrentHashMap<>();

    void ended(String outcome, Duration took, List<StepReport> steps) {
        add(new Key("", outcome), took.toMillis());
        steps.forEach(step -> add(new Key(step.step(), step.outcome()), step.millis()));
    }

    private void add(Key key, long millis) {
        Sum sum = sums.computeIfAbsent(key, fresh -> new Sum(new LongAdder(), new LongAdder()));
        sum.count.increment();
        sum.millis.add(millis);
    }

    public List<Total> totals() {
        return sums.entrySet().stream().map(entry -> new Total(entry.getKey(), entry.getValue().count.sum(),
                entry.getValue().millis.sum() / SECOND)).toList();
    }
}
