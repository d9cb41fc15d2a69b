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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.camel.Exchange;

/**
 * What has happened to one definition in this run. Lives in the exchange variable {@code aepProvisioning}, which the copies of an exchange
 * share: steps that are worked on at the same time report to one of these.
 */
public final class Provisioning {

    static final String VARIABLE = "aepProvisioning";

    /**
     * One step of a receipt.
     *
     * @param outcome  created, adopted (found where a create of ours had no clear outcome, or taken over), reused (found and shared),
     *                 given (named by the definition), unchanged, updated, enabled, disabled, published, deleted, left (to be deleted,
     *                 which the Platform does not allow), or used (to be deleted, but something at the Platform uses it)
     * @param attempts creates that were begun for it in all; 0 when it was given
     * @param millis   from the first attempt of this run to the last answer; 0 when it was done before
     */
    public record StepReport(String step, String outcome, String id, int attempts, long millis, String requestId) {
    }

    /** What is to be done about the dataflow. */
    enum Task { PROVISION, COMPARE, DELETE, PRUNE, NOTHING }

    private final Instant startedAt;
    private final Work work;
    private final long startedNanos = System.nanoTime();
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
    private Optional<Long> flowNameFreeAt = Optional.empty();
    private boolean flowFoundAsDraft;
    private Definition definition;
    private Lease lease;
    private Task task = Task.NOTHING;
    private final Map<Kind, Long> current = new LinkedHashMap<>();
    private Duration waited;
    private String outcome = "created";
    private boolean toTell;

    Provisioning(Instant startedAt, Work work) {
        this.startedAt = startedAt;
        this.work = work;
    }

