package io.github.aepdataflows.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;

/**
 * {@code /data/foundation/catalog}: datasets, and the batches that flow runs wrote. Ids are 24 hex digits; names are not
 * unique.
 */
final class Catalog {

    private static final String BASE = "/data/foundation/catalog";
    private static final String COLLECTION = "dataSets";

    /** A tag that is there by itself. */
    private static final String TABLE = "adobe/pqs/table";

    private final Schemas schemas;
    private final Store store;
    private final Options options;

    Catalog(Schemas schemas, Store store, Options options) {
        this.schemas = schemas;
        this.store = store;
        this.options = options;
    }

    void register(Router router) {
        router.on("POST", BASE + "/dataSets", this::create);
        router.on("GET", BASE + "/dataSets", call ->
            CatalogListing.list(call.query(), store.listedById(call.sandbox(), COLLECTION), options.dialects()));
        router.on("GET", BASE + "/dataSets/{id}", this::get);
        router.on("PATCH", BASE + "/dataSets/{id}", this::patch);
        router.on("PATCH", BASE + "/v2/dataSets/{id}", this::patch);
        router.on("DELETE", BASE + "/dataSets/{id}", this::delete);
        router.on("GET", BASE + "/batches/{id}", this::batch);
    }

    private Answer create(Call call) {
        ObjectNode body = call.object();
        if (Json.text(body, "name").isEmpty()) {
            throw Refusal.document(400, "name is required");
        }
        checkSchema(call, body);
        String id = UUID.randomUUID().toString().replace("-", "").substring(0, 24);
        long now = call.instant().toEpochMilli();
        ObjectNode dataSet = body.deepCopy();
        dataSet.put("imsOrg", options.orgId()).put("state", "DRAFT").put("version", "1.0.0").put("created", now)
            .put("updated", now).put("createdUser", options.clientId()).put("createdClient", options.clientId())
            .put("viewId", id).put("files", "@/dataSetFiles?dataSetId=" + id).put("sandboxId", call.sandbox());
        dataSet.withObject("/tags").putArray(TABLE).add(table(body.path("name").asText()));
        store.put(call, COLLECTION, id, dataSet, call.instant());
        return reference(201, id).location("/dataSets/" + id);
    }

    /** What Query Service calls the dataset. */
    private static String table(String name) {
        return name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "_");
    }

    private void checkSchema(Call call, ObjectNode dataSet) {
        SchemaReference reference = SchemaReference.of(dataSet.path("schemaRef"), "contentType");
        ObjectNode schema = schemas.referenced(call, reference.id(),
            Refusal.document(400, "schemaRef names no schema: " + dataSet.path("schemaRef")));
        if (reference.version() != 1) {
            throw Refusal.document(400, "schemaRef.contentType must end in version=1");
        }
        boolean profile = dataSet.at("/tags/unifiedProfile").toString().contains("enabled:");
        if (profile && Json.stream(schema.path("meta:immutableTags")).noneMatch(tag -> tag.asText().equals("union"))) {
            throw Refusal.document(400, "To enable profile datasets the schema should be valid");
        }
    }

    private Answer get(Call call) {
        return Answer.json(200, Json.object().set(call.id(), named(call)));
    }

    private Answer patch(Call call) {
        JsonNode body = call.json(Set.of("application/json", "application/json-patch+json"));
        ObjectNode dataSet = named(call);
        ObjectNode patched;
        if (body instanceof ObjectNode merge) {
            patched = dataSet.deepCopy();
            patched.setAll(merge);
        } else {
            patched = JsonPatch.apply(dataSet, JsonPatch.operations(body));
        }
        checkSchema(call, patched);
        patched.withObject("/tags").set(TABLE, dataSet.path("tags").path(TABLE));   // the prefix adobe is the Platform's own
        store.replace(call.sandbox(), COLLECTION, call.id(), patched.put("updated", call.instant().toEpochMilli()));
        return reference(200, call.id());
    }

    /** Not 204, and not 404 for an unknown id, unlike the other services. */
    private Answer delete(Call call) {
        store.remove(call.sandbox(), "datasetLabels", call.id());
        return store.remove(call.sandbox(), COLLECTION, call.id())
            ? reference(200, call.id()) : Answer.json(200, Json.array());
    }

    private ObjectNode named(Call call) {
        return store.lookUp(call.sandbox(), COLLECTION, call.id())
            .orElseThrow(() -> Refusal.document(404, "There is no dataset " + call.id()));
    }

    private static Answer reference(int status, String id) {
        return Answer.json(status, Json.array().add("@/dataSets/" + id));
    }

    /** A batch is what the promotion activity of one run wrote. */
    private Answer batch(Call call) {
        for (ObjectNode run : store.all(call.sandbox(), "runs")) {
            boolean wroteIt = run.at("/activities/1/targetInfo/0/reference/ids/0").asText().equals(call.id());
            if (wroteIt) {
                ObjectNode body = Json.object();
                body.putObject(call.id()).put("imsOrg", options.orgId()).put("created", run.path("createdAt").asLong())
                    .put("status", Json.text(run, "metrics.statusSummary.status"));
                return Answer.json(200, body);
            }
        }
        throw Refusal.document(404, "There is no batch " + call.id());
    }
}
