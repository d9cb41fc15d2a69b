package io.github.aepdataflows.resource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.aepdataflows.definition.Definition;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The schema of the target (Schema Registry, {@code /tenant/schemas}). A schema that is in use only grows. The tag that enables it for
 * Profile is added by a step of its own, once the identities of the schema are there.
 */
final class TargetSchema implements XdmKind {

    private static final String TAGS = "tags";
    private static final String REFERENCES = "references";
    private static final String UNION = "union";

    @Override
    public String place(String path) {
        return path.equals(REFERENCES) ? "references (allOf)" : path;
    }

    @Override
    public String key() {
        return "target-schema";
    }

    @Override
    public String collection() {
        return "schemaregistry/tenant/schemas";
    }

    @Override
    public List<Kind> builtOn() {
        return List.of(Kinds.FIELD_GROUP);
    }

    /** A field group that is made is added to it. */
    @Override
    public Optional<Verdict> follows(Kind base, Action action) {
        return Optional.empty();
    }

    @Override
    public boolean isDescribedBy(Definition definition) {
        return !definition.target().schema().exists();
    }

    @Override
    public boolean isNamedBy(Definition definition) {
        return definition.target().schema().exists();
    }

    @Override
    public Optional<String> namedId(Definition definition) {
        return definition.target().schema().id();
    }

    @Override
    public String idIn(FlowDocuments flow) {
        String named = flow.get(Kinds.TARGET_CONNECTION).at("/data/schema/id").asText();
        return named.isEmpty() ? flow.get(Kinds.TARGET_DATASET).at("/schemaRef/id").asText() : named;
    }

    @Override
    public List<ObjectNode> requests(Inputs inputs) {
        Definition.Schema schema = inputs.definition().target().schema();
        ObjectNode body = Json.object().put("type", "object").put("title", schema.title());
        schema.description().ifPresent(text -> body.put("description", text));
        ArrayNode allOf = body.putArray("allOf");
        String classId = inputs.names().classOf(schema);
        allOf.addObject().put("$ref", classId);
        schema.fieldGroups().stream().map(inputs.names()::idOf).distinct().forEach(id -> allOf.addObject().put("$ref", id));
        return List.of(body.put("meta:containerId", "tenant").put("meta:resourceType", "schemas")
                .put("meta:xdmType", "object").put("meta:class", classId));
    }

    @Override
    public String adviceOnConflict() {
        return "Choose another target.schema.title, or name the existing schema by target.schema.id.";
    }

    /** The order of the references says nothing, and others add theirs: what differs is the whole of them. */
    @Override
    public List<Difference> differences(JsonNode request, JsonNode actual) {
        JsonNode wanted = normalForm(request);
        JsonNode is = normalForm(actual);
        return Difference.between(wanted, is).stream().map(difference -> difference.path().startsWith(REFERENCES)
                ? new Difference(REFERENCES, is.path(REFERENCES), wanted.path(REFERENCES)) : difference).distinct().toList();
    }

    @Override
    public boolean isMeantBy(JsonNode request, JsonNode actual) {
        return verdict(differences(request, actual), actual, Instant.EPOCH).action() != Action.IMPOSSIBLE;   // no matter when
    }

    /** Whether it is enabled for Profile, where the definition says so either way. */
    @Override
    public List<Difference> furtherDifferences(Definition definition, JsonNode actual) {
        JsonNode tags = actual.path("meta:immutableTags");
        boolean enabled = Json.stream(tags).anyMatch(tag -> tag.asText().equals(UNION));
        if (!definition.target().saysProfile() || definition.target().profile() == enabled) {
            return List.of();
        }
        return List.of(new Difference(TAGS, tags,
                definition.target().profile() ? JsonNodeFactory.instance.arrayNode().add(UNION) : NullNode.getInstance()));
    }

    /** The tag is added once the identities of the schema are there (enable a schema for Profile). */
    @Override
    public boolean isDeferred(Difference difference) {
        return difference.path().equals(TAGS);
    }

    @Override
    public Verdict verdict(Difference difference, JsonNode actual, Instant now) {
        if (difference.isLabel()) {
            return Verdict.UPDATE;
        } else if (difference.path().equals(TAGS)) {
            return difference.wanted().isNull() ? Verdict.impossible("a schema that is enabled for Profile stays so") : Verdict.UPDATE;
        } else if (difference.path().equals(REFERENCES) && Json.isSubset(difference.wanted(), difference.is())) {
            return Verdict.none("it has more field groups than the definition lists; a schema that is in use only grows, so they stay");
        }
        return difference.path().equals(REFERENCES) && isOfTheSameClass(difference, actual) ? Verdict.UPDATE
                : Verdict.impossible("a schema that is in use only grows: its class cannot become another");
    }

    /** Whatever other field groups it has, somebody's or those of an earlier definition, stay beside those that are added. */
    private static boolean isOfTheSameClass(Difference references, JsonNode actual) {
        return actual.hasNonNull("meta:class")
                ? Json.isSubset(JsonNodeFactory.instance.arrayNode().add(actual.path("meta:class")), references.wanted())
                : Json.isSubset(references.is(), references.wanted());
    }

    @Override
    public Optional<Update> update() {
        return Optional.of(Update.PATCH);
    }

    /** Field groups and tags are added at the end of the list, however long it is by then: no etag protects a schema. */
    @Override
    public JsonNode patch(List<Difference> differences, JsonNode request, JsonNode actual) {
        ObjectNode wanted = actual.deepCopy();
        ArrayNode added = JsonNodeFactory.instance.arrayNode();
        for (Difference difference : differences) {
            switch (difference.path()) {
                case REFERENCES -> difference.wanted().forEach(reference -> {
                    if (Json.stream(actual.path("allOf")).noneMatch(part -> part.path("$ref").equals(reference))) {
                        added.add(Patch.operation("add", "/allOf/-", Json.object().set("$ref", reference)));
                    }
                });
                case TAGS -> added.add(actual.path("meta:immutableTags").isArray()
                        ? Patch.operation("add", "/meta:immutableTags/-", difference.wanted().get(0))
                        : Patch.operation("add", "/meta:immutableTags", difference.wanted()));
                default -> wanted.set(difference.path(), difference.wanted());
            }
        }
        ArrayNode patch = JsonNodeFactory.instance.arrayNode();
        Patch.between(actual, wanted).forEach(patch::add);
        return patch.addAll(added);
    }

    @Override
    public Optional<Kind> usedBy() {
        return Optional.of(Kinds.TARGET_DATASET);
    }

    @Override
    public boolean isDeletedWith(Definition.Lifecycle lifecycle) {
        return lifecycle.retiresSchema();
    }
}
