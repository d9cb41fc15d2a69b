package io.github.aepdataflows.resource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.aepdataflows.definition.Definition;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The dataset base connection of the 2020 form (Flow Service, {@code /connections}): one serves all dataflows of a sandbox. */
final class DatasetConnection implements Kind {

    private static final String NAME = "Dataset base connection";

    /** Connection spec of the data lake. */
    static final String DATA_LAKE_SPEC_ID = "c604ff05-7f1a-43c0-8e18-33bf874cb11c";

    @Override
    public String key() {
        return "dataset-connection";
    }

    @Override
    public Service service() {
        return Service.FLOW_SERVICE;
    }

    @Override
    public String collection() {
        return "flowservice/connections";
    }

    @Override
    public boolean isShared() {
        return true;
    }

    @Override
    public boolean servesAny() {
        return true;
    }

    @Override
    public List<Kind> builtOn() {
        return List.of();
    }

    @Override
    public boolean isDescribedBy(Definition definition) {
        return definition.adHoc();
    }

    @Override
    public boolean isPartOf(FlowDocuments flow) {
        return flow.isAdHoc();
    }

    @Override
    public String idIn(FlowDocuments flow) {
        return flow.get(Kinds.TARGET_CONNECTION).path("baseConnectionId").asText();
    }

    @Override
    public List<ObjectNode> requests(Inputs inputs) {
        ObjectNode body = Json.object().put("name", NAME);
        body.set("connectionSpec", Json.spec(DATA_LAKE_SPEC_ID));
        return List.of(body);
    }

    @Override
    public List<Filter> filters(JsonNode resource) {
        return Filter.named(naturalKey(resource));
    }

    @Override
    public JsonNode normalForm(JsonNode document) {
        return document;
    }

    /** One of the data lake is as good as another, whatever it is called. */
    @Override
    public List<Difference> differences(JsonNode request, JsonNode actual) {
        return Difference.between(request, actual).stream().filter(difference -> difference.path().equals("connectionSpec.id")).toList();
    }

    @Override
    public Verdict verdict(Difference difference, JsonNode actual, Instant now) {
        return Verdict.impossible("it is no connection of the data lake");
    }

    @Override
    public Optional<Update> update() {
        return Optional.empty();
    }

    @Override
    public boolean isDeletedWith(Definition.Lifecycle lifecycle) {
        return false;
    }
}
