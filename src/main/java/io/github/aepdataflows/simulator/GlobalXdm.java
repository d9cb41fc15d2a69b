package io.github.aepdataflows.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The read-only container {@code global}: Adobe's own behaviors, classes and field groups. */
final class GlobalXdm {

    static final String ADHOC = "https://ns.adobe.com/xdm/data/adhoc";

    private final Map<String, ObjectNode> resources = new LinkedHashMap<>();

    GlobalXdm() {
        Json.resource("global-xdm.json").properties().forEach(type -> type.getValue().properties().forEach(entry ->
            resources.put(entry.getKey(), resource(entry.getKey(), type.getKey(), entry.getValue().asText()))));
    }

    private static ObjectNode resource(String id, String type, String title) {
        String altId = id.replaceFirst("https://ns.adobe.com/", "_").replace('/', '.');
        return Json.object().put("$id", id).put("meta:altId", altId).put("meta:resourceType", type).put("version", "1")
            .put("title", title).put("type", "object").put("meta:containerId", "global");
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
