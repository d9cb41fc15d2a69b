package io.github.aepdataflows.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** What source and target connections can do alike: be read, be changed, and be deleted while no flow uses them. */
final class ConnectionEnds {

    private final String name;
    private final Store store;
    private final Entities entities;
    private final Options options;

    /** @param name {@code sourceConnections} or {@code targetConnections} */
    ConnectionEnds(String name, Store store, Entities entities, Options options) {
        this.name = name;
        this.store = store;
        this.entities = entities;
        this.options = options;
    }

    void register(Router router, String base) {
        router.on("GET", base + "/" + name, entities::list);
        router.on("GET", base + "/" + name + "/{id}", entities::get);
        router.on("PATCH", base + "/" + name + "/{id}", call -> entities.patch(call, ConnectionEnds::check, patched -> { }));
        router.on("DELETE", base + "/" + name + "/{id}", this::delete);
    }

    private static void check(ObjectNode end, JsonPatch.Operation operation) {
        if (operation.path().startsWith("/connectionSpec")) {
            throw Refusal.flow("1414-400", "The connection spec of a connection cannot be changed");
        }
        if (!operation.path().matches("/(name|description|params|data)(/.*)?")) {
            throw Refusal.flow("1365-400", "Cannot be changed: " + operation.path());
        }
    }

    private Answer delete(Call call) {
        // sourceConnections -> sourceConnectionIds
        String idField = name.replaceFirst("s$", "Ids");
        String id = entities.named(call).path("id").asText();
        boolean used = store.all(call.sandbox(), "flows").stream()
            .anyMatch(flow -> Json.stream(flow.path(idField)).anyMatch(each -> each.asText().equals(id)));
        if (used) {
            throw Refusal.inUse(options, Refusal.flow("1447-400", "Found active flows that use " + id));
        }
        return entities.delete(call);
    }
}
