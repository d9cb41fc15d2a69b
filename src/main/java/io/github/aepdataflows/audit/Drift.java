package io.github.aepdataflows.audit;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.aepdataflows.ledger.Dataflow;
import io.github.aepdataflows.resource.Difference;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Which dataflows of ours an audit compares with the definitions that they were made from, and what came of it. An audit compares a few;
 * what an earlier one has found of a dataflow stays until it is compared again, or has another definition.
 */
final class Drift {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String NONE = "none";
    /** So many are looked for a definition for each that may be compared. */
    private static final int TRIES = 10;

    /**
     * A dataflow that is not as its definition says.
     *
     * @param file    of its definition
     * @param changed in what the definition is another one than the one that was applied; empty where it is the same
     * @param steps   those that differ: an array, of elements as in a plan
     */
    private record Finding(String dataflow, String flow, String file, String digest, String comparedAt,
                           @JsonInclude(JsonInclude.Include.NON_EMPTY) List<String> changed, JsonNode steps) {

        static Finding of(JsonNode found) {
            return new Finding(found.path("dataflow").asText(), found.path("flow").asText(), found.path("file").asText(),
                    found.path("digest").asText(), found.path("comparedAt").asText(),
                    found.path("changed").valueStream().map(JsonNode::asText).toList(), found.path("steps"));
        }

        /** As in {@code flow (scheduleParams.interval)}. */
        private static String words(JsonNode step) {
            String fields = step.path("changes").valueStream().map(change -> change.path("path").asText())
                    .collect(Collectors.joining(", "));
            String reason = step.path("reason").asText();
            return step.path("step").asText() + (fields.isEmpty() ? reason.isEmpty() ? "" : ": " + reason : " (" + fields + ")");
        }

        String words() {
            if (!changed.isEmpty()) {
                return ("the definition %s of dataflow %s was changed and not applied since, be it in done/, in what is laid over it or "
                        + "in the file of a field group: %s. Apply the definition, or take back that change").formatted(file, dataflow,
                        String.join(", ", changed));
            }
            return ("dataflow %s is not as its definition %s says: %s. Apply the definition to undo the change, or export the dataflow to "
                    + "keep it").formatted(dataflow, file, steps.valueStream().map(Finding::words).collect(Collectors.joining("; ")));
        }
    }

    /**
     * What is told of a dataflow that differs.
     *
     * @param flow  its flow's id
     * @param words a sentence
     * @param isNew whether this audit has found it, and not an earlier one
     */
    record Told(String dataflow, String flow, String words, boolean isNew) {
    }

    /**
     * When a dataflow was compared last, or could not be.
     *
     * @param problem why not; empty when it was
     */
    private record Turn(String dataflow, String digest, String at, @JsonInclude(JsonInclude.Include.NON_EMPTY) String problem) {

        static Turn of(JsonNode turn) {
            return new Turn(turn.path("dataflow").asText(), turn.path("digest").asText(), turn.path("at").asText(),
                    turn.path("problem").asText());
        }

        /** Long ago when somebody edited the report. */
        Instant time() {
            try {
                return Instant.parse(at);
            } catch (DateTimeException e) {
                return Instant.MIN;
            }
        }
    }

    private final Instant now;
    private final int most;
    private final Map<String, Dataflow> ours = new LinkedHashMap<>();
    private final Map<String, String> flows;
    private final Map<String, Turn> turns = new TreeMap<>();
    private final Map<String, Finding> findings = new TreeMap<>();
    private final Set<String> comparedNow = new HashSet<>();
    private int compared;
    private int tried;
    private boolean halted;

    /**
     * @param most  how many are compared; 0 for none
     * @param all   the dataflows of the ledger
     * @param flows name of a dataflow that was finished to the id of its flow
     */
    Drift(Instant now, int most, List<Dataflow> all, Map<String, String> flows, LastReport last) {
        this.now = now;
        this.most = most;
        this.flows = flows;
        if (most > 0) {
            all.stream().filter(row -> row.done() && flows.containsKey(row.name())).forEach(row -> ours.put(row.name(), row));
            last.list("compared").valueStream().map(Turn::of)
                    .filter(turn -> isCurrent(turn.dataflow, turn.digest)).forEach(turn -> turns.put(turn.dataflow, turn));
            last.list("drift").valueStream().map(Finding::of)
                    .filter(found -> isCurrent(found.dataflow, found.digest)).forEach(found -> findings.put(found.dataflow, found));
        }
    }

