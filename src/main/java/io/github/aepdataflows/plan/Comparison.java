package io.github.aepdataflows.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import io.github.aepdataflows.definition.Definition;
import io.github.aepdataflows.platform.Searches;
import io.github.aepdataflows.provision.Step;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;

/** In what a resource differs from what a definition makes of it, and how that can be settled. */
public record Comparison(List<Difference.Change> changes, ChangeRules.Verdict verdict) {

    /**
     * @param request what a create of the step would send
     * @param actual  the resource as the Platform shows it
     * @param now     decides whether a flow has started
     */
    public static Comparison of(Step step, Definition definition, JsonNode request, JsonNode actual, Instant now) {
        Searches.Pair pair = Searches.compared(step.key(), step == Step.FLOW ? FlowForm.wanted(request, actual) : request, actual);
        JsonNode wanted = step == Step.MAPPING_SET ? MappingForm.wanted(pair.wanted()) : pair.wanted();
        List<Difference.Change> changes = new ArrayList<>(Difference.between(wanted, pair.is()));
        switch (step) {
            case DATASET_CONNECTION -> changes.clear();   // one is as good as another, whatever it is called
            case FLOW -> {
                FlowForm.startChange(definition, actual).ifPresent(changes::add);
                FlowForm.stateChange(definition, actual).ifPresent(changes::add);
            }
            case TARGET_SCHEMA -> {
                asSets(changes, pair);
                noProfile(definition, "tags", actual.path("meta:immutableTags"), "union", changes);
            }
            case TARGET_DATASET -> {
                changes.removeIf(change -> change.path().startsWith("tags"));
                request.path("tags").properties().forEach(tag -> missing(tag.getKey(), tag.getValue(), actual.path("tags").path(tag.getKey()))
                        .ifPresent(changes::add));
                noProfile(definition, "tags.unifiedProfile", actual.at("/tags/unifiedProfile"), "enabled:true", changes);
            }
            default -> { }
        }
        return new Comparison(changes, ChangeRules.of(step.key(), changes, actual, now));
    }

    /** The order of a schema's references and tags says nothing, and others add theirs: what differs is the whole of them. */
    private static void asSets(List<Difference.Change> changes, Searches.Pair pair) {
        List<Difference.Change> sets = changes.stream().map(change -> {
            String set = change.path().replaceFirst("\\[.*", "");
            return set.equals(change.path()) ? change : new Difference.Change(set, pair.is().path(set), pair.wanted().path(set));
        }).distinct().toList();
        changes.clear();
        changes.addAll(sets);
    }

    /** A tag has several values, in any order, written with a blank after the colon or without; those of others stay. */
    private static Optional<Difference.Change> missing(String tag, JsonNode wanted, JsonNode is) {
        ArrayNode all = is.isArray() ? is.deepCopy() : JsonNodeFactory.instance.arrayNode();
        for (JsonNode value : wanted) {
            if (StreamSupport.stream(is.spliterator(), false).noneMatch(other -> other.asText().replace(" ", "").equals(value.asText()))) {
                all.add(value);
            }
        }
        return all.size() == is.size() ? Optional.empty() : Optional.of(new Difference.Change("tags." + tag, is, all));
    }

    /** What says that it is not enabled for Profile, though it is. */
    private static void noProfile(Definition definition, String path, JsonNode is, String enabled, List<Difference.Change> changes) {
        if (definition.target().saysProfile() && !definition.target().profile() && is.toString().contains(enabled)) {
            changes.add(new Difference.Change(path, is, NullNode.getInstance()));
        }
    }
}
