package io.github.aepdataflows.export;

import io.github.aepdataflows.platform.Queries;
import java.util.stream.Stream;

/** What a flow is made of, in an order in which each tells where the next ones are. */
enum Part {

    FLOW("flow", "flowservice/flows"),
    FLOW_SPEC("flow-spec", "flowservice/flowSpecs"),
    SOURCE_CONNECTION("source-connection", "flowservice/sourceConnections"),
    BASE_CONNECTION("base-connection", "flowservice/connections"),
    SOURCE_SCHEMA("source-schema", "schemaregistry/tenant/schemas"),
    SOURCE_CLASS("source-class", "schemaregistry/tenant/classes"),
    TARGET_CONNECTION("target-connection", "flowservice/targetConnections"),
    DATASET_CONNECTION("dataset-connection", "flowservice/connections"),
    TARGET_DATASET("target-dataset", "catalog/dataSets"),
    TARGET_SCHEMA("target-schema", "schemaregistry/tenant/schemas"),
    MAPPING_SET("mapping-set", "conversion/mappingSets");

    private final String key;
    private final String path;

    Part(String key, String path) {
        this.key = key;
        this.path = path;
    }

    /** @throws IllegalArgumentException when none is called so */
    static Part of(String key) {
        return Stream.of(values()).filter(part -> part.key.equals(key)).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no part of a flow is called " + key));
    }

    /** As in {@code source-connection}: that of the step which would make it, where there is one. */
    String key() {
        return key;
    }

    /** As in {@code source connection}. */
    String words() {
        return key.replace('-', ' ');
    }

    /** Where a look at one of that id goes. */
    String path(String id) {
        return path + "/" + Queries.encode(Queries.altId(id));
    }

    String accept() {
        return path.startsWith("schemaregistry") ? "application/vnd.adobe.xed+json; version=1" : "application/json";
    }
}
