package io.github.aepdataflows.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;

/**
 * {@code /data/foundation/schemaregistry}: classes, schemas, field groups and descriptors of the tenant, and Adobe's own to refer
 * to.
 */
final class SchemaRegistry {

    private static final String BASE = "/data/foundation/schemaregistry";

    private final Schemas schemas;
    private final GlobalXdm global;
    private final Store store;
    private final Options options;
    private final XdmComposer composer;
    private final XdmViews views;
    private final Descriptors descriptors;
    private final UnionRules union;

    SchemaRegistry(Schemas schemas, GlobalXdm global, IdentityNamespaces namespaces, Store store, Options options) {
        this.schemas = schemas;
        this.global = global;
        this.store = store;
        this.options = options;
        this.composer = new XdmComposer(schemas, options);
        this.views = new XdmViews(new XdmExpansion(schemas));
        this.descriptors = new Descriptors(schemas, namespaces, store, options);
        this.union = new UnionRules(schemas, descriptors, options);
    }

    void register(Router router) {
        router.on("GET", BASE + "/stats", this::stats);
        for (String type : Schemas.TENANT_TYPES) {
            register(router, type, type.equals("fieldgroups") ? "mixins" : type, type);
        }
        descriptors.register(router);
        // the older name of field groups
        register(router, "mixins", "mixins", "fieldgroups");
        for (String type : List.of("behaviors", "datatypes", "classes", "fieldgroups", "mixins")) {
            router.on("GET", BASE + "/global/" + type, call -> list(call, global.all(type)));
            router.on("GET", BASE + "/global/" + type + "/{id}", call -> Answer.json(200,
                views.single(call, global.find(type, call.id()).orElseThrow(() -> notFound(call)))));
        }
    }

    /**
     * @param path what the collection is called in paths
     * @param name what it is called in the ids of what is made there, which for field groups is the older name
     * @param type what it is called in the store
     */
    private void register(Router router, String path, String name, String type) {
        String collection = BASE + "/tenant/" + path;
        router.on("POST", collection, call -> create(call, name, type));
        router.on("GET", collection, call -> list(call, store.listed(call.sandbox(), type)));
        router.on("GET", collection + "/{id}", call -> Answer.json(200, views.single(call, named(call, type))));
        router.on("PUT", collection + "/{id}", call -> update(call, type, current -> call.object()));
        router.on("PATCH", collection + "/{id}", call -> update(call, type,
            current -> JsonPatch.apply(current, JsonPatch.operations(call.json()))));
        router.on("DELETE", collection + "/{id}", call -> delete(call, type));
    }

    private Answer create(Call call, String name, String type) {
        ObjectNode body = call.object();
        checkTitle(call, type, body, "");
        ObjectNode resource = composer.compose(call, type, name + "/" + XdmComposer.newHash(), body);
        long now = call.instant().toEpochMilli();
        resource.putObject("meta:registryMetadata").put("repo:createdDate", now).put("repo:lastModifiedDate", now)
            .put("xdm:createdClientId", options.clientId()).put("xdm:createdUserId", options.clientId())
            .put("eTag", UUID.randomUUID().toString()).put("meta:globalLibVersion", "1.9.2");
        store.put(call, type, resource.path("$id").asText(), resource, call.instant());
        return Answer.json(201, resource);
    }

    private void checkTitle(Call call, String type, ObjectNode body, String ownId) {
        Optional<ObjectNode> holder = schemas.titled(call, type, Json.text(body, "title"))
            .filter(resource -> !resource.path("$id").asText().equals(ownId));
        if (holder.isPresent()) {
            throw Refusal.coded("XDM-1521-400", "Title not unique",
                "The title is already used by the resource " + holder.get().path("$id").asText());
        }
    }

    private Answer list(Call call, List<ObjectNode> resources) {
        UnaryOperator<ObjectNode> view = XdmViews.idsOnly(call) ? XdmViews::ids : UnaryOperator.identity();
        return XdmListing.list(call, resources, view, options.dialects());
    }

    private Answer update(Call call, String type, UnaryOperator<ObjectNode> change) {
        ObjectNode current = named(call, type);
        String id = current.path("$id").asText();
        ObjectNode body = change.apply(current);
        checkTitle(call, type, body, id);
        ObjectNode updated = composer.compose(call, type, id.substring(id.lastIndexOf('/', id.lastIndexOf('/') - 1) + 1), body);
        if (isReferenced(call, id)) {
            composer.checkGrowth(type, current, updated);
        }
        union.checkUpdate(call, current, updated);
        int minor = Integer.parseInt(current.path("version").asText().split("\\.")[1]);
        updated.put("version", "1." + (minor + 1));
        ObjectNode metadata = ((ObjectNode) current.path("meta:registryMetadata")).deepCopy();
        updated.set("meta:registryMetadata", metadata.put("repo:lastModifiedDate", call.instant().toEpochMilli())
            .put("eTag", UUID.randomUUID().toString()));
        store.replace(call.sandbox(), type, id, updated);
        return Answer.json(200, updated);
    }

    private Answer delete(Call call, String type) {
        ObjectNode resource = named(call, type);
        union.checkDelete(resource);
        String id = resource.path("$id").asText();
        boolean used = store.all(call.sandbox(), "dataSets").stream().anyMatch(each -> Json.text(each, "schemaRef.id").equals(id))
            || isReferenced(call, id);
        if (used) {
            throw Refusal.inUse(options, Refusal.document(400, "The resource " + id + " is in use"));
        }
        if (options.dialects().is(Dialect.DESCRIBED_SCHEMA, "refused") && !descriptors.of(call, id).isEmpty()) {
            throw Refusal.inUse(options, Refusal.document(400, "Descriptors refer to the resource " + id));
        }
        store.remove(call.sandbox(), type, id);
        descriptors.removeOf(call, id);
        return Answer.noContent();
    }

    private boolean isReferenced(Call call, String id) {
        return Schemas.TENANT_TYPES.stream().flatMap(each -> store.all(call.sandbox(), each).stream())
            .anyMatch(each -> Json.stream(each.path("refs")).anyMatch(ref -> ref.asText().equals(id)));
    }

    private ObjectNode named(Call call, String type) {
        return schemas.find(call, type, call.id())
            .flatMap(found -> store.lookUp(call.sandbox(), type, found.path("$id").asText()))
            .orElseThrow(() -> notFound(call));
    }

    private static Refusal notFound(Call call) {
        return Refusal.coded("XDM-1010-404", "Resource not found", "There is no resource " + call.id());
    }

    private Answer stats(Call call) {
        ObjectNode body = Json.object().put("imsOrg", options.orgId()).put("tenantId", options.tenantId());
        List<ObjectNode> all = new ArrayList<>();
        for (String type : Schemas.TENANT_TYPES) {
            List<ObjectNode> resources = store.all(call.sandbox(), type);
            body.withObject("/counts").put(type, resources.size());
            all.addAll(resources);
        }
        all.forEach(resource -> body.withArray("/recentlyCreatedResources").add(XdmViews.ids(resource)));
        return Answer.json(200, body);
    }
}
