package io.github.aepdataflows.change;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.flipkart.zjsonpatch.DiffFlags;
import com.flipkart.zjsonpatch.JsonDiff;
import io.github.aepdataflows.plan.Difference.Change;
import io.github.aepdataflows.provision.Step;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;

/**
 * What is sent to change a resource: a JSON Patch (RFC 6902) of the operations {@code add}, {@code replace} and {@code remove}, or
 * for a mapping set, which takes no patch, the whole of it. Only declared fields are touched.
 */
final class Patches {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final EnumSet<DiffFlags> PLAIN = DiffFlags.dontNormalizeOpIntoMoveAndCopy();
    private static final Pattern IN_TRANSFORMATION = Pattern.compile("/transformations/(\\d+)(/.*)?");
    /** What a mapping set may have that a definition says nothing of. */
    private static final List<String> KEPT_OF_MAPPING_SET = List.of("name", "allowNullValues", "tags", "supportVersion", "strictMapping");

    private Patches() {
    }

    /**
     * @param changes in which declared fields the resource differs
     * @param request what a create would send
     * @param actual  the resource, read just now
     */
    static JsonNode of(Step step, List<Change> changes, JsonNode request, JsonNode actual) {
        return switch (step) {
            case MAPPING_SET -> mappingSet(request, actual);
            case TARGET_SCHEMA -> schema(changes, request, actual);
            case FLOW -> flow(changes, request, actual);
            default -> diff(actual, with(changes, actual));
        };
    }

    private static JsonNode diff(JsonNode is, JsonNode wanted) {
        return JsonDiff.asJson(is, wanted, PLAIN);
    }

    /** The resource with these fields as they are wanted; their paths lead through objects only. */
    private static ObjectNode with(List<Change> changes, JsonNode actual) {
        ObjectNode wanted = actual.deepCopy();
        for (Change change : changes) {
            String[] path = change.path().split("\\.");
            ObjectNode parent = wanted;
            for (int i = 0; i < path.length - 1; i++) {
                parent = parent.path(path[i]) instanceof ObjectNode child ? child : parent.putObject(path[i]);
            }
            if (change.wanted().isNull()) {
                parent.remove(path[path.length - 1]);
            } else {
                parent.set(path[path.length - 1], change.wanted());
            }
        }
        return wanted;
    }

    /** A new version of it: its own rules and schema, and whatever else it has. */
    private static JsonNode mappingSet(JsonNode request, JsonNode actual) {
        ObjectNode body = request.deepCopy();
        body.set("id", actual.path("id"));
        if (body.has("version")) {
            body.set("version", actual.path("version"));
        }
        KEPT_OF_MAPPING_SET.stream().filter(field -> !body.has(field) && actual.hasNonNull(field)).forEach(field -> body.set(field, actual.path(field)));
        return body;
    }

    /** Field groups and tags are added at the end of the list, however long it is by then: no etag protects a schema. */
    private static JsonNode schema(List<Change> changes, JsonNode request, JsonNode actual) {
        ObjectNode wanted = actual.deepCopy();
        ArrayNode added = JSON.createArrayNode();
        for (Change change : changes) {
            switch (change.path()) {
                case "references" -> change.wanted().forEach(reference -> {
                    if (StreamSupport.stream(actual.path("allOf").spliterator(), false).noneMatch(part -> part.path("$ref").equals(reference))) {
                        added.add(operation("add", "/allOf/-", JSON.createObjectNode().set("$ref", reference)));
                    }
                });
                case "tags" -> tags(request.path("meta:immutableTags"), actual.path("meta:immutableTags"), added);
                default -> wanted.set(change.path(), change.wanted());
            }
        }
        ArrayNode patch = JSON.createArrayNode();
        diff(actual, wanted).forEach(patch::add);
        return patch.addAll(added);
    }

    private static void tags(JsonNode wanted, JsonNode actual, ArrayNode patch) {
        if (!actual.isArray()) {
            patch.add(operation("add", "/meta:immutableTags", wanted));
            return;
        }
        wanted.forEach(tag -> {
            if (StreamSupport.stream(actual.spliterator(), false).noneMatch(tag::equals)) {
                patch.add(operation("add", "/meta:immutableTags/-", tag));
            }
        });
    }

    /** The Platform documents the change of a whole transformation, of the whole list, and of each field of the schedule. */
    private static JsonNode flow(List<Change> changes, JsonNode request, JsonNode actual) {
        ObjectNode wanted = with(changes.stream().filter(change -> !change.path().startsWith("transformations") && !change.path().equals("state")).toList(),
                actual);
        wanted.set("transformations", transformations(request.path("transformations"), actual.path("transformations")));
        ArrayNode patch = JSON.createArrayNode();
        Set<Integer> transformations = new TreeSet<>();
        boolean sameList = wanted.path("transformations").size() == actual.path("transformations").size();
        for (JsonNode operation : diff(actual, wanted)) {
            Matcher transformation = IN_TRANSFORMATION.matcher(operation.path("path").asText());
            if (!transformation.matches()) {
                patch.add(operation);
            } else if (sameList) {
                transformations.add(Integer.valueOf(transformation.group(1)));
            } else {
                transformations.add(-1);
            }
        }
        transformations.forEach(index -> patch.add(index < 0 ? operation("replace", "/transformations", wanted.path("transformations"))
                : operation("replace", "/transformations/" + index, wanted.path("transformations").get(index))));
        return patch;
    }

    /** Those that are as wanted stay as they are written; the order is that of the flow. */
    private static ArrayNode transformations(JsonNode wanted, JsonNode actual) {
        ArrayNode list = JSON.createArrayNode();
        boolean sameNames = names(wanted).equals(names(actual));
        for (JsonNode one : sameNames ? actual : wanted) {
            list.add(merged(named(wanted, one.path("name").asText()), named(actual, one.path("name").asText())));
        }
        return list;
    }

    private static Set<String> names(JsonNode list) {
        Set<String> names = new TreeSet<>();
        list.forEach(one -> names.add(one.path("name").asText()));
        return names;
    }

    private static JsonNode named(JsonNode list, String name) {
        return StreamSupport.stream(list.spliterator(), false).filter(one -> one.path("name").asText().equals(name)).findFirst()
                .orElse(JsonNodeFactory.instance.missingNode());
    }

    /** The declared over what is there; what says the same in another form stays. */
    private static JsonNode merged(JsonNode wanted, JsonNode actual) {
        if (wanted.isObject() && actual.isObject()) {
            ObjectNode merged = actual.deepCopy();
            wanted.properties().forEach(field -> merged.set(field.getKey(), merged(field.getValue(), actual.path(field.getKey()))));
            return merged;
        }
        return !wanted.isContainerNode() && wanted.asText().equals(actual.asText()) ? actual : wanted;
    }

    private static ObjectNode operation(String op, String path, JsonNode value) {
        return JSON.createObjectNode().put("op", op).put("path", path).set("value", value);
    }
}