    /** Null on an exchange that provisions nothing. */
    public static Provisioning of(Exchange exchange) {
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

    /** Whether only what earlier versions of the dataflow have left is to be deleted. */
    boolean isToPrune() {
        return task == Task.PRUNE;
    }

    /** What is worked on now, for a report of its failure. */
    synchronized void begin(Kind kind) {
        current.putIfAbsent(kind, System.nanoTime());
        work.at(kind.key());
    }

    /** Of what is worked on at the same time, this one has failed; null when nothing of it was begun. */
    synchronized void failedAt(Kind kind) {
        long since = current.getOrDefault(kind, System.nanoTime());
        current.clear();
        if (kind != null) {
            current.put(kind, since);
        }
    }

    /** The step, as it was left by an attempt before this one if there was any. */
    synchronized Step step(Step fresh) {
        Step known = steps.get(fresh.id());
        if (known != null && known.key().equals(fresh.key())) {
            return known.again(fresh.getRequest());
        }
        fresh.insteadOf(known);
        steps.put(fresh.id(), fresh);
        return fresh;
    }

    synchronized boolean isComplete(StepId step) {
        return reports.containsKey(step);
    }

    /** Id of what a step has made or found in this run; empty while it has not. */
    synchronized Optional<String> idOf(StepId step) {
        return Optional.ofNullable(reports.get(step)).map(StepReport::id);
    }

    /** The definition names an existing resource otherwise than by its id, which is this. */
    synchronized void lookedUp(Kind kind, String id) {
        lookedUp.put(new StepId(kind, 0), id);
    }

    /** Id of the existing resource that the definition names, by id or otherwise; empty when it names none. */
    synchronized Optional<String> namedId(Kind kind) {
        return kind.namedId(definition).or(() -> Optional.ofNullable(lookedUp.get(new StepId(kind, 0))));
    }

    synchronized void uses(StepKey key) {
        used.add(key);
    }

    synchronized List<StepKey> used() {
        return List.copyOf(used);
    }

    synchronized void complete(StepId step, StepReport report) {
        reports.put(step, report);
        current.remove(step.kind());
    }

    /** What was left of a step for later is done. */
    synchronized void completeDeferred(StepId step, boolean updated) {
        if (updated) {
            reports.computeIfPresent(step, (key, report) -> report.outcome().matches("created|adopted|reused") ? report : new StepReport(
                    report.step(), "updated", report.id(), report.attempts(), report.millis(), report.requestId()));
        }
        current.remove(step.kind());
    }

    /** Something else was done to a resource of the dataflow: to the flow's state, to one that was replaced, or one that is deleted. */
    synchronized void also(Kind kind, String what, String id, String requestId) {
        Long since = current.remove(kind);
        others.add(new StepReport(kind.key(), what, id, 1, since == null ? 0 : (System.nanoTime() - since) / 1_000_000, requestId));
    }

    /** These steps were taken over from a flow that the ledger did not know. */
    public synchronized void adopted(Set<StepKey> keys) {
        adopted.addAll(keys);
    }

    /** Whether a flow that the ledger did not know was taken over. */
    synchronized boolean isAdopted() {
        return !adopted.isEmpty();
    }

    synchronized boolean isAdopted(StepKey key) {
        return adopted.contains(key);
    }

    /** What was made for the step is replaced; false when that was said before. */
    synchronized boolean replace(StepId step) {
        return replaced.add(step);
    }

    synchronized boolean isReplaced(Kind kind) {
        return replaced.stream().anyMatch(step -> step.kind() == kind);
    }

    synchronized boolean isReplaced(StepId step) {
        return replaced.contains(step);
    }

    /** A look for flows of the dataflow's name has found none that the ledger does not have. It began then, by {@link System#nanoTime}. */
    public synchronized void flowNameFreeAt(long startedAt) {
        flowNameFreeAt = Optional.of(startedAt);
    }

    /** Whether it has done so since then. A look shows no more than that, as what was made a moment ago may not be listed yet. */
    synchronized boolean isFlowNameFree(long since) {
        return flowNameFreeAt.filter(startedAt -> startedAt - since >= 0).isPresent();
    }

    /** The dataflow's own flow, whose create had no clear outcome, was found as a draft. */
    void foundFlowAsDraft() {
        flowFoundAsDraft = true;
    }

    boolean isFlowFoundAsDraft() {
        return flowFoundAsDraft;
    }

    /** Nothing is left to be done to the state of this flow. */
    void switched(String flowId) {
        switched.add(flowId);
    }

    boolean isSwitched(String flowId) {
        return switched.contains(flowId);
    }

    /** How often somebody else was faster to change the resource of a kind, this time included. */
    synchronized int conflict(Kind kind) {
        return conflicts.merge(kind, 1, Integer::sum);
    }

    /** Since when, by {@link System#nanoTime}, this is waited for. */
    synchronized long waitingSince(String what, long now) {
        return waitingSince.computeIfAbsent(what, key -> now);
    }

    /** A call was repeated for so long because what it refers to might not be known yet. */
    synchronized void waitedInVain(Duration time) {
        waited = time;
    }

    /** Empty when the last call was not repeated for that reason. */
    synchronized Optional<Duration> waitedInVain() {
        return Optional.ofNullable(waited);
    }

    /** What the receipt says of the whole: created, adopted, unchanged, updated, replaced or deleted. */
    void became(String what) {
        outcome = what;
    }

    String outcome() {
        return outcome;
    }

    /** Something at the Platform uses it: it is not deleted in this run. */
    synchronized boolean isUsed(String id) {
        return others.stream().anyMatch(report -> report.outcome().equals("used") && report.id().equals(id));
    }

    synchronized boolean hasDeleted() {
        return others.stream().anyMatch(report -> report.outcome().matches("deleted|left"));
    }

    Instant startedAt() {
        return startedAt;
    }

    /** How long it has taken so far. */
    Duration duration() {
        return Duration.ofNanos(System.nanoTime() - startedNanos);
    }

    /** What becomes of it is yet to be told. */
    void toTell() {
        toTell = true;
    }

    /** Whether what has become of it is still to be told; not twice. */
    boolean isToTell() {
        return toTell;
    }

    void told() {
        toTell = false;
    }

    public Optional<Definition> definition() {
        return Optional.ofNullable(definition);
    }

    /** What was created by now, even if nobody has looked at it yet. */
    synchronized List<StepReport> made() {
        List<StepReport> made = reports();
        steps.values().stream().filter(step -> !isComplete(step.id())).forEach(step -> step.attempt().flatMap(Attempt::unverifiedResult)
                .ifPresent(result -> made.add(new StepReport(step.kind().key(), "created", result.id(), 1, 0, ""))));
        return made;
    }

    /** Whether the id of the resource of a kind is known, even if nobody has looked yet at what was created. */
    synchronized boolean isAnswered(Kind kind) {
        StepId id = new StepId(kind, 0);
        return isComplete(id) || Optional.ofNullable(steps.get(id)).flatMap(Step::attempt).flatMap(Attempt::unverifiedResult).isPresent();
    }

    /** What was begun and not completed. */
    synchronized Optional<Kind> current() {
        return current.keySet().stream().reduce((earlier, later) -> later);
    }

    /** In the order of the chain, and then what else was done. */
    synchronized List<StepReport> reports() {
        List<StepReport> all = new ArrayList<>(reports.values());
        all.addAll(others);
        return all;
    }
}
