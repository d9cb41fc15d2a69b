package io.github.aepdataflows.resource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.aepdataflows.definition.Definition;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * An identity of the target schema (Schema Registry, {@code /tenant/descriptors}): a field whose values identify a person, and the
 * namespace they belong to. A schema has as many as the definition lists, at most one of them primary, and needs it before it is enabled
 * for Profile. Its field and namespace are what it is; whether it is primary can be changed. It goes with its schema.
 */
final class IdentityDescriptor implements Kind {

    private static final Pattern ID = Pattern.compile("[0-9a-f]{40}|[0-9a-f]{48}");
    private static final String TYPE = "xdm:descriptorIdentity";

    @Override
    public String key() {
        return "identity-descriptor";
    }

    @Override
    public Service service() {
        return Service.SCHEMA_REGISTRY;
    }

    @Override
    public String collection() {
        return "schemaregistry/tenant/descriptors";
    }

    /** Of the list that has pages. */
    @Override
    public String listAccept() {
        return "application/vnd.adobe.xdm-v2+json";
    }

    @Override
    public Lookup lookup(String id) {
        return new Lookup(path(id), "", "application/vnd.adobe.xdm+json");
    }

    @Override
    public String idOf(JsonNode resource) {
        return resource.path("@id").asText();
    }

    @Override
    public boolean isId(String text) {
        return ID.matcher(text).matches();
    }

    @Override
    public Optional<String> createdId(JsonNode answer) {
        return Optional.of(idOf(answer)).filter(this::isId);
    }

    @Override
    public boolean hasSeveral() {
        return true;
    }

    @Override
    public List<Kind> builtOn() {
        return List.of(Kinds.TARGET_SCHEMA);
    }

    @Override
    public boolean isDescribedBy(Definition definition) {
        return !definition.target().schema().identities().isEmpty();
    }

    /** No document of a flow names it. */
    @Override
    public boolean isPartOf(FlowDocuments flow) {
        return false;
    }

    @Override
    public String idIn(FlowDocuments flow) {
        return "";
    }

    /** The primary one last: the Platform refuses a second primary one, so another has to stop being it first. */
    @Override
    public List<ObjectNode> requests(Inputs inputs) {
        return inputs.definition().target().schema().identities().stream()
                .sorted(Comparator.comparing(Definition.Identity::primary)).map(identity -> Json.object()
                .put("@type", TYPE)
                .put("xdm:sourceSchema", inputs.id(Kinds.TARGET_SCHEMA))
                .put("xdm:sourceVersion", 1)
                .put("xdm:sourceProperty", identity.sourceProperty())
                .put("xdm:namespace", identity.namespace())
                .put("xdm:property", "xdm:code")
                .put("xdm:isPrimary", identity.primary())).toList();
    }

    /** Its field and namespace, within its schema. */
    @Override
    public String naturalKey(JsonNode resource) {
        String property = resource.path("xdm:sourceProperty").asText();
        return property.isEmpty() ? "" : "%s %s of %s".formatted(property, resource.path("xdm:namespace").asText(),
                resource.path("xdm:sourceSchema").asText());
    }

    /** No document of Adobe's shows a filter for descriptors, but its own client uses this one. */
    @Override
    public List<Filter> filters(JsonNode resource) {
        return List.of(new Filter("@type and xdm:sourceSchema", Lookup.property("@type==%s,xdm:sourceSchema==%s"
                .formatted(TYPE, resource.path("xdm:sourceSchema").asText()))));
    }

    @Override
    public String listOrder() {
        return "";
    }

    @Override
    public JsonNode normalForm(JsonNode document) {
        return Json.object().put("schema", document.path("xdm:sourceSchema").asText())
                .put("property", document.path("xdm:sourceProperty").asText())
                .put("namespace", document.path("xdm:namespace").asText()).put("primary", document.path("xdm:isPrimary").asBoolean());
    }

    @Override
    public Verdict verdict(Difference difference, JsonNode actual, Instant now) {
        return difference.path().equals("primary") ? Verdict.UPDATE : Verdict.impossible("an identity keeps its field and its namespace");
    }

    /** There is no PATCH. */
    @Override
    public Optional<Update> update() {
        return Optional.of(new Update("PUT", Lookup.JSON));
    }

    @Override
    public JsonNode patch(List<Difference> differences, JsonNode request, JsonNode actual) {
        return CarryOver.of(this, (ObjectNode) request, actual).request();
    }

    @Override
    public CarryOver.Fate fate(String path, JsonNode request, JsonNode actual) {
        return path.matches("@id|(created|updated).*|imsOrg|version|meta:.*") ? CarryOver.Fate.GOVERNED : CarryOver.Fate.CARRIED;
    }

    @Override
    public boolean isPartOfItsBase() {
        return true;
    }

    @Override
    public boolean isDeletedWith(Definition.Lifecycle lifecycle) {
        return lifecycle.retiresSchema();
    }
}
