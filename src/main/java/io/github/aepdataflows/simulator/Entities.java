package io.github.aepdataflows.simulator;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * One collection of the Flow Service: what connections, source connections, target connections, flows and runs have in common.
 * Times in resources are epoch milliseconds.
 */
final class Entities {

    private final String name;
    private final Store store;
    private final Options options;
    private final Listing listing;
    private final UnaryOperator<ObjectNode> view;
    private final AtomicInteger changes = new AtomicInteger();

    /** @param view what callers get to see of a resource */
    Entities(String name, Store store, Options options, UnaryOperator<ObjectNode> view) {
        this.name = name;
        this.store = store;
        this.options = options;
        this.listing = new Listing(options.pageSize(), options.dialects());
        this.view = view;
    }

    /** Keeps a body with a new id and the audit fields, whatever it says about them itself. */
    ObjectNode create(Call call, ObjectNode body, String state) {
        return create(call, UUID.randomUUID().toString(), body, state);
    }

    ObjectNode create(Call call, String id, ObjectNode body, String state) {
        ObjectNode entity = Json.object().put("id", id);
        ObjectNode content = body.deepCopy();
        content.remove("id");
        entity.setAll(content);
        entity.put("createdAt", call.instant().toEpochMilli()).put("createdBy", options.clientId());
        entity.put("createdClient", options.clientId()).put("sandboxId", sandboxId(call.sandbox()));
        entity.put("sandboxName", call.sandbox()).put("imsOrgId", options.orgId());
        entity.put("state", state);
        touch(call, entity);
        store.put(call, name, id, entity, call.instant().plus(options.asyncDelay()));
        return entity;
    }

    /** A new etag, which is also the new version; the quotes are part of it. */
    void touch(Call call, ObjectNode entity) {
        Instant now = call.instant();
        String etag = "\"%08x-0000-0200-0000-%08x0000\"".formatted(changes.incrementAndGet(), now.getEpochSecond());
        entity.put("updatedAt", now.toEpochMilli()).put("updatedBy", options.clientId());
        entity.put("updatedClient", options.clientId()).put("version", etag).put("etag", etag);
    }

    /** A resource that another one refers to. */
    ObjectNode referenced(Call call, String id) {
        return store.referenced(call, name, id, Refusal.notFound(name, id));
    }

    /** The resource that the path names. */
    ObjectNode named(Call call) {
        return store.lookUp(call.sandbox(), name, call.id()).orElseThrow(() -> Refusal.notFound(name, call.id()));
    }

    Answer list(Call call) {
        List<ObjectNode> listed = store.listed(call.sandbox(), name);
        listed.replaceAll(view);
        return listing.page(call.query(), name, listed);
    }

    Answer get(Call call) {
        return Listing.single(view.apply(named(call)));
    }

    /** @param check judges the operations against the resource and may refuse; the result is checked by {@code after} */
    Answer patch(Call call, PatchCheck check, Consumer<ObjectNode> after) {
        List<JsonPatch.Operation> operations = JsonPatch.operations(call.json());
        ObjectNode entity = named(call);
        if (call.header("if-match").isEmpty()) {
            throw Refusal.flow("1403-400", "The header If-Match is missing");
        }
        checkEtag(call, entity);
        operations.forEach(operation -> check.check(entity, operation));
        ObjectNode patched = JsonPatch.apply(entity, operations);
        after.accept(patched);
        return replace(call, patched);
    }

    /** What the named resource has become. */
    Answer replace(Call call, ObjectNode changed) {
        touch(call, changed);
        store.replace(call.sandbox(), name, call.id(), changed);
        return brief(200, changed);
    }

    interface PatchCheck {
        void check(ObjectNode entity, JsonPatch.Operation operation);
    }

    void checkEtag(Call call, ObjectNode entity) {
        String supplied = call.header("if-match").orElse(entity.path("etag").asText());
        String current = entity.path("etag").asText();
        if (!supplied.equals(current)) {
            throw Refusal.message(412, "Supplied version=[" + supplied
                + "] does not match the current version on entity=[" + current + "]");
        }
    }

    Answer delete(Call call) {
        store.remove(call.sandbox(), name, named(call).path("id").asText());
        return Answer.noContent();
    }

    /** What creating and changing answer: id and etag. */
    Answer brief(int status, ObjectNode entity) {
        return Answer.json(status, Json.object().put("id", entity.path("id").asText()).put("etag", entity.path("etag").asText()));
    }

    Answer created(ObjectNode entity) {
        return brief(201, entity).location("/" + name + "/" + entity.path("id").asText());
    }

    private static String sandboxId(String sandbox) {
        return UUID.nameUUIDFromBytes(sandbox.getBytes(StandardCharsets.UTF_8)).toString();
    }
}
