package io.github.aepdataflows.audit;

import io.github.aepdataflows.ledger.Ledger;
import io.github.aepdataflows.ledger.LedgerException;
import io.github.aepdataflows.ledger.RecordedStep;
import io.github.aepdataflows.provision.Leftover;
import io.github.aepdataflows.resource.Kind;
import io.github.aepdataflows.resource.Kinds;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * What the ledger says that we have, against what the Platform lists: what is missing, and what is there once more than it
 * should be. The ledger is read before anything is listed, so that a complete list shows all that it knew.
 */
public final class Inventory {

    /**
     * The ledger has it, the Platform does not.
     *
     * @param dataflow empty when the sandbox shares it
     */
    record Missing(String step, String dataflow, String id) {

        String words() {
            return "%s is missing: the Platform does not list it any more".formatted(resource(step, id, dataflow));
        }

        /** Those of one dataflow, in one sentence. */
        static String words(List<Missing> together) {
            Missing first = together.get(0);
            return together.size() == 1 ? first.words() : "%d resources of %s are missing, the Platform does not list them any more: %s"
                    .formatted(together.size(), owner(first.dataflow), together.stream()
                            .map(one -> Kinds.of(one.step).words() + " " + one.id).collect(Collectors.joining(", ")));
        }
    }

    /**
     * The Platform has more of that name than the ledger knows.
     *
     * @param dataflow empty when the sandbox shares it
     * @param id       the one of the ledger, which the dataflow uses
     * @param others   ids that the ledger does not know
     */
    record Duplicates(String step, String dataflow, String id, List<String> others) {

        String words() {
            return ("%s has a duplicate that the ledger does not know: %s. Nothing was touched; what nobody uses can be deleted at the "
                    + "Platform")
                    .formatted(resource(step, id, dataflow), String.join(", ", others));
        }
    }

    /** {@link Ledger#owner}. */
    interface Owners {
        Optional<String> owner(String step, String id) throws LedgerException;
    }

    private final Map<String, Map<String, String>> made;
    private final List<RecordedStep> repeated;
    private final Owners owners;
    private final List<RecordedStep> left;
    private final Map<String, String> leftFlows;
    private final List<Missing> missing = new ArrayList<>();
    private final List<Duplicates> duplicates = new ArrayList<>();

    /**
     * @param made     step to id of a resource to name of the dataflow, empty when the sandbox shares it
     * @param repeated steps of which a duplicate may exist
     * @param left     what earlier versions of dataflows have left
     */
    Inventory(Map<String, Map<String, String>> made, List<RecordedStep> repeated, List<RecordedStep> left, Owners owners) {
        this.left = new ArrayList<>(left);
        this.leftFlows = left.stream().filter(step -> step.key().step().equals(Kinds.FLOW.key()) && step.made())
                .collect(Collectors.toMap(step -> step.result().id(), step -> step.key().dataflow(), (one, other) -> other));
        this.made = made;
        // one without a result is still looked for by the chain itself
        this.repeated = repeated.stream().filter(RecordedStep::made).toList();
        this.owners = owners;
    }

    static Inventory of(Ledger ledger) throws LedgerException {
        Map<String, Map<String, String>> made = new HashMap<>();
        for (Kind kind : Kinds.ALL) {
            made.put(kind.key(), ledger.resources(kind.key()));
        }
        return new Inventory(made, ledger.repeated(), ledger.left(), ledger::owner);
    }

    /** When the ledger cannot be read: nobody knows what should be there. */
    static Inventory unread() {
        return new Inventory(Map.of(), List.of(), List.of(), (step, id) -> Optional.empty());
    }

    /** Whether the ledger has this flow; null when it could not be read. */
    Boolean hasFlow(String id) {
        return made.containsKey(Kinds.FLOW.key()) ? made(Kinds.FLOW.key()).containsKey(id) : null;
    }

