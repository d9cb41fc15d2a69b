package io.github.aepdataflows.export;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.aepdataflows.definition.Connectors;
import io.github.aepdataflows.resource.Kinds;

/** The definition of a flow: what exists is named, never described as new. */
final class DefinitionText {

    private DefinitionText() {
    }

    static ObjectNode of(FlowSnapshot snapshot, Connectors connectors) {
        JsonNode flow = snapshot.get(Kinds.FLOW);
        ObjectNode definition = JsonNodeFactory.instance.objectNode().put("apiVersion", "aep-dataflows/v1")
                .put("name", snapshot.dataflow());
        if (!snapshot.name().equals(snapshot.dataflow())) {
            definition.put("flowName", snapshot.name());
        }
        Texts.copy(flow, "description", definition);
        if (flow.path("state").asText().equals("disabled")) {
            definition.put("state", "paused");
        }
        definition.set("source", new SourceText(snapshot).write(connectors));
        definition.set("target", target(snapshot));
        definition.set("mapping", FlowText.mapping(snapshot));
        FlowText.copy(snapshot).ifPresent(copy -> definition.set("copy", copy));
        FlowText.encryption(snapshot).ifPresent(encryption -> definition.set("encryption", encryption));
        definition.set("schedule", FlowText.schedule(snapshot));
        FlowText.options(snapshot).ifPresent(options -> definition.set("options", options));
        return definition;
    }

    private static ObjectNode target(FlowSnapshot snapshot) {
        ObjectNode target = JsonNodeFactory.instance.objectNode();
        JsonNode connection = snapshot.get(Kinds.TARGET_CONNECTION);
        String name = connection.path("name").asText();
        if (!name.equals(snapshot.dataflow() + " target")) {
            target.put("name", name);
        }
        Texts.copy(connection, "description", target);
        String title = snapshot.get(Kinds.TARGET_SCHEMA).path("title").asText();
        ObjectNode schema = target.putObject("schema");
        if (snapshot.isUnique(Kinds.TARGET_SCHEMA) && Texts.isLabel(title)) {
            schema.put("title", title);
        } else {
            schema.put("id", snapshot.id(Kinds.TARGET_SCHEMA));
        }
        String dataset = snapshot.get(Kinds.TARGET_DATASET).path("name").asText();
        ObjectNode named = target.putObject("dataset");
        if (snapshot.isUnique(Kinds.TARGET_DATASET) && Texts.isLabel(dataset)) {
            named.put("name", dataset).put("existing", true);
        } else {
            named.put("id", snapshot.id(Kinds.TARGET_DATASET));
        }
        return target;
    }
}
