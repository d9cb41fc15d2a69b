package io.github.aepdataflows.resource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.aepdataflows.definition.Definition;
import java.util.List;

/** The ad-hoc class of the 2020 form, with a property per source column (Schema Registry, ad-hoc schema tutorial). */
final class SourceClass extends AdHocKind {

    @Override
    public String key() {
        return "source-class";
    }

    @Override
    public String collection() {
        return "schemaregistry/tenant/classes";
    }

    @Override
    public List<Kind> builtOn() {
        return List.of();
    }

    @Override
    public String idIn(FlowDocuments flow) {
        JsonNode schema = flow.get(Kinds.SOURCE_SCHEMA);
        String named = schema.path("meta:class").asText();
        return named.isEmpty() ? schema.at("/allOf/0/$ref").asText() : named;
    }

    @Override
    public List<ObjectNode> requests(Inputs inputs) {
        Definition definition = inputs.definition();
        ObjectNode body = Json.object().put("type", "object").put("title", Definition.sourceClassTitle(definition.name()));
        ArrayNode allOf = body.putArray("allOf");
        allOf.addObject().put("$ref", "https://ns.adobe.com/xdm/data/adhoc");
        ObjectNode adHoc = allOf.addObject().putObject("properties").putObject("_adhoc").put("type", "object");
        ObjectNode properties = adHoc.putObject("properties");
        for (JsonNode column : definition.source().columns()) {
            properties.set(column.path("name").asText(), Xdm.type(column));
        }
        return List.of(body);
    }
}
