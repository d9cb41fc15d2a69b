package io.github.aepdataflows.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** Target connections: which dataset the data lands in. */
final class TargetConnections {

    private final ConnectionSpecs specs;
    private final Connections connections;
    private final Schemas schemas;
    private final Store store;
    private final Generation generation;
    private final Entities entities;

    TargetConnections(ConnectionSpecs specs, Connections connections, Schemas schemas, Store store, Generation generation,
                      Entities entities) {
        this.specs = specs;
        this.connections = connections;
        this.schemas = schemas;
        this.store = store;
        this.generation = generation;
        this.entities = entities;
    }

    void register(Router router, String base) {
        router.on("POST", base + "/targetConnections", this::create);
    }

    private Answer create(Call call) {
        ObjectNode body = call.object();
        if (Json.text(body, "name").isEmpty() || !body.path("data").isObject()) {
            throw Refusal.flow("1304-400", "name or data is missing");
        }
        String specId = specs.checkReference(body.path("connectionSpec"));
        String baseConnectionId = Json.text(body, "baseConnectionId");
        String baseSpecId = baseConnectionId.isEmpty() ? ""
            : Json.text(connections.referenced(call, baseConnectionId), "connectionSpec.id");
        boolean form2020 = generation.accepts2020() && baseSpecId.equals(ConnectionSpecs.DATASET);
        if (!specId.equals(ConnectionSpecs.DATASET) && !form2020) {
            throw Refusal.flow("1307-400", "The connection spec of a target connection must be " + ConnectionSpecs.DATASET);
        }
        String dataSetId = Json.text(body, "params.dataSetId");
        if (dataSetId.isEmpty()) {
            throw Refusal.flow("1325-400", "params.dataSetId is missing");
        }
        store.referenced(call, "dataSets", dataSetId, Refusal.message(400, "invalid dataset id [" + dataSetId + "]"));
        if (!body.at("/data/schema").isMissingNode() && !body.at("/data/schema").isNull()) {
            schemas.checkReference(call, body.at("/data/schema"));
        }
        return entities.created(entities.create(call, body, "enabled"));
    }
}
