package io.github.aepdataflows.resource;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.aepdataflows.definition.Definition;
import java.util.List;
import java.util.Optional;

/** The schema of the ad-hoc class of the 2020 form (Schema Registry, ad-hoc schema tutorial). */
final class SourceSchema extends AdHocKind {

    @Override
    public String key() {
        return "source-schema";
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
    public String idIn(FlowDocuments flow) {
        return flow.get(Kinds.SOURCE_CONNECTION).at("/data/schema/id").asText();
    }

    @Override
    public List<ObjectNode> requests(Inputs inputs) {
        ObjectNode body = Json.object().put("type", "object").put("title", Definition.sourceSchemaTitle(inputs.definition().name()));
        body.putArray("allOf").addObject().put("$ref", inputs.id(Kinds.SOURCE_CLASS));
        return List.of(body);
    }

    /** Source connections that read through it. */
    @Override
    public Optional<Search> users(String id) {
        return Optional.of(Search.users(Kinds.SOURCE_CONNECTION, "data.schema.id", id));
    }
}
