package io.github.aepdataflows.export;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.aepdataflows.definition.AuthParams;
import io.github.aepdataflows.definition.Definition;
import io.github.aepdataflows.plan.Action;
import io.github.aepdataflows.plan.Comparison;
import io.github.aepdataflows.plan.Difference;
import io.github.aepdataflows.plan.Plan;
import io.github.aepdataflows.platform.RequestBodies;
import io.github.aepdataflows.provision.Step;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Compares what a definition would make with the flow that it was written for, as a plan does: where there is any difference it
 * is not the flow's definition. The other way round it tells what of the flow the definition does not say.
 */
final class Proof {

    private static final int MAX_SHOWN = 200;
    static final String NOT_OURS = "it belongs to the flow %s, which has this name and was not made here: adopt that first, or choose another name";

    /** Of each part, what whoever has made it may have chosen beside the name; the rest is the Platform's own. */
    private static final Map<Part, List<String>> CHOSEN = Map.of(
            Part.FLOW, List.of("transformations", "scheduleParams", "options"),
            Part.SOURCE_CONNECTION, List.of("data", "params"),
            Part.TARGET_CONNECTION, List.of("data", "params", "baseConnectionId"));

    private final Original original;
    private final Definition definition;
    private final Map<Part, JsonNode> made;

    Proof(Original original, Definition definition, RequestBodies bodies) {
        this.original = original;
        this.definition = definition;
        this.made = made(bodies);
    }

    private Map<Part, JsonNode> made(RequestBodies bodies) {
        Map<Part, JsonNode> all = new EnumMap<>(Part.class);
        if (definition.adHoc()) {
            all.put(Part.SOURCE_CLASS, bodies.sourceClass(definition));
            all.put(Part.SOURCE_SCHEMA, bodies.sourceSchema(definition, id(Part.SOURCE_CLASS)));
            all.put(Part.DATASET_CONNECTION, bodies.datasetConnection());
        }
        all.put(Part.SOURCE_CONNECTION, bodies.sourceConnection(definition, id(Part.BASE_CONNECTION), id(Part.SOURCE_SCHEMA)));
        all.put(Part.TARGET_CONNECTION, bodies.targetConnection(definition, id(Part.TARGET_SCHEMA), id(Part.TARGET_DATASET),
                id(Part.DATASET_CONNECTION)));
        if (!definition.target().schema().exists()) {
            all.put(Part.TARGET_SCHEMA, bodies.targetSchema(definition));
        }
        if (!definition.target().dataset().exists()) {
            all.put(Part.TARGET_DATASET, bodies.targetDataset(definition, id(Part.TARGET_SCHEMA)));
        }
        all.put(Part.MAPPING_SET, bodies.mappingSet(definition, id(Part.TARGET_SCHEMA)));
        all.put(Part.FLOW, bodies.flow(definition, original.get(Part.FLOW_SPEC), id(Part.SOURCE_CONNECTION), id(Part.TARGET_CONNECTION),
                id(Part.MAPPING_SET), original.mappingVersion()));
        return all;
    }

    private String id(Part part) {
        return original.id(part);
    }

    /** What creates of the definition would send. */
    Map<Part, JsonNode> bodies() {
        return made;
    }

    /** What a plan of the definition says of the flow: it is what is described, or it cannot become that as long as it is not ours. */
    void plan(Plan plan) {
        made.forEach((part, body) -> {
            List<Difference.Change> changes = changes(part, body);
            boolean same = changes.isEmpty();
            plan.add(new Plan.Planned(Step.of(part.key()), id(part), Optional.empty(), same ? Action.NONE : Action.IMPOSSIBLE, changes,
                    same ? "it exists, and is taken over" : NOT_OURS.formatted(id(Part.FLOW))));
        });
    }

    /** In words, each field that a plan of the definition would change; empty for a definition that describes the flow. */
    List<String> differences() {
        List<String> differences = new ArrayList<>();
        made.forEach((part, body) -> {
            if (part != Part.DATASET_CONNECTION) {   // one of the sandbox's, whatever it is called
                changes(part, body).forEach(change -> differences.add("its %s has %s as %s, which a definition would make %s".formatted(
                        part.words(), change.path(), change.is().isMissingNode() ? "nothing" : shown(change.path(), change.is()),
                        shown(change.path(), change.wanted()))));
            }
        });
        return differences;
    }

    private List<Difference.Change> changes(Part part, JsonNode body) {
        return Comparison.of(Step.of(part.key()), definition, body, original.get(part), Instant.EPOCH).changes();
    }

    /** In words, what the flow has that the definition does not say, and which therefore stays as it is. */
    List<String> unsaid() {
        List<String> unsaid = new ArrayList<>();
        CHOSEN.forEach((part, fields) -> {
            if (original.get(part).deepCopy() instanceof ObjectNode chosen) {
                for (Difference.Change change : Difference.between(chosen.retain(fields), made.get(part))) {
                    boolean isTold = change.path().equals("scheduleParams.startTime");
                    if (change.is().isMissingNode() && !isTold) {
                        String path = change.path().replaceAll("\\[\\d+]", "[]");
                        // the values of connections may be anybody's secret
                        unsaid.add(part.words() + " " + path + (part == Part.FLOW ? ": " + shown(path, change.wanted()) : ""));
                    }
                }
            }
        });
        return unsaid.stream().distinct().sorted().toList();
    }

    private static String shown(String path, JsonNode value) {
        String text = AuthParams.isSecret(path) ? "something" : value.toString();
        return text.length() > MAX_SHOWN ? text.substring(0, MAX_SHOWN) + "…" : text;
    }
}
