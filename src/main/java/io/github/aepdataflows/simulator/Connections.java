package io.github.aepdataflows.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Base connections: the credentials for a source, or (2020, without credentials) for the data lake. */
final class Connections {

    private static final Pattern SECRET = Pattern.compile("(?i).*(password|secret|token|key|connectionString|sasUri).*");

    private final ConnectionSpecs specs;
    private final Store store;
    private final Options options;
    private final Entities entities;

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
            Json.object().put("result", entities.named(call).path("state").asText().equals("enabled"))));
        router.on("PATCH", base + "/connections/{id}", call -> {
            checkState(entities.named(call));
            return entities.patch(call, Connections::checkPatch, patched -> { });
        });
        router.on("DELETE", base + "/connections/{id}", this::delete);
    }

    ObjectNode referenced(Call call, String id) {
        return entities.referenced(call, id);
    }

    /** A base connection that somebody made before the simulator started. */
    ObjectNode seed(Call call, String id, String name, String connectionSpecId) {
        ObjectNode body = Json.object().put("name", name);
        body.putObject("connectionSpec").put("id", connectionSpecId).put("version", "1.0");
        specs.checkReference(body.path("connectionSpec"));
        return entities.create(call, id, body, "enabled").deepCopy();
    }

    private Answer create(Call call) {
        ObjectNode body = call.object();
        String specId = specs.checkReference(body.path("connectionSpec"));
        if (Json.text(body, "name").isEmpty()) {
            throw Refusal.flow("1304-400", "name is missing");
        }
        specs.checkAuth(specId, body.path("auth"));
        return entities.created(entities.create(call, body, initialState(options)));
    }

    static String initialState(Options options) {
        return options.asyncDelay().compareTo(Duration.ZERO) > 0 ? "initializing" : "enabled";
    }

    private static void checkPatch(ObjectNode connection, JsonPatch.Operation operation) {
        if (operation.path().startsWith("/connectionSpec")) {
            throw Refusal.flow("1414-400", "The connection spec of a connection cannot be changed");
        }
    }

    private static void checkState(ObjectNode connection) {
        if (!connection.path("state").asText().equals("enabled")) {
            throw Refusal.flow("1416-400", "The connection is " + connection.path("state").asText());
        }
    }

    private Answer delete(Call call) {
        checkState(entities.named(call));
        boolean used = store.all(call.sandbox(), "flows").stream()
            .flatMap(flow -> connectionsOf(call, flow)).anyMatch(call.id()::equals);
        if (used) {
            throw Refusal.flow("1418-400", "Flows use the connection " + call.id() + "; delete them first");
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
                if (SECRET.matcher(name).matches()) {
                    params.put(name, "*****");
                }
            });
        }
        return copy;
    }
}
