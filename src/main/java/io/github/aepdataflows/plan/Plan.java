package io.github.aepdataflows.plan;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/** What lies between a definition and what the Platform has of it now. Lives in the exchange variable {@code aepPlan}. */
final class Plan {

    /**
     * @param step   as in {@code source-connection}
     * @param id     of the resource; empty when there is none
     * @param reason why it is this action, in words; empty where that goes without saying
     */
    record Planned(String step, String id, Action action, List<Difference.Change> changes, String reason) {
    }

    private static final ObjectMapper JSON = new ObjectMapper();

    private final String dataflow;
    private final List<Planned> steps = new ArrayList<>();

    Plan(String dataflow) {
        this.dataflow = dataflow;
    }

    void add(Planned step) {
        steps.add(step);
    }

    /** A flow keeps the connections that it was made with: with a new one of either, it has to be a new flow. */
    void conclude() {
        boolean newPair = steps.stream().anyMatch(step -> step.step().matches("(source|target)-connection") && step.action() == Action.REPLACE);
        if (newPair) {
            steps.replaceAll(step -> step.step().equals("flow") && step.action().compareTo(Action.REPLACE) < 0 && step.action() != Action.CREATE
                    ? new Planned(step.step(), step.id(), Action.REPLACE, step.changes(),
                            "a flow does not notice changes of its source and target connections")
                    : step);
        }
    }

    /** Whether there is anything to do. */
    boolean isEmpty() {
        return steps.stream().allMatch(step -> step.action() == Action.NONE);
    }

    /** As JSON: {@code dataflow, sandbox, empty, steps [{step, id, action, reason, changes [{path, is, wanted}]}]}. */
    String report(String sandbox) {
        ObjectNode report = JSON.createObjectNode().put("dataflow", dataflow).put("sandbox", sandbox).put("empty", isEmpty());
        ArrayNode list = report.putArray("steps");
        for (Planned step : steps) {
            ObjectNode entry = list.addObject().put("step", step.step());
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
