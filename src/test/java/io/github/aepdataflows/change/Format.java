package io.github.aepdataflows.change;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * The format of a definition as its JSON Schema describes it. A field's path is as in {@code mapping[].source}, or in
 * {@code source.baseConnection.auth.params.*} where any key may stand.
 */
final class Format {

    /** A field that has no fields of its own, or none that the format knows. */
    record Field(String path, JsonNode schema) {
    }

    /**
     * A definition that is another one in this field alone.
     *
     * @param change what the field is now, as JSON; {@code -} when it was taken out
     */
    record Edited(String field, String change, ObjectNode definition) {

        boolean isRemoval() {
            return change.equals(REMOVED);
        }
    }

    private static final String REMOVED = "-";

    private final JsonNode root;

    Format() {
        try {
            this.root = new ObjectMapper().readTree(Path.of("config/dataflow.schema.json").toFile());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private JsonNode resolved(JsonNode schema) {
        return schema.has("$ref") ? root.at(schema.path("$ref").asText().substring(1)) : schema;
    }

    List<Field> fields() {
        List<Field> fields = new ArrayList<>();
        collect("", root, fields);
        return fields;
    }

    private void collect(String path, JsonNode unresolved, List<Field> fields) {
        JsonNode schema = resolved(unresolved);
        boolean anyKey = schema.path("additionalProperties").isObject();
        schema.path("properties").properties().forEach(property -> collect(key(path, property.getKey()), property.getValue(), fields));
        if (anyKey) {
            collect(key(path, "*"), schema.path("additionalProperties"), fields);
        }
        if (schema.has("items")) {
            collect(path + "[]", schema.path("items"), fields);
        }
        boolean scalarToo = schema.path("type").isArray() && schema.has("properties");
        if (!schema.has("properties") && !schema.has("items") && !anyKey || scalarToo) {
            fields.add(new Field(path, schema));
        }
    }

    private static String key(String path, String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    /**
     * The definition with other values in this field: those given, else such as the format allows. Where a list has several such
     * fields, it is the last.
     *
     * @return empty when the definition does not have the field
     * @throws IllegalStateException when no other value is known
     */
    List<Edited> edits(ObjectNode definition, Field field, List<JsonNode> given) {
        List<String> places = places(definition, "", List.of(field.path().replace("[]", ".[]").split("\\."))).stream()
                .filter(place -> definition.at(place).isValueNode() || !field.schema().has("properties")).toList();
        if (places.isEmpty()) {
            return List.of();
        }
        String place = places.get(places.size() - 1);
        List<JsonNode> others = given.isEmpty() ? others(field, definition.at(place)) : given;
        return others.stream().filter(value -> !value.equals(definition.at(place)))
                .map(value -> new Edited(field.path(), value.isTextual() ? value.asText() : value.toString(),
                with(definition, place, value)))
                .toList();
    }

    private static List<String> places(JsonNode node, String pointer, List<String> path) {
        if (path.isEmpty()) {
            return List.of(pointer);
        }
        List<String> rest = path.subList(1, path.size());
        List<String> places = new ArrayList<>();
        children(node, path.get(0)).forEach((name, child) -> places.addAll(places(child, pointer + "/" + name, rest)));
        return places;
    }

    private static Map<String, JsonNode> children(JsonNode node, String step) {
        Map<String, JsonNode> children = new TreeMap<>();
        if (step.equals("[]")) {
            for (int i = 0; i < node.size() && node.isArray(); i++) {
                children.put(String.valueOf(i), node.get(i));
            }
        } else if (step.equals("*")) {
            node.properties().forEach(property -> children.put(property.getKey(), property.getValue()));
        } else if (node.has(step)) {
            children.put(step, node.get(step));
        }
        return children;
    }

    private static List<JsonNode> others(Field field, JsonNode value) {
        ObjectMapper json = new ObjectMapper();
        JsonNode schema = field.schema();
        if (schema.has("enum")) {
            return values(schema.path("enum")).toList();
        } else if (value.isBoolean()) {
            return List.of(json.valueToTree(!value.booleanValue()));
        } else if (value.isNumber()) {
            return List.of(json.valueToTree(value.asInt() + 1));
        } else if (value.isTextual() && (value.asText() + "2").matches(schema.path("pattern").asText(".*"))) {
            Stream<JsonNode> nothing = values(schema.path("type")).filter(type -> type.asText().equals("null"))
                    .map(type -> json.nullNode());
            return Stream.concat(Stream.of(json.<JsonNode>valueToTree(value.asText() + "2")), nothing).toList();
        }
        throw new IllegalStateException("no other value is known for " + field.path() + ": " + value);
    }

    private static Stream<JsonNode> values(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }

    private static ObjectNode with(ObjectNode definition, String place, JsonNode value) {
        ObjectNode edited = definition.deepCopy();
        String key = place.substring(place.lastIndexOf('/') + 1);
        JsonNode parent = edited.at(place.substring(0, place.lastIndexOf('/')));
        if (parent instanceof ArrayNode array && value == null) {
            array.remove(Integer.parseInt(key));
        } else if (parent instanceof ArrayNode array) {
            array.set(Integer.parseInt(key), value);
        } else if (value == null) {
            ((ObjectNode) parent).remove(key);
        } else {
            ((ObjectNode) parent).set(key, value);
        }
        return edited;
    }

    /** The definition without each of the fields that the format allows to be left out, whole objects and lists, too. */
    Collection<Edited> removals(ObjectNode definition) {
        Map<String, Edited> removals = new TreeMap<>();   // where a list has several such fields, the last
        remove(definition, "", "", root, definition, removals);
        return removals.values();
    }

    private void remove(JsonNode node, String path, String pointer, JsonNode unresolved, ObjectNode definition, Map<String,
            Edited> removals) {
        JsonNode schema = resolved(unresolved);
        node.properties().forEach(property -> {
            boolean known = schema.path("properties").has(property.getKey());
            JsonNode child = known ? schema.path("properties").path(property.getKey()) : schema.path("additionalProperties");
            String field = key(path, known ? property.getKey() : "*");
            boolean required = values(schema.path("required")).anyMatch(name -> name.asText().equals(property.getKey()));
            if (child.isObject()) {
                take(field, pointer + "/" + property.getKey(), required, definition, removals);
                remove(property.getValue(), field, pointer + "/" + property.getKey(), child, definition, removals);
            }
        });
        for (int i = 0; i < node.size() && node.isArray(); i++) {
            take(path + "[]", pointer + "/" + i, node.size() == 1, definition, removals);
            remove(node.get(i), path + "[]", pointer + "/" + i, schema.path("items"), definition, removals);
        }
    }

    private static void take(String field, String place, boolean required, ObjectNode definition, Map<String, Edited> removals) {
        if (!required) {
            removals.put(field, new Edited(field, REMOVED, with(definition, place, null)));
        }
    }
}
