package io.github.aepdataflows.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Finding classes, schemas and field groups by {@code $id} or {@code meta:altId}, for the registry and for other services. */
final class Schemas {

    /** The collections of the tenant container. */
    static final List<String> TENANT_TYPES = List.of("classes", "schemas", "fieldgroups");

    private final Store store;
    private final GlobalXdm global;

    Schemas(Store store, GlobalXdm global) {
        this.store = store;
        this.global = global;
    }

    Optional<ObjectNode> find(Call call, String type, String id) {
        return store.find(call.sandbox(), type, id).or(() -> Stream.concat(tenant(call, type), global.all(type).stream())
            .filter(resource -> id.equals(resource.path("$id").asText()) || id.equals(resource.path("meta:altId").asText()))
            .findFirst());
    }

    /** Titles are unique among the classes and schemas of the tenant container, and among its field groups. */
    Optional<ObjectNode> titled(Call call, String type, String title) {
        boolean fieldGroup = type.equals("fieldgroups");
        return TENANT_TYPES.stream().filter(each -> each.equals("fieldgroups") == fieldGroup).flatMap(each -> tenant(call, each))
            .filter(resource -> title.equals(resource.path("title").asText())).findFirst();
    }

    /** Checks the {@code {"id","version"}} by which a connection names a schema. */
    void checkReference(Call call, JsonNode reference) {
        checkReference(call, SchemaReference.of(reference, "version"));
    }

    void checkReference(Call call, SchemaReference reference) {
        referenced(call, reference.id(), Refusal.message(400, "schema not found with id = [" + reference.id() + "]"));
        if (reference.version() != 1) {
            throw Refusal.message(400, "the schema " + reference.id() + " exists in version 1 only");
        }
    }

    /** The schema that another resource refers to, by {@code $id} or {@code meta:altId}. */
    ObjectNode referenced(Call call, String id, Refusal documented) {
        ObjectNode schema = find(call, "schemas", id).orElseThrow(() -> store.unknown(documented, "schemas", id));
        return store.referenced(call, "schemas", schema.path("$id").asText(), documented);
    }

    private Stream<ObjectNode> tenant(Call call, String type) {
        return TENANT_TYPES.contains(type) ? store.all(call.sandbox(), type).stream() : Stream.empty();
    }
}
