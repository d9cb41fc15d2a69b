package io.github.aepdataflows.resource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.aepdataflows.definition.Definition;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** The ad-hoc class of the 2020 form, with a property per source column (Schema Registry, ad-hoc schema tutorial). */
final class SourceClass implements Kind {

    static final String FIXED = "the ad-hoc class and schema of a source are made of its columns,"
            + " and no others can have their titles, which come from the dataflow's name";

    @Override
    public String key() {
        return "source-class";
    }

    @Override
    public Service service() {
        return Service.SCHEMA_REGISTRY;
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
    public boolean isDescribedBy(Definition definition) {
        return definition.adHoc();
    }

    @Override
    public boolean isPartOf(FlowDocuments flow) {
        return flow.isAdHoc();
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

    /** Nobody looks for the class of an existing flow by its title. */
    @Override
    public List<Difference> differences(JsonNode request, JsonNode actual) {
        JsonNode is = normalForm(actual);
        Json.ignore("title", request, is);
        return Difference.between(normalForm(request), is);
    }

    @Override
    public Verdict verdict(Difference difference, JsonNode actual, Instant now) {
        return Verdict.impossible(FIXED);
    }

    @Override
    public Optional<Update> update() {
        return Optional.empty();
    }

    @Override
    public boolean isDeletedWith(Definition.Lifecycle lifecycle) {
        return lifecycle.retiresSchema();
    }
}
