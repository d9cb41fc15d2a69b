package io.github.aepdataflows.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;

/**
 * What makes a flow valid: the table "Flows" of platform-api.md 3.7, whose codes come from "Sources errors" and "Flow Service
 * errors". Whether a chain is judged by the rules of 2020 depends on the format of its source connection.
 */
final class FlowRules {

    private final FlowSpecs flowSpecs;
    private final Entities sources;
    private final Entities targets;
    private final MappingRules mappings;
    private final Store store;

    FlowRules(FlowSpecs flowSpecs, Entities sources, Entities targets, MappingRules mappings, Store store) {
        this.flowSpecs = flowSpecs;
        this.sources = sources;
        this.targets = targets;
        this.mappings = mappings;
        this.store = store;
    }

    void check(Call call, JsonNode flow) {
        JsonNode flowSpec = flowSpecs.referenced(Json.text(flow, "flowSpec.id"));
        ObjectNode source = sources.referenced(call, onlyId(flow, "sourceConnectionIds"));
        ObjectNode target = targets.referenced(call, onlyId(flow, "targetConnectionIds"));
        boolean form2020 = SourceConnections.is2020(source);
        checkSource(flowSpec, source);
        ObjectNode dataSet = dataSet(call, source, target, form2020);
        if (FlowSpecs.streams(flowSpec)) {
            checkStreaming(call, flow, flowSpec, target, dataSet);
            return;
        }
        ScheduleRules.check(flow.path("scheduleParams"), form2020);
        flowSpecs.checkSchedule(flowSpec, flow.path("scheduleParams"), form2020);
        checkTransformationNames(flow);
        checkCopy(flow, flowSpec, form2020);
        if (!FlowSpecs.mayBeUnmapped(flowSpec) || transformation(flow, "Mapping").isPresent()) {
            checkMapping(call, flow, flowSpec, target, dataSet);
        }
        if (flow.has("options")) {
            flowSpecs.checkOptions(flowSpec, flow.path("options"));
        }
    }

    private void checkStreaming(Call call, JsonNode flow, JsonNode flowSpec, ObjectNode target, ObjectNode dataSet) {
        if (flow.has("scheduleParams")) {
            throw Refusal.flow("1318-400", "scheduleParams: the flow spec " + flowSpec.path("name").asText() + " has no schedule");
        }
        for (JsonNode transformation : flow.path("transformations")) {
            flowSpecs.checkTransformation(flowSpec, transformation.path("name").asText(), transformation.path("params"));
        }
        if (transformation(flow, "Mapping").isPresent()) {
            checkMapping(call, flow, flowSpec, target, dataSet);
        }
    }

    private static String onlyId(JsonNode flow, String field) {
        JsonNode ids = flow.path(field);
        if (ids.isEmpty()) {
            throw Refusal.flow("1320-400", field + " is missing or empty");
        }
        if (ids.size() != 1) {
            throw Refusal.flow("1321-400", field + " has " + ids.size() + " ids, not one");
        }
        String id = ids.path(0).textValue();
        if (id == null || id.isEmpty()) {
            throw Refusal.flow("1338-400", "The id in " + field + " is null or empty");
        }
        return id;
    }

    private static void checkSource(JsonNode flowSpec, ObjectNode source) {
        String specId = Json.text(source, "connectionSpec.id");
        if (Json.stream(flowSpec.path("sourceConnectionSpecIds")).noneMatch(id -> id.asText().equals(specId))) {
            throw Refusal.flow("1305-400",
                "The flow spec " + flowSpec.path("name").asText() + " does not support the connection spec " + specId);
        }
        String format = Json.text(source, "data.format");
        if (!FlowSpecs.supports(flowSpec, format)) {
            throw Refusal.flow("1396-400", "The flow spec does not support the data format " + format);
        }
    }

    private ObjectNode dataSet(Call call, ObjectNode source, ObjectNode target, boolean form2020) {
        String specId = Json.text(target, "connectionSpec.id");
        boolean likeSource = form2020 && specId.equals(Json.text(source, "connectionSpec.id"));
        if (!specId.equals(ConnectionSpecs.DATASET) && !likeSource) {
            throw Refusal.flow("1307-400", "The connection spec of the target must be " + ConnectionSpecs.DATASET);
        }
        return store.referenced(call, "dataSets", Json.text(target, "params.dataSetId"),
            Refusal.flow("1306-400", "The dataset of the target connection is gone"));
    }

    private static void checkTransformationNames(JsonNode flow) {
        for (JsonNode transformation : flow.path("transformations")) {
            if (!List.of("Copy", "Mapping", "Encryption").contains(transformation.path("name").asText())) {
                throw Refusal.message(400, "The flow spec has no transformation " + transformation.path("name"));
            }
        }
        transformation(flow, "Encryption").ifPresent(encryption -> {
            if (Json.text(encryption, "params.publicKeyId").isEmpty()
                || !Json.text(flow, "flowSpec.id").equals("9753525b-82c7-4dce-8a9b-5ccfce2b9876")) {
                throw Refusal.message(400, "Encryption is of flows that read files, with a publicKeyId");
            }
        });
    }

    private void checkCopy(JsonNode flow, JsonNode flowSpec, boolean form2020) {
        boolean once = Json.text(flow, "scheduleParams.frequency").equals("once");
        Optional<JsonNode> copy = transformation(flow, "Copy");
        JsonNode params = copy.map(present -> present.path("params")).orElse(Json.object());
        boolean append = params.path("mode").asText().equals("append") && params.size() == 1;
        if (form2020 && (copy.isEmpty() || append)) {
            return;
        }
        if (params.has("mode") || flow.has("mode")) {
            throw Refusal.flow("1368-400", "mode is not allowed in a flow request");
        }
        if (once && params.has("deltaColumn")) {
            throw Refusal.flow("1369-400", "A flow that runs once has no deltaColumn");
        }
        boolean table = flowSpec.path("id").asText().equals(FlowSpecs.TABLES);
        if (table && !once && !params.has("deltaColumn")) {
            throw Refusal.flow("1367-400", "A recurring flow from a table needs Copy.params.deltaColumn");
        }
        copy.ifPresent(present -> flowSpecs.checkTransformation(flowSpec, "Copy", params));
    }

    private void checkMapping(Call call, JsonNode flow, JsonNode flowSpec, ObjectNode target, ObjectNode dataSet) {
        JsonNode params = transformation(flow, "Mapping")
            .orElseThrow(() -> Refusal.flow("1370-400", "The transformation Mapping is missing")).path("params");
        if (!params.isObject()) {
            throw Refusal.flow("1328-400", "The params of Mapping are missing or null");
        }
        if (Json.text(params, "mappingId").isEmpty()) {
            throw Refusal.flow("1329-400", "Mapping.params.mappingId is missing or null");
        }
        flowSpecs.checkTransformation(flowSpec, "Mapping", params);
        mappings.check(call, params, target, dataSet);
    }

    static Optional<JsonNode> transformation(JsonNode flow, String name) {
        return Json.stream(flow.path("transformations")).filter(each -> each.path("name").asText().equals(name)).findFirst();
    }
}
