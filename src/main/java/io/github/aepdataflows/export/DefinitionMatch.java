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
    private static final String TAKEN_OVER = "it exists, and is taken over";
    private static final String UNSHOWN = "; no other in the sandbox shows these fields";
    private static final String DISABLES = "; the flow %s, which the ledger has, is disabled";
    private static final String OTHERS = "; nor does it know others of its name: %s";
    private static final String NOT_OURS =
            "it belongs to the flow %s, which has this name and was not made here: adopt that first, or choose another name";
    private static final String NOT_KNOWN = "it belongs to the flow %s, which has this name and which the ledger does not know; "
            + Plan.OLDER_LEDGER;

    private final FlowSnapshot flow;
    private final Definition definition;
    private final Map<StepId, ObjectNode> requests = new TreeMap<>();

    DefinitionMatch(FlowSnapshot flow, Definition definition, Bodies bodies) {
        this.flow = flow;
        this.definition = definition;
        Inputs inputs = bodies.inputs(definition, flow.ids(), flow.mappingSetVersion(), flow.flowSpec(), MissingNode.getInstance(),
                flow.names());
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

    /**
     * A part that the documents of the flow do not name, and that was not looked for yet; or one that differs, and it is not known yet
     * whether the Platform shows the fields that it lacks, or what else has its name.
     */
    Optional<StepId> unsearched(Comparisons comparisons) throws LedgerException {
        for (StepId step : requests.keySet()) {
            if (flow.isOpen(step) && step.kind().partOf().isEmpty()
                    && (!step.kind().isPartOf(flow) || isToldBySearch(step, visible(step, comparisons)))) {
                return Optional.of(step);
            }
        }
        return Optional.empty();
    }

    /** Whether a look tells more of these differences: what others show, or what else has its name. */
    private static boolean isToldBySearch(StepId step, List<Difference> differences) {
        return lacksOnly(differences) || !differences.isEmpty() && isNamedForOne(step.kind());
    }

    /** Whether a name says for which dataflow something was made. */
    private static boolean isNamedForOne(Kind kind) {
        return !kind.isShared() && kind != Kinds.FLOW && kind.isKnownByName();
    }

    /** The look for it: all of its kind, where they tell whether the Platform shows what it lacks; else those of its name. */
    Search search(StepId step, Comparisons comparisons) throws LedgerException {
        return step.kind().isPartOf(flow) && lacksOnly(visible(step, comparisons)) ? Search.ofAll(step.kind(), requests.get(step))
                : comparisons.search(step.kind(), requests.get(step));
    }

    private static boolean lacksOnly(List<Difference> differences) {
        return !differences.isEmpty() && differences.stream().allMatch(Difference::isMissing);
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
     * What a plan of the definition says of the flow: it is what is described, or it cannot become that as long as it is not ours. What it
     * lacks, and no other of its kind shows either, may be there: it is sent where an update can do that, and else taken for unshown.
     *
     * @param adoptOnly nothing is to be sent, and the states do not count that have a step of their own
     */
    void plan(Plan plan, Comparisons comparisons, boolean adoptOnly) throws LedgerException {
        for (StepId step : requests.keySet()) {
            Kind kind = step.kind();
            JsonNode actual = flow.get(kind);
            List<Difference> differences = visible(step, comparisons).stream()
                    .filter(difference -> !adoptOnly || !kind.isDeferred(difference)).toList();
            boolean unshown = lacksOnly(differences) && differences.stream().noneMatch(missing -> flow.isShown(step, missing));
            if (kind.partOf().isPresent()) {   // whoever has made what it is part of
                plan.add(new Plan.Planned(step, id(step), Optional.empty(), differences.isEmpty() || adoptOnly ? Action.NONE
                        : Action.UPDATE, differences, ""));
            } else if (id(step).isEmpty() || !differences.isEmpty() && !unshown) {
                plan.add(new Plan.Planned(step, id(step), Optional.empty(), Action.IMPOSSIBLE, differences,
                        notOurs(plan) + others(step, comparisons)));
            } else if (unshown && kind.verdict(differences, actual, Instant.EPOCH).action() == Action.UPDATE) {
                plan.add(adoptOnly ? Plan.Planned.of(step, id(step), Action.NONE, TAKEN_OVER)
                        : new Plan.Planned(step, id(step), Optional.empty(), Action.UPDATE, differences, TAKEN_OVER + UNSHOWN,
                        CarryOver.of(kind, requests.get(step), actual)));
            } else {
                boolean succeeds = kind == Kinds.FLOW && plan.flow().path("state").asText().equals("enabled");
                plan.add(new Plan.Planned(step, id(step), Optional.empty(), succeeds ? Action.UPDATE : Action.NONE, differences,
                        TAKEN_OVER + (unshown ? UNSHOWN : "") + (succeeds ? DISABLES.formatted(kind.idOf(plan.flow())) : "")));
            }
        }
    }

    private List<Difference> visible(StepId step, Comparisons comparisons) throws LedgerException {
        return comparisons.visible(step.kind(), differences(step, requests.get(step)));
    }

    /** What an earlier run has made, most likely, and a ledger that is older does not know. */
    private String others(StepId step, Comparisons comparisons) throws LedgerException {
        Kind kind = step.kind();
        List<Search.Hit> others = !isNamedForOne(kind) ? List.of() : comparisons.unknown(kind, flow.hits(step)).stream()
                        .filter(hit -> hit.name().equals(kind.naturalKey(requests.get(step))) && !hit.id().equals(id(step))).toList();
        return others.isEmpty() ? "" : OTHERS.formatted(Search.ids(others));
    }

    private static String notOurs(Plan plan) {
        return (plan.isWithoutFlow() ? NOT_OURS : NOT_KNOWN).formatted(plan.foreignFlow());
    }

    /** What a plan says when no definition can describe the flow. */
    static void refuse(Plan plan, String why) {
        plan.add(Plan.Planned.of(new StepId(Kinds.FLOW, 0), plan.foreignFlow(), Action.IMPOSSIBLE,
                notOurs(plan) + "; " + why));
    }

    /** In words, each field that a plan of the definition would change; empty for a definition that describes the flow. */
    List<String> differencesInWords(Comparisons comparisons) throws LedgerException {
        List<String> words = new ArrayList<>();
        for (StepId step : requests.keySet()) {
            visible(step, comparisons).forEach(difference -> words.add(
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
