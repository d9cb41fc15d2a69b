package io.github.aepdataflows.resource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.aepdataflows.definition.Definition;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The dataset of the target (Catalog, {@code /dataSets}). It keeps its schema, and stays enabled for Profile once it is. */
final class TargetDataset implements Kind {

    private static final String KEEPS_SCHEMA = "a dataset keeps its schema; name another dataset";
    private static final String PROFILE = "unifiedProfile";
    private static final String ENABLED = "enabled:true";

    @Override
    public String key() {
        return "target-dataset";
    }

    @Override
    public Service service() {
        return Service.CATALOG;
    }

    @Override
    public String collection() {
        return "catalog/dataSets";
    }

    @Override
    public String createQuery(Definition definition) {
        return "requestDataSource=true";
    }

    @Override
    public List<Kind> builtOn() {
        return List.of(Kinds.TARGET_SCHEMA);
    }

    @Override
    public boolean isDescribedBy(Definition definition) {
        return !definition.target().dataset().exists();
    }

    @Override
    public boolean isNamedBy(Definition definition) {
        return definition.target().dataset().exists();
    }

    @Override
    public Optional<String> namedId(Definition definition) {
        return definition.target().dataset().id();
    }

    @Override
    public String idIn(FlowDocuments flow) {
        return flow.get(Kinds.TARGET_CONNECTION).at("/params/dataSetId").asText();
    }

    @Override
    public List<ObjectNode> requests(Inputs inputs) {
        Definition.Target target = inputs.definition().target();
        ObjectNode body = Json.object().put("name", target.dataset().name());
        body.putObject("schemaRef").put("id", inputs.id(Kinds.TARGET_SCHEMA)).put("contentType", Xdm.NOTEXT);
        if (target.profile()) {
            ObjectNode tags = body.putObject("tags");
            tags.putArray(PROFILE).add(ENABLED);
            tags.putArray("unifiedIdentity").add(ENABLED);
        }
        return List.of(body);
    }

    @Override
    public String adviceOnConflict() {
        return "Choose another target.dataset.name, or name the existing dataset by target.dataset.id.";
    }

    @Override
    public List<Filter> filters(JsonNode resource) {
        String name = naturalKey(resource);
        return Lookup.isPlain(name) ? List.of(Filter.bare("name", name)) : List.of();
    }

    @Override
    public JsonNode normalForm(JsonNode document) {
        return document;
    }

    /** A tag has several values, in any order; those of others stay. */
    @Override
    public List<Difference> differences(JsonNode request, JsonNode actual) {
        ObjectNode wanted = (ObjectNode) request.deepCopy();
        ObjectNode is = actual.deepCopy();
        wanted.remove("tags");
        Xdm.ignoreSpelling(wanted.path("schemaRef"), is.path("schemaRef"), "contentType");
        List<Difference> differences = new ArrayList<>(Difference.between(wanted, is));
        request.path("tags").properties().forEach(tag -> missing(tag.getKey(), tag.getValue(), actual.path("tags").path(tag.getKey()))
                .ifPresent(differences::add));
        return differences;
    }

    private static Optional<Difference> missing(String tag, JsonNode wanted, JsonNode is) {
        ArrayNode all = is.isArray() ? is.deepCopy() : JsonNodeFactory.instance.arrayNode();
        Json.stream(wanted).filter(value -> !has(is, value.asText())).forEach(all::add);
        return all.size() == is.size() ? Optional.empty() : Optional.of(new Difference("tags." + tag, is, all));
    }

    /** The Platform's documents write a value with a blank after the colon or without. */
    private static boolean has(JsonNode tag, String value) {
        return Json.stream(tag).anyMatch(other -> other.asText().replace(" ", "").equals(value));
    }

    /** That it is enabled for Profile, where the definition says that it is not to be. */
    @Override
    public List<Difference> furtherDifferences(Definition definition, JsonNode actual) {
        JsonNode profile = actual.path("tags").path(PROFILE);
        return definition.target().saysProfile() && !definition.target().profile() && has(profile, ENABLED)
                ? List.of(new Difference("tags." + PROFILE, profile, NullNode.getInstance())) : List.of();
    }

    @Override
    public Verdict verdict(Difference difference, JsonNode actual, Instant now) {
        if (difference.path().startsWith("schemaRef")) {
            return Verdict.impossible(KEEPS_SCHEMA);
        } else if (difference.wanted().isNull()) {
            return Verdict.impossible("a dataset that is enabled for Profile stays so");
        }
        return difference.isLabel() || difference.path().startsWith("tags.") ? Verdict.UPDATE
                : Verdict.impossible("the Platform documents no change of this field");
    }

    @Override
    public Optional<Verdict> follows(Kind base, Action action) {
        return Kind.super.follows(base, action).map(replaced -> Verdict.impossible(KEEPS_SCHEMA));
    }

    @Override
    public Optional<Update> update() {
        return Optional.of(new Update("PATCH", "application/json-patch+json"));
    }

    @Override
    public boolean isDeletedWith(Definition.Lifecycle lifecycle) {
        return lifecycle.retiresDataset();
    }

    /** Target connections that write into it. */
    @Override
    public Optional<Search> users(String id) {
        return Optional.of(Search.users(Kinds.TARGET_CONNECTION, "params.dataSetId", id));
    }
}
