package io.github.aepdataflows.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The read-only container {@code global}: Adobe's own behaviors, data types, classes and field groups. */
final class GlobalXdm {

    static final String ADHOC = "https://ns.adobe.com/xdm/data/adhoc";

    private final Map<String, ObjectNode> resources = new LinkedHashMap<>();

    GlobalXdm() {
        JsonNode file = Json.resource("global-xdm.json");
        XdmFields fields = new XdmFields(id -> file.path("datatypes").required(id).path("fields"));
        file.properties().forEach(type -> type.getValue().properties().forEach(entry -> resources.put(entry.getKey(),
            resource(entry.getKey(), type.getKey(), entry.getValue(), fields))));
    }

    private static ObjectNode resource(String id, String type, JsonNode description, XdmFields fields) {
        String altId = id.replaceFirst("https://ns.adobe.com/", "_").replace('/', '.');
        ObjectNode resource = Json.object().put("$id", id).put("meta:altId", altId).put("meta:resourceType", type)
            .put("version", "1").put("title", description.path("title").asText()).put("type", "object")
            .put("meta:containerId", "global").put("meta:xdmType", "object");
        ArrayNode allOf = Json.array();
        if (description.has("behavior")) {
            String behavior = description.path("behavior").asText();
            resource.putArray("meta:extends").add(behavior);
            allOf.addObject().put("$ref", behavior);
        }
        if (description.has("extends")) {
            resource.set("meta:intendedToExtend", description.path("extends"));
        }
        allOf.addObject().put("type", "object").set("properties", fields.properties(description.path("fields")));
        return resource.set("allOf", allOf);
    }

    Optional<ObjectNode> find(String type, String id) {
        return all(type).stream()
            .filter(resource -> id.equals(resource.path("$id").asText()) || id.equals(resource.path("meta:altId").asText()))
            .findFirst();
    }

    /** Field groups were called mixins; both names list the same things. */
    List<ObjectNode> all(String type) {
        String wanted = type.equals("mixins") ? "fieldgroups" : type;
        return resources.values().stream().filter(each -> wanted.equals(each.path("meta:resourceType").asText())).toList();
    }
}
