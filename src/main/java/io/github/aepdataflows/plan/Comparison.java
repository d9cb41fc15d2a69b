package io.github.aepdataflows.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import io.github.aepdataflows.definition.Definition;
import io.github.aepdataflows.platform.Searches;
import io.github.aepdataflows.provision.Step;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** In what a resource differs from what a definition makes of it, and how that can be settled. */
public record Comparison(List<Difference.Change> changes, ChangeRules.Verdict verdict) {

    /**
     * @param request what a create of the step would send
     * @param actual  the resource as the Platform shows it
     * @param now     decides whether a flow has started
     */
    public static Comparison of(Step step, Definition definition, JsonNode request, JsonNode actual, Instant now) {
        Searches.Pair pair = Searches.compared(step.key(), step == Step.FLOW ? FlowForm.wanted(request, actual) : request, actual);
        List<Difference.Change> changes = new ArrayList<>(Difference.between(pair.wanted(), pair.is()));
        switch (step) {
            case DATASET_CONNECTION -> changes.clear();   // one is as good as another, whatever it is called
            case FLOW -> {
                FlowForm.startChange(definition, actual).ifPresent(changes::add);
                FlowForm.stateChange(definition, actual).ifPresent(changes::add);
            }
            case TARGET_SCHEMA -> noProfile(definition, "tags", actual.path("meta:immutableTags"), "union", changes);
            case TARGET_DATASET -> noProfile(definition, "tags.unifiedProfile", actual.at("/tags/unifiedProfile"), "enabled:true", changes);
            default -> { }
        }
        return new Comparison(changes, ChangeRules.of(step.key(), changes, actual, now));
    }

    /** What says that it is not enabled for Profile, though it is. */
    private static void noProfile(Definition definition, String path, JsonNode is, String enabled, List<Difference.Change> changes) {
        if (definition.target().saysProfile() && !definition.target().profile() && is.toString().contains(enabled)) {
            changes.add(new Difference.Change(path, is, NullNode.getInstance()));
        }
    }
}
