package io.github.aepdataflows.resource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.aepdataflows.definition.Definition;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The schema of the ad-hoc class of the 2020 form (Schema Registry, ad-hoc schema tutorial). */
final class SourceSchema implements Kind {

    @Override
    public String key() {
        return "source-schema";
    }

    @Override
    public Service service() {
        return Service.SCHEMA_REGISTRY;
    }

    @Override
    public String collection() {
        return "schemaregistry/tenant/schemas";
    }

    @Override
    public List<Kind> builtOn() {
        return List.of(Kinds.SOURCE_CLASS);
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
        return flow.get(Kinds.SOURCE_CONNECTION).at("/data/schema/id").asText();
    }

    @Override
    public List<ObjectNode> requests(Inputs inputs) {
        ObjectNode body = Json.object().put("type", "object").put("title", Definition.sourceSchemaTitle(inputs.definition().name()));
        body.putArray("allOf").addObject().put("$ref", inputs.id(Kinds.SOURCE_CLASS));
        return List.of(body);
    }

    @Override
    public String naturalKey(JsonNode resource) {
        return resource.path("title").asText();
    }

    @Override
    public String filter(JsonNode request) {
        return Xdm.titleFilter(naturalKey(request));
    }

    @Override
    public JsonNode normalForm(JsonNode document) {
        return Xdm.normalForm(document);
    }

    /** Nobody looks for the schema of an existing flow by its title. */
    @Override
    public List<Difference> differences(JsonNode request, JsonNode actual) {
        JsonNode is = normalForm(actual);
        Json.ignore("title", request, is);
        return Difference.between(normalForm(request), is);
    }

    @Override
    public Verdict verdict(Difference difference, JsonNode actual, Instant now) {
        return Verdict.impossible(SourceClass.FIXED);
    }

    @Override
    public Optional<Update> update() {
        return Optional.empty();
    }

    @Override
    public boolean isDeletedWith(Definition.Lifecycle lifecycle) {
        return lifecycle.retiresSchema();
    }

    /** Source connections that read through it. */
    @Override
    public Optional<Search> users(String id) {
        return Optional.of(Search.users(Kinds.SOURCE_CONNECTION, "data.schema.id==" + id,
                connection -> connection.at("/data/schema/id").asText().equals(id)));
    }
}
