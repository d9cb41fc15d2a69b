package io.github.aepdataflows.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Everything the simulator keeps, by sandbox, collection and id. Collections are {@code connections, sourceConnections,
 * targetConnections, flows, runs, classes, schemas, fieldgroups, descriptors, dataSets, mappingSets}. The public methods are for
 * an oracle that checks what the Platform ended up with: they hand out copies, whole and unmasked, in the order of creation,
 * including what a visibility lag still hides from the API.
 */
public final class Store {

    private record Entry(ObjectNode resource, Instant listedAt, Instant foundAt, Instant readyAt, Instant knownAt) {
    }

    private final Map<String, Map<String, Map<String, Entry>>> sandboxes = new LinkedHashMap<>();
    private final Map<String, Integer> changes = new HashMap<>();
    private final Clock clock;
    private final Options options;

    Store(Clock clock, Options options) {
        this.clock = clock;
        this.options = options;
        options.sandboxes().forEach(name -> sandboxes.put(name, new LinkedHashMap<>()));
    }

    public synchronized List<ObjectNode> resources(String sandbox, String collection) {
        return all(sandbox, collection).stream().map(ObjectNode::deepCopy).toList();
    }

    public synchronized Optional<ObjectNode> resource(String sandbox, String collection, String id) {
        return find(sandbox, collection, id).map(ObjectNode::deepCopy);
    }

    /** Keeps what a call creates; one that is {@code initializing} becomes {@code enabled} at {@code readyAt}. */
    synchronized void put(Call call, String collection, String id, ObjectNode resource, Instant readyAt) {
        changed(call.sandbox(), collection).put(id, new Entry(resource, call.instant().plus(call.hiddenFor().lists()),
            call.instant().plus(call.hiddenFor().lookUps()), readyAt, call.instant().plus(call.hiddenFor().references())));
    }

    /** Keeps a resource that shows from a moment on, everywhere. */
    synchronized void put(String sandbox, String collection, String id, ObjectNode resource, Instant visibleAt) {
        changed(sandbox, collection).put(id, new Entry(resource, visibleAt, visibleAt, visibleAt, visibleAt));
    }

    /** Takes the place of a resource that exists. */
    synchronized void replace(String sandbox, String collection, String id, ObjectNode resource) {
        changed(sandbox, collection).computeIfPresent(id, (key, old) ->
            new Entry(resource, old.listedAt(), old.foundAt(), old.readyAt(), old.knownAt()));
    }

    /** As {@link #replace}, and whatever its state is, it does not change by itself. */
    synchronized void settle(String sandbox, String collection, String id, ObjectNode resource) {
        changed(sandbox, collection).computeIfPresent(id, (key, old) ->
            new Entry(resource, old.listedAt(), old.foundAt(), Instant.MAX, old.knownAt()));
    }

    synchronized boolean remove(String sandbox, String collection, String id) {
        return changed(sandbox, collection).remove(id) != null;
    }

    /**
     * What another resource refers to.
     *
     * @param documented the refusal of a reference to nothing, as the documents show it
     */
    synchronized ObjectNode referenced(Call call, String collection, String id, Refusal documented) {
        return Optional.ofNullable(entries(call.sandbox(), collection).get(id))
            .filter(entry -> !entry.knownAt().isAfter(clock.instant())).map(this::current)
            .orElseThrow(() -> unknown(documented, collection, id));
    }

    /** The refusal of a reference to nothing. */
    Refusal unknown(Refusal documented, String collection, String id) {
        return switch (options.dialects().reading(Dialect.UNKNOWN_REFERENCE)) {
            case "404" -> Refusal.notFound(collection, id);
            case "nameless" -> Refusal.document(400, "A resource that the request refers to does not exist");
            default -> documented;
        };
    }

    /** Whatever it is needed for. */
    synchronized Optional<ObjectNode> find(String sandbox, String collection, String id) {
        return Optional.ofNullable(entries(sandbox, collection).get(id)).map(this::current);
    }

    synchronized List<ObjectNode> all(String sandbox, String collection) {
        List<ObjectNode> all = new ArrayList<>();
        entries(sandbox, collection).values().forEach(entry -> all.add(current(entry)));
        return all;
    }

    /** What lists show. */
    synchronized List<ObjectNode> listed(String sandbox, String collection) {
        Instant now = clock.instant();
        List<ObjectNode> listed = new ArrayList<>();
        for (Entry entry : entries(sandbox, collection).values()) {
            if (!entry.listedAt().isAfter(now)) {
                listed.add(current(entry));
            }
        }
        return listed;
    }

    /** What lists show of resources that do not say their ids. */
    synchronized Map<String, ObjectNode> listedById(String sandbox, String collection) {
        Instant now = clock.instant();
        Map<String, ObjectNode> listed = new LinkedHashMap<>();
        entries(sandbox, collection).forEach((id, entry) -> {
            if (!entry.listedAt().isAfter(now)) {
                listed.put(id, current(entry));
            }
        });
        return listed;
    }

    /** How often what is in these collections of all sandboxes was added, replaced or removed. */
    synchronized int changes(String collection) {
        return changes.getOrDefault(collection, 0);
    }

    /** What a look-up by id shows. */
    synchronized Optional<ObjectNode> lookUp(String sandbox, String collection, String id) {
        return Optional.ofNullable(entries(sandbox, collection).get(id))
            .filter(entry -> !entry.foundAt().isAfter(clock.instant())).map(this::current);
    }

    List<String> sandboxes() {
        return new ArrayList<>(sandboxes.keySet());
    }

    private ObjectNode current(Entry entry) {
        ObjectNode resource = entry.resource();
        if (resource.get("state") instanceof TextNode state && state.textValue().equals("initializing")
                && !clock.instant().isBefore(entry.readyAt())) {
            resource.put("state", "enabled");
        }
        return resource;
    }

    private Map<String, Entry> changed(String sandbox, String collection) {
        changes.merge(collection, 1, Integer::sum);
        return entries(sandbox, collection);
    }

    private Map<String, Entry> entries(String sandbox, String collection) {
        Map<String, Map<String, Entry>> collections = sandboxes.get(sandbox);
        if (collections == null) {
            throw new IllegalArgumentException("no sandbox " + sandbox + " among " + sandboxes.keySet());
        }
        return collections.computeIfAbsent(collection, name -> new LinkedHashMap<>());
    }
}
