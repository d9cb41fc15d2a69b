package io.github.aepdataflows.simulator;

import java.util.function.UnaryOperator;

/** {@code /data/foundation/flowservice}: its parts and how they know each other. */
final class FlowService {

    private static final String BASE = "/data/foundation/flowservice";

    private final Connections connections;
    private final SourceObjects objects;

    FlowService(Router router, Store store, Options options, Schemas schemas, RunGenerator generator) {
        ConnectionSpecs specs = new ConnectionSpecs();
        FlowSpecs flowSpecs = new FlowSpecs(specs, options.generation());
        Entities sources = new Entities("sourceConnections", store, options, UnaryOperator.identity());
        Entities targets = new Entities("targetConnections", store, options, UnaryOperator.identity());
        Entities flows = new Entities("flows", store, options, UnaryOperator.identity());
        Entities runs = new Entities("runs", store, options, UnaryOperator.identity());
        FlowRules rules = new FlowRules(flowSpecs, sources, targets, new MappingRules(store), store);
        connections = new Connections(specs, store, options);
        objects = new SourceObjects(specs);

        specs.register(router, BASE);
        flowSpecs.register(router, BASE);
        connections.register(router, BASE);
        new Explore(connections, specs, objects).register(router, BASE);
        new SourceConnections(specs, connections, schemas, options.generation(), sources).register(router, BASE);
        new ConnectionEnds("sourceConnections", store, sources, options).register(router, BASE);
        new TargetConnections(specs, connections, schemas, store, options.generation(), targets).register(router, BASE);
        new ConnectionEnds("targetConnections", store, targets, options).register(router, BASE);
        new Flows(flowSpecs, rules, flows, sources, targets, options).register(router, BASE);
        new Runs(runs, store, generator, options.dialects()).register(router, BASE);
    }

    Connections connections() {
        return connections;
    }

    /** The tables and files behind the base connections. */
    SourceObjects objects() {
        return objects;
    }
}