    /** The dataflow of ours of which an earlier version had this flow. */
    Optional<String> leftOf(String id) {
        return Optional.ofNullable(leftFlows.get(id));
    }

    /** The dataflow of ours that has this flow. */
    Optional<String> dataflowOf(String id) {
        return Optional.ofNullable(made(Kinds.FLOW.key()).get(id));
    }

    /** What has to be listed: the collections of which the ledger knows anything. */
    List<Listing> listings() {
        return Listing.ALL.stream()
                .filter(listing -> listing.kinds().stream().anyMatch(kind -> !made(kind.key()).isEmpty()) || !repeated(listing).isEmpty()
                        || left.stream().anyMatch(step -> listing.has(step.key().step())))
                .toList();
    }

    /** Compares all that the Platform has in a collection, id to name, with the ledger. */
    void compare(Listing listing, Map<String, String> listed) throws LedgerException {
        List<Duplicates> found = new ArrayList<>();
        Map<String, List<String>> byName = byName(listed);
        for (RecordedStep step : repeated(listing)) {
            addDuplicates(found, step.key().step(), step.key().dataflow(), step.result().id(), step.name(), byName);
        }
        duplicates.addAll(found);
        listing.kinds().forEach(kind -> missing.addAll(missing(kind.key(), listed.keySet())));
        forgetLeft(listing::has, listed.keySet());
    }

    /** Of what was left, somebody has deleted whatever a complete list of its kind does not show. */
    void forgetLeft(Predicate<String> steps, Set<String> listed) {
        left.removeIf(step -> steps.test(step.key().step()) && step.made() && !listed.contains(step.result().id()));
    }

    /** Looks among flows, id to name, for those that have the name of one of ours: a dataflow's name is that of its flow. */
    void compareFlows(Map<String, String> listed) throws LedgerException {
        Map<String, List<String>> byName = byName(listed);
        for (Map.Entry<String, String> flow : made(Kinds.FLOW.key()).entrySet()) {
            addDuplicates(duplicates, Kinds.FLOW.key(), flow.getValue(), flow.getKey(), flow.getValue(), byName);
        }
    }

    /** What the ledger has of a step, and a complete list does not. */
    List<Missing> missing(String step, Set<String> listed) {
        return made(step).entrySet().stream().filter(entry -> !listed.contains(entry.getKey()))
                .map(entry -> new Missing(step, entry.getValue(), entry.getKey())).toList();
    }

    private static Map<String, List<String>> byName(Map<String, String> listed) {
        Map<String, List<String>> ids = new HashMap<>();
        listed.forEach((id, name) -> ids.computeIfAbsent(name, key -> new ArrayList<>(1)).add(id));
        return ids;
    }

    private void addDuplicates(List<Duplicates> found, String step, String dataflow, String id, String name,
            Map<String, List<String>> byName) throws LedgerException {
        List<String> others = new ArrayList<>();
        for (String other : byName.getOrDefault(name, List.of())) {
            if (!other.equals(id) && owners.owner(step, other).isEmpty()) {
                others.add(other);
            }
        }
        if (!others.isEmpty()) {
            found.add(new Duplicates(step, dataflow, id, List.copyOf(others)));
        }
    }

    List<Leftover> left() {
        return left.stream().map(Leftover::of).toList();
    }

    List<Missing> missing() {
        return List.copyOf(missing);
    }

    List<Duplicates> duplicates() {
        return List.copyOf(duplicates);
    }

    private Map<String, String> made(String step) {
        return made.getOrDefault(step, Map.of());
    }

    private List<RecordedStep> repeated(Listing listing) {
        return repeated.stream().filter(step -> listing.has(step.key().step())).toList();
    }

    private static String resource(String step, String id, String dataflow) {
        return "the %s %s of %s".formatted(Kinds.of(step).words(), id, owner(dataflow));
    }

    private static String owner(String dataflow) {
        return dataflow.isEmpty() ? "the sandbox" : "dataflow " + dataflow;
    }
}
