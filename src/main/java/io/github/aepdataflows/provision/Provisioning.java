package io.github.aepdataflows.provision;

import io.github.aepdataflows.definition.Definition;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What has happened to one definition so far. Lives in the exchange variable {@code aepProvisioning}. */
final class Provisioning {

    /**
     * One step of a receipt.
     *
     * @param outcome  created, reused (found and shared) or given (named by the definition)
     * @param attempts calls made for it; 0 when it was given
     * @param millis   from the first attempt to the last answer
     */
    record StepReport(String step, String outcome, String id, int attempts, long millis, String requestId) {
    }

    private final Instant startedAt;
    private final List<StepReport> reports = new ArrayList<>();
    private final Map<Step, Integer> attempts = new EnumMap<>(Step.class);
    private final Map<Step, Long> begun = new EnumMap<>(Step.class);
    private Definition definition;
    private Step current;

    Provisioning(Instant startedAt) {
        this.startedAt = startedAt;
    }

    void describedBy(Definition description) {
        this.definition = description;
    }

    void begin(Step step) {
        current = step;
        attempts.merge(step, 1, Integer::sum);
        begun.putIfAbsent(step, System.nanoTime());
    }

    void complete(Step step, String outcome, String id, String requestId) {
        long millis = (System.nanoTime() - begun.getOrDefault(step, System.nanoTime())) / 1_000_000;
        reports.add(new StepReport(step.key(), outcome, id, attempts.getOrDefault(step, 0), millis, requestId));
        current = null;
    }

    Instant startedAt() {
        return startedAt;
    }

    Optional<Definition> definition() {
        return Optional.ofNullable(definition);
    }

    /** The step that was begun and not completed. */
    Optional<Step> current() {
        return Optional.ofNullable(current);
    }

    List<StepReport> reports() {
        return List.copyOf(reports);
    }

    /** Whether the Platform holds something because of this run, for all we know. */
    boolean madeSomething() {
        return reports.stream().anyMatch(report -> report.outcome().equals("created"));
    }
}
