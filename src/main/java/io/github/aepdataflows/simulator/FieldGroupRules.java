package io.github.aepdataflows.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a field group of the tenant must be: for some class, with all its fields in the tenant's own namespace and of types that XDM has.
 * It only grows.
 */
final class FieldGroupRules {

    private static final Set<String> TYPES = Set.of("string", "number", "integer", "boolean", "object", "array");

    private final Schemas schemas;
    private final String namespace;

    /** @param namespace {@code _{tenantId}} */
    FieldGroupRules(Schemas schemas, String namespace) {
        this.schemas = schemas;
        this.namespace = namespace;
    }

    /** @param refs the other field groups that it builds on */
    void check(Call call, ObjectNode fieldGroup, List<String> refs) {
        if (!fieldGroup.path("meta:intendedToExtend").isArray() || fieldGroup.path("meta:intendedToExtend").isEmpty()) {
            throw Refusal.document(400, "meta:intendedToExtend is required: the classes that a field group is for");
        }
        for (JsonNode extended : fieldGroup.path("meta:intendedToExtend")) {
            if (schemas.find(call, "classes", extended.asText()).isEmpty()) {
                throw XdmComposer.unresolved(extended.asText());
            }
        }
        for (String ref : refs) {
            if (schemas.find(call, "fieldgroups", ref).isEmpty()) {
                throw XdmComposer.unresolved(ref);
            }
        }
        checkNamespace(fieldGroup);
    }

    /** Whatever a tenant adds to XDM itself stands under one key, which no standard field can have. */
    private void checkNamespace(ObjectNode fieldGroup) {
        for (JsonNode part : fieldGroup.path("allOf")) {
            String ref = part.path("$ref").asText();
            JsonNode own = ref.startsWith("#/") ? fieldGroup.at(ref.substring(1)) : part;
            if (own.isMissingNode()) {
                throw XdmComposer.unresolved(ref);
            }
            for (Map.Entry<String, JsonNode> field : own.path("properties").properties()) {
                if (!field.getKey().equals(namespace)) {
                    throw Refusal.coded("XDM-1020-400", "Namespace validation error", "For custom fields, you must use a top"
                        + " level field named " + namespace + ", not " + field.getKey());
                }
            }
        }
    }

    /** Gives each property its XDM type, and refuses what XDM has no type for. */
    void addTypes(ObjectNode fieldGroup) {
        fieldGroup.path("definitions").forEach(part -> typed(part.path("properties")));
        fieldGroup.path("allOf").forEach(part -> typed(part.path("properties")));
    }

    private void typed(JsonNode properties) {
        properties.properties().forEach(field -> typed(field.getKey(), field.getValue()));
    }

    private void typed(String name, JsonNode property) {
        if (!(property instanceof ObjectNode field) || field.has("$ref")) {
            return;
        }
        String type = field.path("type").asText();
        if (!TYPES.contains(type) || type.equals("array") && !field.path("items").isObject()) {
            throw Refusal.coded("XDM-1104-400", "Invalid field", "The field " + name + " has no valid type: " + type);
        }
        field.put("meta:xdmType", xdmType(type, field));
        typed(field.path("properties"));
        if (field.has("items")) {
            typed(name + "[]", field.path("items"));
        }
    }

    private static String xdmType(String type, ObjectNode field) {
        String format = field.path("format").asText();
        if (type.equals("string") && format.startsWith("date")) {
            return format;
        } else if (!type.equals("integer")) {
            return type;
        }
        long most = field.path("maximum").asLong(Integer.MAX_VALUE);
        return most > Integer.MAX_VALUE + 1L ? "long" : most > 32_768 ? "int" : most > 128 ? "short" : "byte";
    }

    /** What was there stays, and stays what it was. */
    void checkGrowth(JsonNode current, JsonNode updated) {
        for (String part : List.of("definitions", "allOf", "meta:intendedToExtend")) {
            checkGrowth(part, current.path(part), updated.path(part));
        }
    }

    private void checkGrowth(String path, JsonNode is, JsonNode becomes) {
        if (becomes.isMissingNode()) {
            throw breaking(path);
        } else if (is.isObject()) {
            is.properties().stream()
                .filter(field -> !Set.of("title", "description").contains(field.getKey()) || field.getValue().isObject())
                .forEach(field -> checkGrowth(path + "/" + field.getKey(), field.getValue(), becomes.path(field.getKey())));
        } else if (is.isArray()) {
            is.forEach(element -> {
                if (Json.stream(becomes).noneMatch(element::equals)) {
                    throw breaking(path);
                }
            });
        } else if (!is.equals(becomes)) {
            throw breaking(path);
        }
    }

    private static Refusal breaking(String path) {
        return Refusal.coded("XDM-1600-400", "Breaking change", "Only additive changes are allowed, and " + path + " would change");
    }
}
