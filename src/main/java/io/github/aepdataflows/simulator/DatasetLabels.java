package io.github.aepdataflows.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * {@code /data/foundation/dataset/datasets/{id}/labels}: data usage labels of datasets. Documented in "Manage data usage labels for
 * datasets" and the OpenAPI file of the Dataset Service. Which labels there are, and which policies forbid one, is not played.
 */
final class DatasetLabels {

    private static final String PATH = "/data/foundation/dataset/datasets/{id}/labels";
    private static final String COLLECTION = "datasetLabels";
    private static final String ETAG = "etag";
    private static final Set<String> KEYS = Set.of("labels", "optionalLabels");

    private final Store store;
    private final Options options;

    DatasetLabels(Store store, Options options) {
        this.store = store;
        this.options = options;
    }

    void register(Router router) {
        router.on("GET", PATH, this::get);
        router.on("PUT", PATH, this::put);
        router.on("POST", PATH, this::post);
    }

    private Answer get(Call call) {
        return labelled(call).map(labels -> shown(200, call.id(), labels)).orElseThrow(() -> notFound(call));
    }

    /** Of the whole: what it leaves out is gone. */
    private Answer put(Call call) {
        Optional<ObjectNode> current = labelled(call);
        ObjectNode body = body(call);
        if (current.isPresent()) {
            String match = call.header("if-match")
                .orElseThrow(() -> Refusal.dataset("PES-400", "If-Match is missing", call.request().path()));
            if (!match.equals(current.get().path(ETAG).asText())) {
                throw Refusal.dataset("PES-412", "The labels have changed since they were read", call.request().path());
            }
            body.put(ETAG, etag(current.get().path("version").asInt() + 1)).put("version", current.get().path("version").asInt() + 1);
            store.replace(call.sandbox(), COLLECTION, call.id(), body);
        } else {
            create(call, body);
        }
        return shown(200, call.id(), body);
    }

    /** Deprecated. */
    private Answer post(Call call) {
        if (labelled(call).isPresent()) {
            throw Refusal.dataset("PES-403", "The dataset has labels already", call.request().path());
        }
        ObjectNode body = body(call);
        create(call, body);
        return shown(201, call.id(), body);
    }

    private void create(Call call, ObjectNode body) {
        store.referenced(call, "dataSets", call.id(), notFound(call));
        store.put(call.sandbox(), COLLECTION, call.id(), body.put(ETAG, etag(1)).put("version", 1), call.instant());
    }

    private Optional<ObjectNode> labelled(Call call) {
        return store.find(call.sandbox(), COLLECTION, call.id());
    }

    private static ObjectNode body(Call call) {
        ObjectNode body = call.object().deepCopy();
        boolean foreign = body.properties().stream().anyMatch(field -> !KEYS.contains(field.getKey()));
        boolean valid = body.path("labels").isArray() && Json.stream(body.path("labels")).allMatch(JsonNode::isTextual);
        if (!valid || foreign) {
            throw Refusal.dataset("PES-400", "The body must have labels, a list of texts, and may have optionalLabels",
                call.request().path());
        }
        return body.put("id", call.id());
    }

    private static String etag(int version) {
        return "\"8f0026%06d\"".formatted(version);
    }

    private Answer shown(int status, String id, ObjectNode labels) {
        ObjectNode body = Json.object();
        body.set("labels", labels.path("labels"));
        body.set("optionalLabels", labels.has("optionalLabels") ? labels.path("optionalLabels") : Json.array());
        boolean keyed = options.dialects().is(Dialect.DATASET_LABELS, "keyed");
        return Answer.json(status, keyed ? Json.object().set("AEP:dataset:" + id, body) : body)
            .with(Map.of("etag", labels.path(ETAG).asText()));
    }

    private static Refusal notFound(Call call) {
        return Refusal.dataset("PES-404", "No labels were found for the dataset " + call.id(), call.request().path());
    }
}
