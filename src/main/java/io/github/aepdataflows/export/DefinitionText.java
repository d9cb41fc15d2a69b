package io.github.aepdataflows.export;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.aepdataflows.definition.Connectors;

/** The definition of a flow: what exists is named, never described as new. */
final class DefinitionText {

    private DefinitionText() {
    }

    static ObjectNode of(Original original, Connectors connectors) {
        JsonNode flow = original.get(Part.FLOW);
        ObjectNode definition = JsonNodeFactory.instance.objectNode().put("apiVersion", "aep-dataflows/v1").put("name", original.name());
        Texts.copy(flow, "description", definition);
        if (flow.path("state").asText().equals("disabled")) {
            definition.put("state", "paused");
        }
        definition.set("source", new SourceText(original).write(connectors));
        definition.set("target", target(original));
        definition.set("mapping", FlowText.mapping(original));
        FlowText.copy(original).ifPresent(copy -> definition.set("copy", copy));
        definition.set("schedule", FlowText.schedule(original));
        FlowText.options(original).ifPresent(options -> definition.set("options", options));
        return definition;
    }

    private static ObjectNode target(Original original) {
        ObjectNode target = JsonNodeFactory.instance.objectNode();
        JsonNode connection = original.get(Part.TARGET_CONNECTION);
        String name = connection.path("name").asText();
        if (!name.equals(original.name() + " target")) {
            target.put("name", name);
        }
        Texts.copy(connection, "description", target);
        String title = original.get(Part.TARGET_SCHEMA).path("title").asText();
        ObjectNode schema = target.putObject("schema");
        if (original.isUnique(Part.TARGET_SCHEMA) && Texts.isLabel(title)) {
            schema.put("title", title);
        } else {
            schema.put("id", original.id(Part.TARGET_SCHEMA));
        }
        String dataset = original.get(Part.TARGET_DATASET).path("name").asText();
        ObjectNode named = target.putObject("dataset");
        if (original.isUnique(Part.TARGET_DATASET) && Texts.isLabel(dataset)) {
            named.put("name", dataset).put("existing", true);
        } else {
            named.put("id", original.id(Part.TARGET_DATASET));
        }
        return target;
    }
}
