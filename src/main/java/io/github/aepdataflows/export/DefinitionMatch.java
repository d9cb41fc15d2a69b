package io.github.aepdataflows.export;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.aepdataflows.definition.AuthParams;
import io.github.aepdataflows.definition.Definition;
import io.github.aepdataflows.ledger.LedgerException;
import io.github.aepdataflows.provision.Bodies;
import io.github.aepdataflows.provision.Comparisons;
import io.github.aepdataflows.provision.Plan;
import io.github.aepdataflows.resource.Action;
import io.github.aepdataflows.resource.CarryOver;
import io.github.aepdataflows.resource.Difference;
import io.github.aepdataflows.resource.Inputs;
import io.github.aepdataflows.resource.Kind;
import io.github.aepdataflows.resource.Kinds;
import io.github.aepdataflows.resource.Search;
import io.github.aepdataflows.resource.StepId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Compares what a definition would make with a flow that exists, as a plan does: where there is any difference it
 * is not the flow's definition. The other way round it tells what of the flow the definition does not say.
 */
final class DefinitionMatch {

    private static final int MAX_SHOWN = 200;
    private static final String NOT_OURS =
            "it belongs to the flow %s, which has this name and was not made here: adopt that first, or choose another name";

    private final FlowSnapshot flow;
    private final Definition definition;
    private final Map<StepId, ObjectNode> requests = new TreeMap<>();

    DefinitionMatch(FlowSnapshot flow, Definition definition, Bodies bodies) {
        this.flow = flow;
        this.definition = definition;
        Inputs inputs = bodies.inputs(definition, flow.ids(), flow.mappingSetVersion(), flow.flowSpec(), MissingNode.getInstance());
        for (Kind kind : Kinds.ALL) {
            if (kind.isDescribedBy(definition)) {
                List<ObjectNode> all = kind.requests(inputs);
                for (int index = 0; index < all.size(); index++) {
                    requests.put(new StepId(kind, index), all.get(index));
                }
            }
        }
    }

    /** What creates of the definition would send. */
    Map<StepId, ObjectNode> requests() {
        return requests;
    }

    /** A part that the documents of the flow do not name, and that was not looked for yet. */
    Optional<StepId> unsearched() {
        return requests.keySet().stream().filter(step -> !step.kind().isPartOf(flow) && flow.isOpen(step)).findFirst();
    }

    /** Id of the part of the flow that a step would make; empty when it has none. */
    String id(StepId step) {
        return step.kind().isPartOf(flow) ? flow.id(step.kind())
                : flow.hits(step).stream().map(Search.Hit::id).findFirst().orElse("");
    }

    String version(StepId step) {
        return step.kind().isPartOf(flow) ? step.kind().versionIn(flow)
                : flow.hits(step).stream().map(Search.Hit::version).findFirst().orElse("");
    }

    /**
     * What a plan of the definition says of the flow: it is what is described, or it cannot become that as long as it is not ours.
     *
     * @param deferredToo whether the states count that have a step of their own
     */
    void plan(Plan plan, Comparisons comparisons, boolean deferredToo) throws LedgerException {
        for (StepId step : requests.keySet()) {
            List<Difference> differences = comparisons.visible(step.kind(), differences(step, requests.get(step))).stream()
                    .filter(difference -> deferredToo || !step.kind().isDeferred(difference)).toList();
            boolean same = differences.isEmpty() && !id(step).isEmpty();
            plan.add(new Plan.Planned(step, id(step), Optional.empty(), same ? Action.NONE : Action.IMPOSSIBLE, differences,
                    same ? "it exists, and is taken over" : NOT_OURS.formatted(flow.flowId())));
        }
    }

    /** What a plan says when no definition can describe the flow. */
    static void refuse(Plan plan, String why) {
        plan.add(Plan.Planned.of(new StepId(Kinds.FLOW, 0), plan.foreignFlow(), Action.IMPOSSIBLE,
                NOT_OURS.formatted(plan.foreignFlow()) + "; " + why));
    }

    /** In words, each field that a plan of the definition would change; empty for a definition that describes the flow. */
    List<String> differencesInWords(Comparisons comparisons) throws LedgerException {
        List<String> words = new ArrayList<>();
        for (StepId step : requests.keySet()) {
            comparisons.visible(step.kind(), differences(step, requests.get(step))).forEach(difference -> words.add(
                    "its %s has %s as %s, which a definition would make %s".formatted(step.kind().words(), difference.path(),
                            difference.is().isMissingNode() ? "nothing" : shown(difference.path(), difference.is()),
                            shown(difference.path(), difference.wanted()))));
        }
        return words;
    }

    private List<Difference> differences(StepId step, ObjectNode request) {
        if (!step.kind().isPartOf(flow)) {
            return flow.hits(step).stream().anyMatch(Search.Hit::equal) ? List.of()
                    : List.of(new Difference("", MissingNode.getInstance(), request));
        }
        return step.kind().compare(definition, request, flow.get(step.kind()), Instant.EPOCH).differences();
    }

    /** In words, what the flow has that the definition does not say, and which therefore stays as it is. */
    List<String> unsaid() {
        List<String> unsaid = new ArrayList<>();
        requests.forEach((step, request) -> CarryOver.of(step.kind(), request, flow.get(step.kind())).told().forEach((path, value) -> {
            if (!path.equals("name")) {   // of a mapping set, which is no key
                // the values of connections may be anybody's secret
                unsaid.add(step.kind().words() + " " + path + (step.kind() == Kinds.FLOW ? ": " + shown(path, value) : ""));
            }
        }));
        return unsaid.stream().distinct().sorted().toList();
    }

    private static String shown(String path, JsonNode value) {
        String text = AuthParams.isSecret(path) ? "something" : value.toString();
        return text.length() > MAX_SHOWN ? text.substring(0, MAX_SHOWN) + "…" : text;
    }
}
