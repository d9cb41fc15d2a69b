package io.github.aepdataflows.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.UUID;

/** Checks what is posted to the Schema Registry and adds what the registry adds: ids, references, metadata. */
final class XdmComposer {

    private final Schemas schemas;
    private final Options options;
    private final FieldGroupRules fieldGroups;

    XdmComposer(Schemas schemas, Options options) {
        this.schemas = schemas;
        this.options = options;
        this.fieldGroups = new FieldGroupRules(schemas, "_" + options.tenantId());
    }

    /** @param name the last two parts of the {@code $id}: the collection, and 32 or 48 hex digits */
    ObjectNode compose(Call call, String type, String name, ObjectNode body) {
        List<String> refs = refs(body);
        if (Json.text(body, "title").isEmpty() || !body.path("allOf").isArray() || body.path("allOf").isEmpty()) {
            throw Refusal.document(400, "title and allOf are required");
        }
        ObjectNode resource = Json.object().put("$id", "https://ns.adobe.com/" + options.tenantId() + "/" + name)
            .put("meta:altId", "_" + options.tenantId() + "." + name.replace('/', '.'))
            .put("meta:resourceType", name.substring(0, name.indexOf('/'))).put("version", "1.0");
        resource.setAll(body.deepCopy());
        resource.put("type", "object").put("imsOrg", options.orgId()).put("meta:extensible", !type.equals("schemas"));
        resource.put("meta:abstract", !type.equals("schemas")).put("meta:xdmType", "object").put("meta:containerId", "tenant");
        refs.forEach(resource.putArray("refs")::add);
        refs.forEach(resource.putArray("meta:extends")::add);
        resource.put("meta:tenantNamespace", "_" + options.tenantId()).put("meta:sandboxType", "production");
        if (type.equals("classes")) {
            checkBehavior(call, refs);
            if (refs.contains(GlobalXdm.ADHOC)) {
                renameAdhoc(resource, name.replaceFirst(".*/", "_"));
            }
        } else if (type.equals("fieldgroups")) {
            fieldGroups.check(call, resource, refs);
            fieldGroups.addTypes(resource);
        } else {
            setClass(call, resource, refs);
            checkTags(resource);
        }
        return resource;
    }

    /** What schemas use only grows. */
    void checkGrowth(String type, ObjectNode current, ObjectNode updated) {
        if (type.equals("fieldgroups")) {
            fieldGroups.checkGrowth(current, updated);
        }
    }

    private static List<String> refs(JsonNode body) {
        return Json.stream(body.path("allOf")).filter(part -> part.has("$ref")).map(part -> part.path("$ref").asText())
            .filter(ref -> !ref.startsWith("#")).distinct().toList();
    }

    /** {@code union} lets the real-time profile use a schema; there is no other tag. */
    private static void checkTags(ObjectNode schema) {
        JsonNode tags = schema.path("meta:immutableTags");
        if (schema.has("meta:immutableTags") && !tags.equals(Json.array().add("union"))) {
            throw Refusal.document(400, "meta:immutableTags must be [\"union\"], not " + tags);
        }
    }

    private void checkBehavior(Call call, List<String> refs) {
        if (refs.isEmpty()) {
            throw Refusal.document(400, "a class refers to the behavior of its data");
        }
        for (String ref : refs) {
            if (schemas.find(call, "behaviors", ref).isEmpty() && schemas.find(call, "classes", ref).isEmpty()
                && schemas.find(call, "fieldgroups", ref).isEmpty()) {
                throw unresolved(ref);
            }
        }
    }

    private void setClass(Call call, ObjectNode schema, List<String> refs) {
        List<ObjectNode> classes = refs.stream().flatMap(ref -> schemas.find(call, "classes", ref).stream()).toList();
        for (String ref : refs) {
            if (schemas.find(call, "classes", ref).isEmpty() && schemas.find(call, "fieldgroups", ref).isEmpty()) {
                throw unresolved(ref);
            }
        }
        if (classes.size() != 1) {
            throw Refusal.document(400, "a schema refers to exactly one class, not " + classes.size());
        }
        String classId = classes.get(0).path("$id").asText();
        if (schema.has("meta:class") && !schema.path("meta:class").asText().equals(classId)) {
            throw Refusal.document(400, "meta:class is not the class in allOf");
        }
        schema.put("meta:class", classId);
        JsonNode namespace = classes.get(0).path("meta:datasetNamespace");
        if (!namespace.isMissingNode()) {
            schema.set("meta:datasetNamespace", namespace);
        }
    }

    /** A {@code $ref} to nothing. */
    static Refusal unresolved(String ref) {
        return Refusal.coded("XDM-1010-404", "Resource not found", "The $ref " + ref + " does not resolve");
    }

    /** The registry replaces the key {@code _adhoc} by one of the class's own, and gives each column its XDM type. */
    private static void renameAdhoc(ObjectNode resource, String namespace) {
        resource.put("meta:datasetNamespace", namespace);
        for (JsonNode part : (ArrayNode) resource.path("allOf")) {
            if (part.path("properties") instanceof ObjectNode properties && properties.has("_adhoc")) {
                JsonNode adhoc = properties.remove("_adhoc");
                adhoc.path("properties").forEach(XdmComposer::addXdmType);
                properties.set(namespace, adhoc);
                addXdmType(adhoc);
            }
        }
    }

    private static void addXdmType(JsonNode property) {
        if (property instanceof ObjectNode object && !object.has("meta:xdmType")) {
            String format = object.path("format").asText();
            object.put("meta:xdmType", format.startsWith("date") ? format : object.path("type").asText());
        }
    }

    static String newHash() {
        return (UUID.randomUUID().toString() + UUID.randomUUID()).replace("-", "").substring(0, 48);
    }
}