    /** Nothing is compared. */
    static Drift none() {
        return new Drift(Instant.EPOCH, 0, List.of(), Map.of(), LastReport.NONE);
    }

    /** The ledger may have another definition of it by now. */
    private boolean isCurrent(String dataflow, String digest) {
        return ours.containsKey(dataflow) && ours.get(dataflow).digest().equals(digest);
    }

    boolean isOn() {
        return most > 0;
    }

    /**
     * Those that may be compared, in their order: first some that differed when they were compared last, then the one that was not compared
     * for the longest time.
     *
     * @param missing names of dataflows of which something is missing, which is told anyway
     * @param time    by the ledger's clock: what somebody works on then is left out
     */
    List<Dataflow> order(Set<String> missing, Instant time) {
        Comparator<Dataflow> oldestFirst = Comparator.comparing((Dataflow row) -> turns.containsKey(row.name())
                ? turns.get(row.name()).time() : Instant.MIN).thenComparing(Dataflow::name);
        List<Dataflow> all = ours.values().stream().filter(row -> !missing.contains(row.name()) && !row.isHeldAt(time))
                .sorted(oldestFirst).toList();
        List<Dataflow> order = new ArrayList<>(all.stream().filter(row -> findings.containsKey(row.name())).limit(most / 2).toList());
        all.stream().filter(row -> !order.contains(row)).limit((long) most * TRIES).forEach(order::add);
        return order;
    }

    /** Whether there is room for another comparison. */
    boolean isOpen() {
        return !halted && compared < most && tried < most * TRIES;
    }

    /** The Platform cannot be asked now: no more comparisons. */
    void halt() {
        halted = true;
    }

    /** There is nothing to compare it with. */
    void withoutDefinition(Dataflow row, String why) {
        tried++;
        turns.put(row.name(), new Turn(row.name(), row.digest(), now.toString(), why));
        findings.remove(row.name());
    }

    /** It could not be compared, and is again when its turn comes; what was found before stays. */
    void notCompared(Dataflow row, String why) {
        tried++;
        compared++;
        turns.put(row.name(), new Turn(row.name(), row.digest(), now.toString(), why));
    }

    /**
     * @param changed in what its definition is another one than the one that was applied
     * @param plan    what lies between its definition and the Platform, as {@code direct:aep-plan} says it
     */
    void compared(Dataflow row, List<String> changed, JsonNode plan) {
        tried++;
        compared++;
        comparedNow.add(row.name());
        turns.put(row.name(), new Turn(row.name(), row.digest(), now.toString(), ""));
        ArrayNode steps = JSON.createArrayNode();
        plan.path("steps").valueStream().map(Drift::withoutSecrets).flatMap(Optional::stream).forEach(steps::add);
        if (steps.isEmpty()) {
            findings.remove(row.name());
        } else {
            findings.put(row.name(), new Finding(row.name(), flows.get(row.name()), row.file(), row.digest(), now.toString(), changed,
                    steps));
        }
    }

    /** That we have another secret by now is nothing that somebody has changed at the Platform. Empty when nothing else differs. */
    private static Optional<JsonNode> withoutSecrets(JsonNode step) {
        ObjectNode rest = step.deepCopy();
        ArrayNode changes = rest.putArray("changes");
        step.path("changes").valueStream().filter(change -> change.has("is") || !change.path("wanted").equals(Difference.ROTATED))
                .forEach(changes::add);
        boolean isOfSecrets = changes.isEmpty() && !step.path("changes").isEmpty();
        return step.path("action").asText(NONE).equals(NONE) || isOfSecrets ? Optional.empty() : Optional.of(rest);
    }

    /** Those that differ. */
    List<Told> told() {
        return findings.values().stream().map(found -> new Told(found.dataflow, found.flow, found.words(), comparedNow.contains(
                found.dataflow))).toList();
    }

    /** Names of the dataflows that this audit has not compared. */
    Set<String> notCompared() {
        return ours.keySet().stream().filter(name -> !comparedNow.contains(name)).collect(Collectors.toSet());
    }

    /** Those that differ, for the report. */
    Collection<?> findings() {
        return findings.values();
    }

    /** When each was compared last, for the report. */
    Collection<?> turns() {
        return turns.values();
    }
}
