package io.github.aepdataflows.check;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The fields of something that is described by JSON Schema: the target schema in full view, or each part that it will be made of
 * (Schema Registry); what a source has (explore).
 */
final class Fields {

    private static final Pattern DOT = Pattern.compile("(?<!\\\\)\\.");
    private static final Pattern INDEX = Pattern.compile("(\\[[^\\]]*])+$");
    private static final Set<String> SCALARS = Set.of("string", "integer", "number", "boolean");
    private static final int DEEPEST = 12;

    private final List<JsonNode> parts = new ArrayList<>();

    void add(JsonNode full) {
        parts.add(full);
    }

    /** Whether it shows any field in a form that is understood. */
    static boolean areShownBy(JsonNode full) {
        return inside(full).anyMatch(fields -> !fields.path("properties").properties().isEmpty());
    }

    boolean isKnown() {
        return !parts.isEmpty();
    }

    /** Whether there is a field of that path, as in {@code person.name.firstName} or {@code identityMap.Email[0].id}. */
    boolean has(String path) {
        return found(path).findAny().isPresent();
    }

    /** Whether the path ends in an object that says which fields it has. */
    boolean isObject(String path) {
        return found(path).anyMatch(node -> node.path("properties").size() > 0);
    }

    /** The path of the innermost list that a field is in. */
    Optional<String> listAround(String path) {
        String[] steps = DOT.split(path, -1);
        return IntStream.range(1, steps.length).map(length -> steps.length - length)
                .mapToObj(length -> String.join(".", Arrays.copyOf(steps, length)))
                .filter(around -> found(around).anyMatch(Fields::isList)).findFirst();
    }

    private static boolean isList(JsonNode node) {
        return node.has("items") || node.path("type").asText().equals("array");
    }

    private Stream<JsonNode> found(String path) {
        String[] steps = DOT.split(path, -1);
        return parts.stream().flatMap(part -> found(part, steps, 0));
    }

    private static Stream<JsonNode> found(JsonNode node, String[] steps, int at) {
        if (at == steps.length) {
            return Stream.of(node);
        }
        String name = steps[at].replace("\\.", ".");
        return inside(node).flatMap(fields -> {
            JsonNode field = fields.path("properties").path(INDEX.matcher(name).replaceFirst(""));
            if (!field.isMissingNode()) {
                return found(field, steps, at + 1);
            }
            JsonNode any = fields.path("additionalProperties");   // a map
            return any.isObject() ? found(any, steps, at + 1) : isOpaque(fields) && at > 0 ? Stream.of(fields) : Stream.empty();
        });
    }

    /** Where a node's own fields may be: in it, in what its list holds, in what it is composed of. */
    private static Stream<JsonNode> inside(JsonNode node) {
        JsonNode held = node.has("items") ? node.path("items") : node;
        List<JsonNode> all = new ArrayList<>(List.of(held));
        held.path("allOf").forEach(part -> inside(part).forEach(all::add));
        return all.stream();
    }

    /** What does not say what is in it may have anything. */
    private static boolean isOpaque(JsonNode fields) {
        return !fields.has("properties") && !fields.has("allOf") && !fields.has("additionalProperties")
                && (fields.has("$ref") || fields.path("type").asText().equals("object"));
    }

    /** All fields that have one value, by their paths: what is in a list or a map is none of them. */
    Map<String, JsonNode> values() {
        Map<String, JsonNode> values = new TreeMap<>();
        parts.forEach(part -> values(part, "", values, 0));
        return values;
    }

    private static void values(JsonNode node, String path, Map<String, JsonNode> values, int depth) {
        if (depth > 0 && SCALARS.contains(node.path("type").asText())) {
            values.put(path, node);
        } else if (!isList(node) && depth < DEEPEST) {
            inside(node).forEach(fields -> fields.path("properties").properties().forEach(field -> {
                String name = field.getKey().replace(".", "\\.");
                values(field.getValue(), path.isEmpty() ? name : path + "." + name, values, depth + 1);
            }));
        }
    }

    /** Paths of the fields that every record must have, where what they are in is there. */
    Set<String> required() {
        Set<String> required = new TreeSet<>();
        parts.forEach(part -> inside(part).forEach(fields -> fields.path("required").forEach(name -> required.add(name.asText()))));
        return required;
    }

    /** All paths that end in a value. */
    Set<String> leaves() {
        Set<String> leaves = new TreeSet<>();
        parts.forEach(part -> collect(part, "", leaves, 0));
        return leaves;
    }

    private static void collect(JsonNode node, String path, Set<String> leaves, int depth) {
        boolean inner = depth < DEEPEST && inside(node).anyMatch(fields -> !fields.path("properties").isEmpty());
        if (!inner) {
            leaves.add(path);
            return;
        }
        inside(node).forEach(fields -> fields.path("properties").properties().forEach(field ->
                collect(field.getValue(), path.isEmpty() ? field.getKey() : path + "." + field.getKey(), leaves, depth + 1)));
    }
}
