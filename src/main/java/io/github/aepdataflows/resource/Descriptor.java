package io.github.aepdataflows.resource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.aepdataflows.definition.Definition;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Something that is said of a field of the target schema (Schema Registry, {@code /tenant/descriptors}). A schema has as many as the
 * definition lists. It goes with its schema.
 */
interface Descriptor extends Kind {

    Pattern ID = Pattern.compile("[0-9a-f]{40}|[0-9a-f]{48}");

    /** Its {@code @type}. */
    String type();

    @Override
    default Service service() {
        return Service.SCHEMA_REGISTRY;
    }

    @Override
    default String collection() {
        return "schemaregistry/tenant/descriptors";
    }

    /** Of the list that has pages. */
    @Override
    default String listAccept() {
        return "application/vnd.adobe.xdm-v2+json";
    }

    @Override
    default Lookup lookup(String id) {
        return new Lookup(path(id), "", "application/vnd.adobe.xdm+json");
    }

    @Override
    default String idOf(JsonNode resource) {
        return resource.path("@id").asText();
    }

    @Override
    default boolean isId(String text) {
        return ID.matcher(text).matches();
    }

    @Override
    default Optional<String> createdId(JsonNode answer) {
        return Optional.of(idOf(answer)).filter(this::isId);
    }

    @Override
    default boolean hasSeveral() {
        return true;
    }

    @Override
    default List<Kind> builtOn() {
        return List.of(Kinds.TARGET_SCHEMA);
    }

    /** No document of a flow names it. */
    @Override
    default boolean isPartOf(FlowDocuments flow) {
        return false;
    }

    @Override
    default String idIn(FlowDocuments flow) {
        return "";
    }

    /** @param sourceProperty as in {@code /personalEmail/address} */
    default ObjectNode request(Inputs inputs, String sourceProperty) {
        return Json.object().put("@type", type())
                .put("xdm:sourceSchema", inputs.id(Kinds.TARGET_SCHEMA))
                .put("xdm:sourceVersion", 1)
                .put("xdm:sourceProperty", sourceProperty);
    }

    /** No document of Adobe's shows a filter for descriptors, but its own client uses this one. */
    @Override
    default List<Filter> filters(JsonNode resource) {
        return List.of(new Filter("@type and xdm:sourceSchema", Lookup.property("@type==%s,xdm:sourceSchema==%s"
                .formatted(type(), resource.path("xdm:sourceSchema").asText()))));
    }

    @Override
    default String listOrder() {
        return "";
    }

    /** There is no PATCH. */
    @Override
    default Optional<Update> update() {
        return Optional.of(new Update("PUT", Lookup.JSON));
    }

    @Override
    default CarryOver.Fate fate(String path, JsonNode request, JsonNode actual) {
        return path.matches("@id|(created|updated).*|imsOrg|version|meta:.*") ? CarryOver.Fate.GOVERNED : CarryOver.Fate.CARRIED;
    }

    @Override
    default boolean isPartOfItsBase() {
        return true;
    }

    @Override
    default boolean isDeletedWith(Definition.Lifecycle lifecycle) {
        return lifecycle.retiresSchema();
    }
}
