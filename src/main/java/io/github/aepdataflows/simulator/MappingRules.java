package io.github.aepdataflows.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** What a flow's mapping must be: it exists in that version, and it maps to the schema of the dataset the flow fills. */
final class MappingRules {

    private final Store store;

    MappingRules(Store store) {
        this.store = store;
    }

    /** @param params of the transformation {@code Mapping}: {@code mappingId}, and {@code mappingVersion} (absent means 0) */
    void check(Call call, JsonNode params, ObjectNode target, ObjectNode dataSet) {
        String id = params.path("mappingId").asText();
        ObjectNode mappingSet = store.referenced(call, "mappingSets", id,
            Refusal.flow("1419-400", "The mapping set " + id + " cannot be read"));
        String version = params.has("mappingVersion") ? params.path("mappingVersion").asText() : "0";
        if (!version.matches("\\d{1,9}") || Integer.parseInt(version) > mappingSet.path("version").asInt()) {
            throw Refusal.flow("1412-400", "The mapping set " + id + " has no version " + version);
        }
        SchemaReference wanted = SchemaReference.of(dataSet.path("schemaRef"), "contentType");
        JsonNode schema = target.at("/data/schema");
        boolean sameTarget = schema.isMissingNode() || schema.isNull() || SchemaReference.of(schema, "version").equals(wanted);
        if (!sameTarget || !SchemaReference.of(mappingSet.at("/outputSchema/schemaRef"), "contentType").equals(wanted)) {
            throw Refusal.flow("1425-400", "The mapping, the target connection and the dataset have different schemas");
        }
    }
}
