package io.github.aepdataflows.simulator;

import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** Brings a simulator back to what it was when this was made: its resources, the time, and no faults. Only its requests stay in the log. */
public final class SetUpAgain {

    private static final List<String> COLLECTIONS = List.of("connections", "sourceConnections", "targetConnections", "flows", "runs",
            "classes",
            "schemas", "fieldgroups", "descriptors", "dataSets", "datasetLabels", "mappingSets");
    private static final List<String> ID_FIELDS = List.of("id", "@id", "$id", "meta:altId", "viewId");

    private final Simulator simulator;
    private final Map<String, Set<String>> first = new HashMap<>();

    public SetUpAgain(Simulator simulator) {
        this.simulator = simulator;
        forEach((sandbox, collection) -> first.put(sandbox + " " + collection, ids(sandbox, collection)));
    }

    public void now() {
        simulator.faults().clear();
        simulator.clock().set(Instant.now());
        synchronized (simulator.store()) {
            forEach(this::empty);
        }
    }

    private interface Action {
        void on(String sandbox, String collection);
    }

    private void forEach(Action action) {
        simulator.options().sandboxes().forEach(sandbox -> COLLECTIONS.forEach(collection -> action.on(sandbox, collection)));
    }

    private void empty(String sandbox, String collection) {
        Set<String> more = ids(sandbox, collection);
        Set<String> before = first.get(sandbox + " " + collection);
        more.removeAll(before);
        more.forEach(id -> simulator.store().remove(sandbox, collection, id));
        if (!ids(sandbox, collection).equals(before)) {
            throw new IllegalStateException(collection + " of " + sandbox + " are not what they were");
        }
    }

    /** All that may be the key under which a resource is kept. */
    private Set<String> ids(String sandbox, String collection) {
        Set<String> ids = new HashSet<>();
        simulator.store().all(sandbox, collection).forEach(resource -> ID_FIELDS.stream().flatMap(field ->
                resource.path(field).isTextual() ? Stream.of(resource.path(field).asText()) : Stream.empty()).forEach(ids::add));
        return ids;
    }
}
