package io.github.aepdataflows.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.aepdataflows.ledger.RecordedStep;
import io.github.aepdataflows.provision.Step;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What lies between a definition and what the Platform has of it now. Lives in the exchange variable {@code aepPlan}. */
public final class Plan {

    /**
     * @param id       of the resource; empty when there is none
     * @param recorded what the ledger has of it; empty when nothing, or when the definition only names it
     * @param reason   why it is this action, in words; empty where that goes without saying
     */
    public record Planned(Step step, String id, Optional<RecordedStep> recorded, Action action, List<Difference.Change> changes, String reason) {

        Planned as(Action other, String why) {
            return new Planned(step, id, recorded, other, changes, why);
        }

        /** Whether a new resource will be there afterwards. */
        boolean isNew() {
            return action == Action.CREATE || action == Action.REPLACE;
        }

        /** As in {@code flow: schedule.interval}: reason and fields. */
        String words() {
            String fields = String.join(", ", changes.stream().map(Difference.Change::path).toList());
            return step.key() + (fields.isEmpty() ? "" : " (" + fields + ")") + (reason.isEmpty() ? "" : ": " + reason);
        }
    }

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Steps whose resources name those of others, which they were made with. */
    private static final Map<Step, Set<Step>> BUILT_ON = new EnumMap<>(Map.of(
            Step.SOURCE_SCHEMA, EnumSet.of(Step.SOURCE_CLASS),
            Step.SOURCE_CONNECTION, EnumSet.of(Step.BASE_CONNECTION, Step.SOURCE_SCHEMA),
            Step.TARGET_DATASET, EnumSet.of(Step.TARGET_SCHEMA),
            Step.TARGET_CONNECTION, EnumSet.of(Step.TARGET_SCHEMA, Step.TARGET_DATASET, Step.DATASET_CONNECTION),
            Step.MAPPING_SET, EnumSet.of(Step.TARGET_SCHEMA),
            Step.FLOW, EnumSet.of(Step.SOURCE_CONNECTION, Step.TARGET_CONNECTION)));

    private final String dataflow;
    private final Map<Step, List<RecordedStep>> recorded;
    private final Map<Step, Planned> steps = new EnumMap<>(Step.class);
    private final Map<Step, Integer> misses = new EnumMap<>(Step.class);
    private final List<Planned> deletions = new ArrayList<>();   // of one step there can be several
    private String existing;
    private JsonNode flow;

    /** @param recorded what the ledger has for each step, the earliest first */
    Plan(String dataflow, Map<Step, List<RecordedStep>> recorded) {
        this.dataflow = dataflow;
        this.recorded = recorded;
    }

    List<RecordedStep> recorded(Step step) {
        return recorded.getOrDefault(step, List.of());
    }

    public void add(Planned step) {
        if (step.action() == Action.DELETE) {
            deletions.add(step);
        } else {
            steps.put(step.step(), step);
        }
    }

    /** What is planned for a step; empty for one that the dataflow does not have. */
    public Optional<Planned> of(Step step) {
        return Optional.ofNullable(steps.get(step));
    }

    /** What follows for those that are built on others, and for a flow that has to be made anew. */
    void conclude(boolean isStartPast) {
        for (Step step : Step.values()) {
            of(step).filter(planned -> planned.action() == Action.NONE || planned.action() == Action.UPDATE).ifPresent(this::follow);
        }
        of(Step.FLOW).filter(made -> made.action() == Action.REPLACE).ifPresent(made -> add(made.as(Action.REPLACE,
                made.reason() + "; a new flow reads again what there is, unless schedule.backfill is false")));
        of(Step.FLOW).filter(made -> made.isNew() && isStartPast).ifPresent(made -> add(made.as(Action.IMPOSSIBLE,
                made.reason() + "; and a new flow cannot start in the past (1360-400): give schedule.startTime a time to come, or leave it out")));
    }

