package io.github.aepdataflows.export;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.aepdataflows.definition.Connectors;
import io.github.aepdataflows.resource.Flow;
import io.github.aepdataflows.resource.Kinds;
import java.time.Instant;
import java.util.List;

/** The definition of a flow: what exists is named, never described as new, unless it is for another sandbox. */
final class DefinitionText {

    private DefinitionText() {
    }

    /**
     * @param now   before which no new flow can start
     * @param notes to which what has to be known is added
     */
    static ObjectNode of(FlowSnapshot snapshot, Connectors connectors, Instant now, List<String> notes) {
        JsonNode flow = snapshot.get(Kinds.FLOW);
        ObjectNode definition = JsonNodeFactory.instance.objectNode().put("apiVersion", "aep-dataflows/v1")
                .put("name", snapshot.dataflow());
        if (!snapshot.name().equals(snapshot.dataflow())) {
            definition.put("flowName", snapshot.name());
        }
        Texts.copy(flow, "description", definition);
        switch (flow.path("state").asText("")) {
            case Flow.DISABLED -> definition.put("state", "paused");
            case Flow.DRAFT -> definition.put("state", "draft");
            default -> { }
        }
        definition.set("source", new SourceText(snapshot).write(connectors, notes));
        definition.set("target", target(snapshot));
        if (snapshot.isPortable()) {
            notes.addAll(snapshot.portableSchema().notes());
        }
        definition.set("mapping", FlowText.mapping(snapshot));
        FlowText.copy(snapshot).ifPresent(copy -> definition.set("copy", copy));
        FlowText.encryption(snapshot).ifPresent(encryption -> definition.set("encryption", encryption));
        ObjectNode schedule = FlowText.schedule(snapshot);
        long start = snapshot.get(Kinds.FLOW).at("/scheduleParams/startTime").asLong();
        definition.set("schedule", snapshot.isPortable() && start <= now.getEpochSecond() ? schedule.without("startTime") : schedule);
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
        if (snapshot.isPortable()) {
            ObjectNode schema = snapshot.portableSchema().schemaText();
            ObjectNode dataset = snapshot.portableSchema().datasetText();
            if (snapshot.portableSchema().isForProfile(schema.has("class") && !dataset.has("existing"))) {
                target.put("profile", true);
            }
            if (!dataset.has("existing")) {
                addLabels(snapshot, dataset);
            }
            target.set("schema", schema);
            return target.set("dataset", dataset);
        }
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
        addLabels(snapshot, named);
        return target;
    }

    private static void addLabels(FlowSnapshot snapshot, ObjectNode dataset) {
        JsonNode labels = Kinds.DATASET_LABELS.normalForm(snapshot.get(Kinds.DATASET_LABELS)).path("labels");
        if (!labels.isEmpty()) {
            dataset.set("labels", labels);
        }
    }
}
