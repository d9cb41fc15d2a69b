package io.github.aepdataflows.provision;

import io.github.aepdataflows.definition.Definition;
import io.github.aepdataflows.ledger.Lease;
import io.github.aepdataflows.ledger.StepKey;
import io.github.aepdataflows.resource.Kind;
import io.github.aepdataflows.resource.StepId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.camel.Exchange;

/** What has happened to one definition in this run. Lives in the exchange variable {@code aepProvisioning}. */
public final class Provisioning {

    static final String VARIABLE = "aepProvisioning";

    /**
     * One step of a receipt.
     *
     * @param outcome  created, adopted (found where a create of ours had no clear outcome, or taken over), reused (found and shared),
     *                 given (named by the definition), unchanged, updated, enabled, disabled, deleted, or left (to be deleted, which the
     *                 Platform does not allow)
     * @param attempts creates that were begun for it in all; 0 when it was given
     * @param millis   from the first attempt of this run to the last answer; 0 when it was done before
     */
    public record StepReport(String step, String outcome, String id, int attempts, long millis, String requestId) {
    }

    /** What is to be done about the dataflow. */
    enum Task { PROVISION, COMPARE, DELETE, NOTHING }

    private final Instant startedAt;
    private final Map<StepId, Step> steps = new TreeMap<>();
    private final Map<StepId, StepReport> reports = new TreeMap<>();
    private final Map<StepId, String> lookedUp = new HashMap<>();
    private final Set<StepKey> adopted = new HashSet<>();
    private final Set<StepId> replaced = new HashSet<>();
    private final List<StepKey> used = new ArrayList<>();
    private final List<StepReport> others = new ArrayList<>();
    private final Map<Kind, Integer> conflicts = new HashMap<>();
    private final Map<String, Long> waitingSince = new HashMap<>();
    private final Set<String> switched = new HashSet<>();
    private Definition definition;
    private Lease lease;
    private Task task = Task.NOTHING;
    private Kind current;
    private Duration waited;
    private long currentSince;
    private String outcome = "created";

    Provisioning(Instant startedAt) {
        this.startedAt = startedAt;
    }

    /** Null on an exchange that provisions nothing. */
    static Provisioning of(Exchange exchange) {
        return exchange.getVariable(VARIABLE, Provisioning.class);
    }

    void describedBy(Definition description) {
        this.definition = description;
    }

    void leased(Lease taken, Task what) {
        this.lease = taken;
        this.task = what;
    }

    public Optional<Lease> lease() {
        return Optional.ofNullable(lease);
    }

    Lease heldLease() {
        return lease().orElseThrow();
    }

    void released() {
        lease = null;
    }

    /** Whether the dataflow is to be made, or what exists of it made what the definition describes. */
    public boolean isToApply() {
        return task == Task.PROVISION || task == Task.COMPARE;
    }

    /** Whether the dataflow exists, so that it has to be compared with the definition first. */
    public boolean isToCompare() {
        return task == Task.COMPARE;
    }

    public boolean isToDelete() {
        return task == Task.DELETE;
    }

    /** What is worked on now, for a report of its failure. */
    void begin(Kind kind) {
        currentSince = current == kind ? currentSince : System.nanoTime();
        current = kind;
    }

    /** The step, as it was left by an attempt before this one if there was any. */
    Step step(Step fresh) {
        Step known = steps.get(fresh.id());
        if (known != null && known.key().equals(fresh.key())) {
            return known.again(fresh.getRequest());
        }
        steps.put(fresh.id(), fresh);
        return fresh;
    }

    boolean isComplete(StepId step) {
        return reports.containsKey(step);
    }

    /** The definition names an existing resource otherwise than by its id, which is this. */
    void lookedUp(Kind kind, String id) {
        lookedUp.put(new StepId(kind, 0), id);
    }

    /** Id of the existing resource that the definition names, by id or otherwise; empty when it names none. */
    Optional<String> namedId(Kind kind) {
        return kind.namedId(definition).or(() -> Optional.ofNullable(lookedUp.get(new StepId(kind, 0))));
    }

    void uses(StepKey key) {
        used.add(key);
    }

    List<StepKey> used() {
        return List.copyOf(used);
    }

    void complete(StepId step, StepReport report) {
        reports.put(step, report);
        current = null;
    }

    /** What was left of a step for later is done. */
    void completeDeferred(StepId step, boolean updated) {
        if (updated) {
            reports.computeIfPresent(step, (key, report) -> report.outcome().matches("created|adopted|reused") ? report : new StepReport(
                    report.step(), "updated", report.id(), report.attempts(), report.millis(), report.requestId()));
        }
        current = null;
    }

    /** Something else was done to a resource of the dataflow: to the flow's state, to one that was replaced, or one that is deleted. */
    void also(Kind kind, String what, String id, String requestId) {
        others.add(new StepReport(kind.key(), what, id, 1, current == kind ? (System.nanoTime() - currentSince) / 1_000_000 : 0,
                requestId));
        current = null;
    }

    /** These steps were taken over from a flow that the ledger did not know. */
    public void adopted(Set<StepKey> keys) {
        adopted.addAll(keys);
    }

    /** Whether a flow that the ledger did not know was taken over. */
    boolean isAdopted() {
        return !adopted.isEmpty();
    }

    boolean isAdopted(StepKey key) {
        return adopted.contains(key);
    }

    /** What was made for the step is replaced; false when that was said before. */
    boolean replace(StepId step) {
        return replaced.add(step);
    }

    boolean isReplaced(Kind kind) {
        return replaced.stream().anyMatch(step -> step.kind() == kind);
    }

    boolean isReplaced(StepId step) {
        return replaced.contains(step);
    }

    /** Nothing is left to be done to the state of this flow. */
    void switched(String flowId) {
        switched.add(flowId);
    }

    boolean isSwitched(String flowId) {
        return switched.contains(flowId);
    }

    /** How often somebody else was faster to change the resource of a kind, this time included. */
    int conflict(Kind kind) {
        return conflicts.merge(kind, 1, Integer::sum);
    }

    /** Since when, by {@link System#nanoTime}, this is waited for. */
    long waitingSince(String what, long now) {
        return waitingSince.computeIfAbsent(what, key -> now);
    }

    /** A call was repeated for so long because what it refers to might not be known yet. */
    void waitedInVain(Duration time) {
        waited = time;
    }

    /** Empty when the last call was not repeated for that reason. */
    Optional<Duration> waitedInVain() {
        return Optional.ofNullable(waited);
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

    Instant startedAt() {
        return startedAt;
    }

    public Optional<Definition> definition() {
        return Optional.ofNullable(definition);
    }

    /** What was begun and not completed. */
    Optional<Kind> current() {
        return Optional.ofNullable(current);
    }

    /** In the order of the chain, and then what else was done. */
    List<StepReport> reports() {
        List<StepReport> all = new ArrayList<>(reports.values());
        all.addAll(others);
        return all;
    }
}