    private void follow(Planned planned) {
        Optional<Step> renewed = BUILT_ON.getOrDefault(planned.step(), Set.of()).stream()
                .filter(base -> of(base).filter(Planned::isNew).isPresent()).findFirst();
        boolean otherMapping = planned.step() == Step.FLOW
                && of(Step.MAPPING_SET).filter(set -> set.isNew() || set.action() == Action.UPDATE).isPresent();
        if (renewed.isPresent() && planned.step() == Step.TARGET_DATASET) {
            add(planned.as(Action.IMPOSSIBLE, "a dataset keeps its schema; name another dataset"));
        } else if (renewed.isPresent()) {
            add(planned.as(Action.REPLACE, "it is made with the %s, which will be another".formatted(renewed.get().words())));
        } else if (otherMapping && planned.action() != Action.UPDATE) {
            add(planned.as(Action.UPDATE, "it gets the new version of its mapping set"));
        }
    }

    /** Whether the ledger has no flow of the dataflow any more, or not yet. */
    public boolean isWithoutFlow() {
        return recorded(Step.FLOW).isEmpty();
    }

    /** Whether it is still to be found out whether there is a flow of that name which the ledger does not have. */
    public boolean isUnmet() {
        return isWithoutFlow() && existing == null;
    }

    void meets(Optional<String> flowId) {
        existing = flowId.orElse("");
    }

    /** Whether there is one, and it is still to be compared. */
    public boolean isExistingOpen() {
        return existing != null && !existing.isEmpty() && of(Step.FLOW).isEmpty();
    }

    /** Its id. */
    public String getExisting() {
        return existing;
    }

    /** Whether the flow that the ledger has is still to be looked at. */
    public boolean isFlowUnseen() {
        return !isWithoutFlow() && flow == null;
    }

    /** @param document a missing node when nothing is there */
    void saw(JsonNode document) {
        flow = document;
    }

    /** The flow that the ledger has; a missing node when there is none. */
    JsonNode flow() {
        return flow == null ? MissingNode.getInstance() : flow;
    }

    /** Id of what the flow is made of; empty for what it does not name. */
    String namedByFlow(Step step) {
        return switch (step) {
            case SOURCE_CONNECTION -> flow().at("/sourceConnectionIds/0").asText();
            case TARGET_CONNECTION -> flow().at("/targetConnectionIds/0").asText();
            default -> "";
        };
    }

    /** How often the resource of a step was not found, this time included. */
    int miss(Step step) {
        return misses.merge(step, 1, Integer::sum);
    }

    /** Whether there is nothing to do. */
    public boolean isEmpty() {
        return deletions.isEmpty() && steps.values().stream().allMatch(step -> step.action() == Action.NONE);
    }

    /** The steps with this action, in words with their reasons. */
    List<String> words(Action action) {
        return steps.values().stream().filter(step -> step.action() == action).map(Planned::words).toList();
    }

    /** As JSON: {@code dataflow, sandbox, empty, steps [{step, id, action, reason, changes [{path, is, wanted}]}]}. */
    String report(String sandbox) {
        ObjectNode report = JSON.createObjectNode().put("dataflow", dataflow).put("sandbox", sandbox).put("empty", isEmpty());
        ArrayNode list = report.putArray("steps");
        List<Planned> all = new ArrayList<>(steps.values());
        all.addAll(deletions);
        for (Planned step : all) {
            ObjectNode entry = list.addObject().put("step", step.step().key());
            if (!step.id().isEmpty()) {
                entry.put("id", step.id());
            }
            entry.put("action", step.action().word());
            if (!step.reason().isEmpty()) {
                entry.put("reason", step.reason());
            }
            ArrayNode changes = entry.putArray("changes");
            step.changes().forEach(change -> {
                ObjectNode field = changes.addObject().put("path", change.path());
                if (!change.is().isMissingNode()) {
                    field.set("is", change.is());
                }
                field.set("wanted", change.wanted());
            });
        }
        return report.toPrettyString();
    }
}
