package io.github.aepdataflows.provision;

import io.github.aepdataflows.definition.Definition;
import io.github.aepdataflows.ledger.Lease;
import io.github.aepdataflows.ledger.StepKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What has happened to one definition in this run. Lives in the exchange variable {@code aepProvisioning}. */
public final class Provisioning {

    /**
     * One step of a receipt.
     *
     * @param outcome  created, adopted (found where a create of ours had no clear outcome), reused (found and shared),
     *                 given (named by the definition), unchanged, updated, enabled, disabled, deleted, or left (to be deleted, which the
     *                 Platform does not allow)
     * @param attempts creates that were begun for it in all; 0 when it was given
     * @param millis   from the first attempt of this run to the last answer; 0 when it was done before
     */
    public record StepReport(String step, String outcome, String id, int attempts, long millis, String requestId) {
    }

    private final Instant startedAt;
    private final Map<Step, StepReport> reports = new EnumMap<>(Step.class);
    private final Map<Step, Long> begun = new EnumMap<>(Step.class);
    private final Map<Step, OpenStep> open = new EnumMap<>(Step.class);
    private final Map<Step, Long> parentsMissingSince = new EnumMap<>(Step.class);
    private final Map<Step, String> lookedUp = new EnumMap<>(Step.class);
    private final List<StepKey> used = new ArrayList<>();
    private final List<StepReport> others = new ArrayList<>();
    private final Map<String, Integer> counts = new HashMap<>();
    private final Map<String, Long> waitingSince = new HashMap<>();
    private final Set<String> settled = new HashSet<>();
    private Definition definition;
    private Lease lease;
    private Step current;
    private String outcome = "created";
    private List<String> existingFlows = List.of();

    Provisioning(Instant startedAt) {
        this.startedAt = startedAt;
    }

    void describedBy(Definition description) {
        this.definition = description;
    }

    void leased(Lease taken) {
        this.lease = taken;
    }

    public Optional<Lease> lease() {
        return Optional.ofNullable(lease);
    }

    void released() {
        lease = null;
    }

    public void begin(Step step) {
        current = step;
        begun.putIfAbsent(step, System.nanoTime());
    }

    /** The attempt of a step that is under way; absent before it has begun, and once it has ended. */
    Optional<OpenStep> open(Step step) {
        return Optional.ofNullable(open.get(step));
    }

    void open(Step step, OpenStep attempt) {
        open.put(step, attempt);
    }

    void close(Step step) {
        open.remove(step);
    }

    /** When the Platform first said that something is missing on which a step builds, though we hold its id. */
    long parentMissingSince(Step step, long now) {
        return parentsMissingSince.computeIfAbsent(step, key -> now);
    }

    /** The definition names an existing resource otherwise than by its id, which is this. */
    void lookedUp(Step step, String id) {
        lookedUp.put(step, id);
    }

    /** Id of the existing resource that the definition names, by id or otherwise. */
    Optional<String> given(Step step) {
        return Optional.ofNullable(definition).flatMap(named -> switch (step) {
            case BASE_CONNECTION -> named.source().baseConnection().id();
            case TARGET_SCHEMA -> named.target().schema().id();
            case TARGET_DATASET -> named.target().dataset().id();
            default -> Optional.empty();
        }).or(() -> Optional.ofNullable(lookedUp.get(step)));
    }

    public void uses(StepKey key) {
        used.add(key);
    }

    List<StepKey> used() {
        return List.copyOf(used);
    }

    public void complete(Step step, StepReport report) {
        reports.put(step, report);
        open.remove(step);
        current = null;
    }

    /** Something else was done to a resource of the dataflow: to the flow's state, to one that was replaced, or one that is deleted. */
    public void also(Step step, String outcome, String id, String requestId) {
        current = null;
        others.add(new StepReport(step.key(), outcome, id, 1, millis(step), requestId));
    }

    /** Whether this has happened to a step. */
    public boolean happened(Step step, String what) {
        return counts.containsKey(step.key() + " " + what);
    }

    /** Nothing is left to be done to the state of this flow. */
    public void settled(String flowId) {
        settled.add(flowId);
    }

    public boolean isSettled(String flowId) {
        return settled.contains(flowId);
    }

    /** How often this has happened to a step, this time included. */
    public int count(Step step, String what) {
        return counts.merge(step.key() + " " + what, 1, Integer::sum);
    }

    /** Since when, by {@link System#nanoTime}, a resource is in a state in which it cannot be changed. */
    public long waitingSince(String id, long now) {
        return waitingSince.computeIfAbsent(id, key -> now);
    }

    /** Milliseconds since the step was begun in this run. */
    public long millis(Step step) {
        return begun.containsKey(step) ? (System.nanoTime() - begun.get(step)) / 1_000_000 : 0;
    }

    /** What the receipt says of the whole: created, adopted, unchanged, updated, replaced or deleted. */
    void became(String what) {
        outcome = what;
    }

    String outcome() {
        return outcome;
    }

    boolean hasDeleted() {
        return others.stream().anyMatch(report -> report.outcome().matches("deleted|left"));
    }

    /** The Platform has flows of this name that the ledger does not know: nothing is created beside them. */
    void meets(List<String> flows) {
        existingFlows = flows;
    }

    List<String> existingFlows() {
        return existingFlows;
    }

    Instant startedAt() {
        return startedAt;
    }

    public Optional<Definition> definition() {
        return Optional.ofNullable(definition);
    }

    /** The step that was begun and not completed. */
    Optional<Step> current() {
        return Optional.ofNullable(current);
    }

    /** In the order of the chain, and then what else was done. */
    List<StepReport> reports() {
        List<StepReport> all = new ArrayList<>(reports.values());
        all.addAll(others);
        return all;
    }
}
