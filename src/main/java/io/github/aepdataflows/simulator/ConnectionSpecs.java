package io.github.aepdataflows.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The connector catalogue: what can be connected to, and what its credentials must contain. The same in every sandbox. */
final class ConnectionSpecs {

    /** The data lake: the spec of every target connection, and of the dataset base connections of 2020. */
    static final String DATASET = "c604ff05-7f1a-43c0-8e18-33bf874cb11c";

    private static final String PROVIDER = "0ed90a81-07f4-4586-8190-b40eccef1c5a";

    private final Map<String, ObjectNode> specs = new LinkedHashMap<>();
    private final Map<String, String> flowSpecNames = new LinkedHashMap<>();
    private final Set<String> withoutBaseConnection = new HashSet<>();

    ConnectionSpecs() {
        for (JsonNode connector : Json.resource("connectors.json")) {
            specs.put(connector.path("id").asText(), spec(connector));
            flowSpecNames.put(connector.path("id").asText(), connector.path("flowSpec").asText());
            if (!connector.path("baseConnection").asBoolean(true)) {
                withoutBaseConnection.add(connector.path("id").asText());
            }
        }
        for (JsonNode connector : Json.resource("streaming.json").path("connectionSpecs")) {
            ObjectNode spec = spec(connector);
            spec.withObject("/attributes/uiAttributes/apiFeatures").put("flowRunsSupported", false);
            specs.put(connector.path("id").asText(), spec);
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
        boolean files = connector.path("flowSpec").asText().equals("CloudStorageToAEP");
        if (connector.has("params")) {
            source.setAll((ObjectNode) connector.path("params"));
        } else {
            String style = connector.path("paramStyle").asText();
            ObjectNode properties = source.putObject("properties");
            properties.putObject(style).put("type", "string");
            if (files) {
                properties.putObject("recursive").put("type", "boolean").put("default", false);
            } else {
                properties.putObject("columns").put("type", "array").putObject("items").put("type", "object");
            }
            source.putArray("required").add(style);
            spec.putObject("exploreSpec").put("name", "Explore").put("type", files ? "FileSystem" : "Tabular");
        }
        ObjectNode attributes = spec.putObject("attributes").put("category", connector.path("category").asText()).put("isSource", true);
        attributes.putObject("uiAttributes").put("label", connector.path("title").asText());
        if (connector.path("filters").asBoolean()) {
            attributes.set("filterAtSource", filterAtSource());
        }
        return spec;
    }

    private static ObjectNode filterAtSource() {
        ObjectNode filters = Json.object().put("enabled", true).put("queryLanguage", "SQL");
        ArrayNode logical = filters.putArray("logicalOperators");
        List.of("and", "or", "not").forEach(logical::add);
        ArrayNode comparison = filters.putArray("comparisonOperators");
        List.of("=", "!=", "<", "<=", ">", ">=", "like", "in").forEach(comparison::add);
        return filters.put("columnNameEscapeChar", "`").put("valueEscapeChar", "'");
    }

    /** Whether it is explored itself, because no base connection leads to it. */
    boolean hasNoBaseConnection(String specId) {
        return withoutBaseConnection.contains(specId);
    }

    /** Whether a partner made it of a REST API, which has parameters of its own. */
    boolean isRest(String specId) {
        return "RestStorageToAEP".equals(flowSpecNames.get(specId));
    }

    /** The connector's internal name, such as {@code google-big-query}. */
    String name(String specId) {
        return specs.get(specId).path("name").asText();
    }

    /** Whether the source consists of folders and files; the others consist of tables. */
    boolean holdsFiles(String specId) {
        return "CloudStorageToAEP".equals(flowSpecNames.get(specId));
    }

    /** Whether the source streams: the Platform keeps no runs of its flows. */
    boolean streams(String specId) {
        return !Json.at(specs.getOrDefault(specId, Json.object()), "attributes.uiAttributes.apiFeatures.flowRunsSupported")
            .asBoolean(true);
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
        return isRest(specId) ? Json.at(specs.get(specId), "sourceSpec.spec") : MissingNode.getInstance();
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
