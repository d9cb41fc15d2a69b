package io.github.aepdataflows.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What there is to ingest behind each base connection: at first what {@code explore.json} says about its connector, later
 * with the changes that were made to this one connection.
 */
final class SourceObjects {

    /** The container of the landing zone, with which all paths in it begin. */
    static final String LANDING_ZONE = "dlz-user-container";

    private final JsonNode defaults = Json.resource("explore.json");
    private final Map<String, Map<String, SourceObject>> changed = new LinkedHashMap<>();
    private final ConnectionSpecs specs;

    SourceObjects(ConnectionSpecs specs) {
        this.specs = specs;
    }

    Collection<SourceObject> of(ObjectNode connection) {
        return Optional.ofNullable(changed.get(Connections.key(connection)))
            .orElseGet(() -> initial(connection)).values();
    }

    /** Adds a table or a file, or takes the place of the one at that path. */
    void put(ObjectNode connection, SourceObject object) {
        changeable(connection).put(object.path(), object);
    }

    /** @throws IllegalArgumentException if the source has none there */
    void remove(ObjectNode connection, String path) {
        if (changeable(connection).remove(path) == null) {
            throw new IllegalArgumentException("nothing at " + path);
        }
    }

    private Map<String, SourceObject> changeable(ObjectNode connection) {
        return changed.computeIfAbsent(Connections.key(connection), key -> initial(connection));
    }

    private Map<String, SourceObject> initial(ObjectNode connection) {
        Map<String, SourceObject> objects = new LinkedHashMap<>();
        String specId = Json.text(connection, "connectionSpec.id");
        JsonNode own = defaults.path("connectors").path(specs.name(specId));
        if (specs.isRest(specId)) {
            JsonNode answer = own.isMissingNode() ? defaults.at("/rest/json") : own.at("/json/hierarchy");
            objects.put("json", new SourceObject("rest", "json", "json", hierarchical(answer)));
            return objects;
        }
        if (specs.holdsFiles(specId)) {
            (specs.hasNoBaseConnection(specId) ? Json.object() : defaults.path("files")).properties().forEach(file ->
                objects.put(file.getKey(), SourceObject.file(file.getKey(), columns(file.getValue()))));
            own.properties().forEach(file -> objects.put(file.getKey(), file.getValue().has("hierarchy")
                ? SourceObject.file(file.getKey(), hierarchical(file.getValue().path("hierarchy")))
                : SourceObject.file(file.getKey(), columns(file.getValue().path("columns")))));
            return objects;
        }
        defaults.path("tables").properties().forEach(table ->
            objects.put(table.getKey(), SourceObject.table(table.getKey(), columns(table.getValue()))));
        own.properties().forEach(table -> objects.put(table.getKey(), new SourceObject(table.getValue().path("type").asText("table"),
            table.getValue().path("name").asText(), table.getKey(),
            SourceObject.table("", columns(table.getValue().path("columns"))).schema())));
        return objects;
    }

    /** A JSON Schema of what is written by example: an object, a list of one thing, or a type. */
    private static ObjectNode hierarchical(JsonNode example) {
        ObjectNode node = Json.object();
        if (example.isArray()) {
            return node.put("type", "array").set("items", hierarchical(example.path(0)));
        } else if (example.isObject()) {
            ObjectNode properties = node.put("type", "object").putObject("properties");
            example.properties().forEach(field -> properties.set(field.getKey(), hierarchical(field.getValue())));
            return node;
        }
        String type = example.asText();
        return type.startsWith("date") ? node.put("type", "string").put("format", type) : node.put("type", type);
    }

    private static ArrayNode columns(JsonNode types) {
        ArrayNode columns = Json.array();
        types.properties().forEach(column -> columns.add(column(column.getKey(), column.getValue().asText())));
        return columns;
    }

    /** The current form of a column. */
    private static ObjectNode column(String name, String type) {
        ObjectNode column = Json.object().put("name", name);
        if (type.startsWith("date")) {
            column.put("type", "string").put("meta:xdmType", type).putObject("xdm").put("type", "string").put("format", type);
        } else {
            column.put("type", type).putObject("xdm").put("type", type.equals("double") ? "number" : type);
        }
        return column;
    }
}
