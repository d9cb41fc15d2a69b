package io.github.aepdataflows.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** Base connections: the credentials for a source, or (2020, without credentials) for the data lake. */
final class Connections {

    private final ConnectionSpecs specs;
    private final Store store;
    private final Options options;
    private final Entities entities;
    private final Set<String> refused = new HashSet<>();

    Connections(ConnectionSpecs specs, Store store, Options options) {
        this.specs = specs;
        this.store = store;
        this.options = options;
        this.entities = new Entities("connections", store, options, Connections::masked);
    }

    void register(Router router, String base) {
        router.on("POST", base + "/connections", this::create);
        router.on("GET", base + "/connections", entities::list);
        router.on("GET", base + "/connections/{id}", entities::get);
        router.on("GET", base + "/connections/{id}/test", call -> Answer.json(200,
            Json.object().put("result", works(entities.named(call)))));
        router.on("PATCH", base + "/connections/{id}", this::patch);
        router.on("DELETE", base + "/connections/{id}", this::delete);
    }

    ObjectNode referenced(Call call, String id) {
        return entities.referenced(call, id);
    }

    /** The connection that the path names. */
    ObjectNode named(Call call) {
        return entities.named(call);
    }

    /** @throws IllegalArgumentException if the sandbox has no such connection */
    ObjectNode existing(Call call, String id) {
        return store.find(call.sandbox(), "connections", id)
            .orElseThrow(() -> new IllegalArgumentException("no base connection " + id + " in " + call.sandbox()));
    }

    /** Whether the source can be reached through it: enabled, with credentials that the source accepts. */
    boolean works(ObjectNode connection) {
        return connection.path("state").asText().equals("enabled") && !refused.contains(key(connection))
            && AuthSpecs.pass(specs.authSpecs(Json.text(connection, "connectionSpec.id")), connection.path("auth"));
    }

    /** From now on it stays in this state. */
    void setState(Call call, String id, String state) {
        ObjectNode changed = existing(call, id).deepCopy().put("state", state);
        entities.touch(call, changed);
        store.settle(call.sandbox(), "connections", id, changed);
    }

    /** The source accepts the credentials no longer, until others are patched in. */
    void breakCredentials(Call call, String id) {
        refused.add(key(existing(call, id)));
    }

    /** Ids are unique within a sandbox only: every sandbox has the same seeded connections. */
    static String key(ObjectNode connection) {
        return connection.path("sandboxName").asText() + "/" + connection.path("id").asText();
    }

    /** A base connection that somebody made before the simulator started. */
    ObjectNode seed(Call call, String id, String name, String connectionSpecId) {
        ObjectNode body = Json.object().put("name", name);
        body.putObject("connectionSpec").put("id", connectionSpecId).put("version", "1.0");
        String specId = specs.checkReference(body.path("connectionSpec"));
        AuthSpecs.sample(specs.authSpecs(specId)).ifPresent(auth -> body.set("auth", auth));
        return entities.create(call, id, body, "enabled").deepCopy();
    }

    private Answer create(Call call) {
        ObjectNode body = call.object();
        String specId = specs.checkReference(body.path("connectionSpec"));
        if (Json.text(body, "name").isEmpty()) {
            throw Refusal.flow("1304-400", "name is missing");
        }
        if (specs.hasNoBaseConnection(specId)) {
            throw Refusal.flow("1302-400", "The source takes no authentication, and has no base connection");
        }
        AuthSpecs.check(specs.authSpecs(specId), body.path("auth"));
        return entities.created(entities.create(call, body, initialState(options)));
    }

    static String initialState(Options options) {
        return options.asyncDelay().compareTo(Duration.ZERO) > 0 ? "initializing" : "enabled";
    }

    private static void checkPatch(ObjectNode connection, JsonPatch.Operation operation) {
        if (operation.path().startsWith("/connectionSpec")) {
            throw Refusal.flow("1414-400", "The connection spec of a connection cannot be changed");
        }
        boolean otherSpec = operation.path().equals("/auth") && !operation.value().path("specName")
            .equals(connection.at("/auth/specName"));
        if (operation.path().startsWith("/auth/specName") || otherSpec) {
            throw Refusal.flow("1365-400", "The authentication type of a base connection is fixed");
        }
    }

    private Answer patch(Call call) {
        checkState(entities.named(call));
        boolean credentials = Json.stream(call.json()).anyMatch(operation -> operation.path("path").asText().startsWith("/auth"));
        return entities.patch(call, Connections::checkPatch, patched -> {
            if (credentials) {   // they replace, and nobody tries them before somebody asks for a test
                AuthSpecs.checkTypes(patched.at("/auth/params"));
                refused.remove(key(patched));
            }
        });
    }

    private static void checkState(ObjectNode connection) {
        if (!List.of("enabled", "disabled", "initializing").contains(connection.path("state").asText())) {
            throw Refusal.flow("1416-400", "The connection is " + connection.path("state").asText());
        }
    }

    private Answer delete(Call call) {
        checkState(entities.named(call));
        boolean used = store.all(call.sandbox(), "flows").stream()
            .flatMap(flow -> connectionsOf(call, flow)).anyMatch(call.id()::equals);
        if (used) {
            throw Refusal.inUse(options,
                Refusal.flow("1418-400", "Flows use the connection " + call.id() + "; delete them first"));
        }
        return entities.delete(call);
    }

    private Stream<String> connectionsOf(Call call, ObjectNode flow) {
        return Map.of("sourceConnections", "sourceConnectionIds", "targetConnections", "targetConnectionIds").entrySet().stream()
            .flatMap(ids -> Json.stream(flow.path(ids.getValue()))
                .flatMap(id -> store.find(call.sandbox(), ids.getKey(), id.asText()).stream()))
            .map(end -> end.path("baseConnectionId").asText());
    }

    private static ObjectNode masked(ObjectNode connection) {
        ObjectNode copy = connection.deepCopy();
        if (copy.at("/auth/params") instanceof ObjectNode params) {
            params.fieldNames().forEachRemaining(name -> {
                if (AuthSpecs.isSecret(name)) {
                    params.put(name, "*****");
                }
            });
        }
        return copy;
    }
}
