package io.github.aepdataflows.bench;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.aepdataflows.simulator.Request;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;

/**
 * The nine creating steps, written down a second time from the API's documentation, so that the bench cannot agree with a
 * mistake of the product.
 */
enum Step {

    SOURCE_CLASS("source-class", "sourceClass", "schemaregistry/tenant/classes", "classes", " source class"),
    SOURCE_SCHEMA("source-schema", "sourceSchema", "schemaregistry/tenant/schemas", "schemas", " source schema"),
    SOURCE_CONNECTION("source-connection", "sourceConnection", "flowservice/sourceConnections", "sourceConnections", " source"),
    TARGET_SCHEMA("target-schema", "targetSchema", "schemaregistry/tenant/schemas", "schemas", " schema"),
    TARGET_DATASET("target-dataset", "targetDataset", "catalog/dataSets", "dataSets", " dataset"),
    DATASET_CONNECTION("dataset-connection", "datasetConnection", "flowservice/connections", "connections", ""),
    TARGET_CONNECTION("target-connection", "targetConnection", "flowservice/targetConnections", "targetConnections", " target"),
    MAPPING_SET("mapping-set", "mappingSet", "conversion/mappingSets", "mappingSets", ""),
    FLOW("flow", "flow", "flowservice/flows", "flows", "");

    static final String DATASET_CONNECTION_NAME = "Dataset base connection";

    private final String key;
    private final String resource;
    private final String path;
    private final String collection;
    private final String suffix;

    Step(String key, String resource, String path, String collection, String suffix) {
        this.key = key;
        this.resource = resource;
        this.path = "/data/foundation/" + path;
        this.collection = collection;
        this.suffix = suffix;
    }

    static Step of(String key) {
        return Stream.of(values()).filter(step -> step.key.equals(key)).findFirst().orElseThrow();
    }

    /** As in {@code source-connection}. */
    String key() {
        return key;
    }

    /** Its key among the resources of a receipt. */
    String resource() {
        return resource;
    }

    String path() {
        return path;
    }

    /** Its collection in the simulator's store. */
    String collection() {
        return collection;
    }

    /** Whether the dataflow's own resource is shared by all of the sandbox. */
    boolean shared() {
        return this == DATASET_CONNECTION;
    }

    /** Whether the current form of a definition has it, or only that of 2020. */
    boolean isCurrent() {
        return this != SOURCE_CLASS && this != SOURCE_SCHEMA && this != DATASET_CONNECTION;
    }

    /** The natural name under {@link Definitions}' naming; of a mapping set, which has none, the column that only it reads. */
    String name(String dataflow) {
        return switch (this) {
            case DATASET_CONNECTION -> DATASET_CONNECTION_NAME;
            case MAPPING_SET -> Definitions.column(dataflow);
            default -> dataflow + suffix;
        };
    }

    String nameOf(JsonNode resource) {
        if (this == MAPPING_SET) {
            return resource.at("/mappings/0/sourceAttribute").asText();
        }
        return resource.path(resource.has("title") ? "title" : "name").asText();
    }

    String idOf(JsonNode resource) {
        for (String field : new String[] {"$id", "id", "viewId"}) {
            if (resource.has(field)) {
                return resource.path(field).asText();
            }
        }
        return "";
    }

    /** A creating call of this step of that dataflow. */
    boolean isPost(Request request, String dataflow) {
        return request.method().equals("POST") && request.path().equals(path)
                && request.text().contains('"' + name(dataflow) + '"');
    }

    /** A look into this step's collection for a resource of that name, or through all of it from the start. */
    boolean isLook(Request request, String dataflow) {
        String query = URLDecoder.decode(request.query(), StandardCharsets.UTF_8);
        boolean all = !query.contains("property=") && query.matches("(?!.*continuationToken)(?!.*start=[^0]).*");
        return request.method().equals("GET") && request.path().equals(path) && (all || query.contains(name(dataflow)));
    }

    /** What the Platform would answer to this creating call if it had made a resource of that id. */
    String answer(String id) {
        return switch (this) {
            case SOURCE_CLASS, SOURCE_SCHEMA, TARGET_SCHEMA -> "{\"$id\":\"%s\",\"version\":\"1.0\"}".formatted(id);
            case TARGET_DATASET -> "[\"@/dataSets/%s\"]".formatted(id);
            case MAPPING_SET -> "{\"id\":\"%s\",\"version\":0}".formatted(id);
            default -> "{\"id\":\"%s\",\"etag\":\"\\\"0\\\"\"}".formatted(id);
        };
    }
}
