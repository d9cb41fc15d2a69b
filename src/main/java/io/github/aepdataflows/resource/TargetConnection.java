package io.github.aepdataflows.resource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.aepdataflows.definition.Definition;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Where the dataflow writes to: a dataset of the data lake (Flow Service, {@code /targetConnections}). */
final class TargetConnection implements Kind {

    @Override
    public String key() {
        return "target-connection";
    }

    @Override
    public Service service() {
        return Service.FLOW_SERVICE;
    }

    @Override
    public String collection() {
        return "flowservice/targetConnections";
    }

    @Override
    public List<Kind> builtOn() {
        return List.of(Kinds.TARGET_SCHEMA, Kinds.TARGET_DATASET, Kinds.DATASET_CONNECTION);
    }

    @Override
    public boolean isDescribedBy(Definition definition) {
        return true;
    }

    @Override
    public String idIn(FlowDocuments flow) {
        return flow.get(Kinds.FLOW).at("/targetConnectionIds/0").asText();
    }

    @Override
    public List<ObjectNode> requests(Inputs inputs) {
        Definition definition = inputs.definition();
        Definition.Target target = definition.target();
        ObjectNode body = Json.object();
        if (definition.adHoc()) {
            body.put("baseConnectionId", inputs.id(Kinds.DATASET_CONNECTION));
        }
        body.put("name", target.name());
        target.description().ifPresent(text -> body.put("description", text));
        ObjectNode data = body.putObject("data").put("format", "parquet_xdm");
        data.putObject("schema").put("id", inputs.id(Kinds.TARGET_SCHEMA)).put("version", Xdm.FULL);
        body.putObject("params").put("dataSetId", inputs.id(Kinds.TARGET_DATASET));
        body.set("connectionSpec", Json.spec(definition.adHoc() ? definition.source().connectionSpecId()
                : DatasetConnection.DATA_LAKE_SPEC_ID));
        return List.of(body);
    }

    @Override
    public List<Filter> filters(JsonNode resource) {
        return Filter.named(naturalKey(resource), "params.dataSetId", resource.at("/params/dataSetId").asText());
    }

    @Override
    public JsonNode normalForm(JsonNode document) {
        return document;
    }

    /** Newer ones leave out what the dataset says anyway, and partners write the format of their source. */
    @Override
    public List<Difference> differences(JsonNode request, JsonNode actual) {
        ObjectNode is = actual.deepCopy();
        ObjectNode data = is.path("data") instanceof ObjectNode there ? there : is.putObject("data");
        request.path("data").properties().stream().filter(field -> !data.hasNonNull(field.getKey()))
                .forEach(field -> data.set(field.getKey(), field.getValue().deepCopy()));
        if (data.path("format").asText().equals("json")) {
            Json.ignore("format", request.path("data"), data);
        }
        SourceConnection.ignoreSpelling(request, is);
        return Difference.between(request, is);
    }

    @Override
    public CarryOver.Fate fate(String path, JsonNode request, JsonNode actual) {
        boolean otherSpec = !request.at("/connectionSpec/id").equals(actual.at("/connectionSpec/id"));
        return service().writes(path) || path.startsWith("connectionSpec") || path.equals("baseConnectionId") && otherSpec
                ? CarryOver.Fate.GOVERNED : CarryOver.Fate.CARRIED;
    }

    @Override
    public Verdict verdict(Difference difference, JsonNode actual, Instant now) {
        return difference.isLabel() ? Verdict.UPDATE : Verdict.replace(SourceConnection.FIXED);
    }

    @Override
    public Optional<Update> update() {
        return Optional.of(Update.PATCH);
    }

    @Override
    public Optional<Kind> usedBy() {
        return Optional.of(Kinds.FLOW);
    }

    @Override
    public boolean isDeletedWith(Definition.Lifecycle lifecycle) {
        return true;
    }
}
