package io.github.aepdataflows.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The connector catalogue: what can be connected to, and what its credentials must contain. The same in every sandbox. */
final class ConnectionSpecs {

    /** The data lake: the spec of every target connection, and of the dataset base connections of 2020. */
    static final String DATASET = "c604ff05-7f1a-43c0-8e18-33bf874cb11c";

    private static final String PROVIDER = "0ed90a81-07f4-4586-8190-b40eccef1c5a";

    private final Map<String, ObjectNode> specs = new LinkedHashMap<>();
    private final Map<String, String> flowSpecNames = new LinkedHashMap<>();

    ConnectionSpecs() {
        for (JsonNode connector : Json.resource("connectors.json")) {
            specs.put(connector.path("id").asText(), spec(connector));
            flowSpecNames.put(connector.path("id").asText(), connector.path("flowSpec").asText());
        }
        ObjectNode dataset = Json.object().put("id", DATASET).put("name", "dataset").put("providerId", PROVIDER)
            .put("version", "1.0");
        dataset.putObject("targetSpec").putObject("spec").putArray("required").add("dataSetId");
        specs.put(DATASET, dataset);
    }

    private static ObjectNode spec(JsonNode connector) {
        ObjectNode spec = Json.object();
        spec.setAll(Map.of("id", connector.get("id"), "name", connector.get("name")));
        spec.put("providerId", PROVIDER).put("version", "1.0");
        spec.set("authSpec", AuthSpecs.of(connector.path("auth")));
        ObjectNode source = spec.putObject("sourceSpec").putObject("spec").put("type", "object");
        if (connector.has("params")) {
            source.setAll((ObjectNode) connector.path("params"));
        } else {
            source.putArray("required").add(connector.path("paramStyle").asText());
        }
        spec.putObject("attributes").put("category", connector.path("category").asText()).put("isSource", true)
            .putObject("uiAttributes").put("label", connector.path("title").asText());
        return spec;
    }

    /** The connector's internal name, such as {@code google-big-query}. */
    String name(String specId) {
        return specs.get(specId).path("name").asText();
    }

    /** Whether the source consists of folders and files; the others consist of tables. */
    boolean holdsFiles(String specId) {
        return "CloudStorageToAEP".equals(flowSpecNames.get(specId));
    }

    /** The ids that a flow spec lists as its sources. */
    List<String> sourcesOf(String flowSpecName) {
        return specs.keySet().stream().filter(id -> flowSpecName.equals(flowSpecNames.get(id))).toList();
    }

    /** Checks a reference {@code {"id","version"}} and returns its id. */
    String checkReference(JsonNode reference) {
        for (String field : new String[] {"id", "version"}) {
            if (reference.path(field).asText().isEmpty()) {
                throw Refusal.message(422, "connectionSpec." + field + " '" + field + "' is required for spec info");
            }
        }
        String id = reference.path("id").asText();
        if (!specs.containsKey(id)) {
            throw Refusal.flow("1413-400", "There is no connection spec " + id);
        }
        return id;
    }

    /** What a source of this kind takes instead of a table or a path, as a JSON Schema; a missing node for one that takes those. */
    JsonNode ownParams(String specId) {
        JsonNode spec = Json.at(specs.getOrDefault(specId, Json.object()), "sourceSpec.spec");
        return spec.has("properties") ? spec : MissingNode.getInstance();
    }

    /** The ways to sign in to a connector; empty if it needs none. */
    JsonNode authSpecs(String specId) {
        return specs.get(specId).path("authSpec");
    }

    void register(Router router, String base) {
        router.on("GET", base + "/connectionSpecs", call ->
            new Listing(specs.size(), Dialects.DEFAULT).specs(call.query(), specs.values()));
        router.on("GET", base + "/connectionSpecs/{id}", call -> {
            if (!specs.containsKey(call.id())) {
                throw Refusal.notFound("connectionSpecs", call.id());
            }
            return Listing.single(specs.get(call.id()));
        });
    }
}
