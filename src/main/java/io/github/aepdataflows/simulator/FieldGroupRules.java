package io.github.aepdataflows.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;

/** What a field group of the tenant must be: for some class, and with all its fields in the tenant's own namespace. */
final class FieldGroupRules {

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
}
