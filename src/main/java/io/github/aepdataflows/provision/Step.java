package io.github.aepdataflows.provision;

import io.github.aepdataflows.platform.AepHeaders;
import java.util.stream.Stream;

/** The steps of the chain in their order: the key by which each is recorded, and the header that carries its id. */
public enum Step {

    BASE_CONNECTION("base-connection", "baseConnection", AepHeaders.BASE_CONNECTION_ID),
    SOURCE_CLASS("source-class", "sourceClass", AepHeaders.SOURCE_CLASS_ID),
    SOURCE_SCHEMA("source-schema", "sourceSchema", AepHeaders.SOURCE_SCHEMA_ID),
    SOURCE_CONNECTION("source-connection", "sourceConnection", AepHeaders.SOURCE_CONNECTION_ID),
    TARGET_SCHEMA("target-schema", "targetSchema", AepHeaders.TARGET_SCHEMA_ID),
    TARGET_DATASET("target-dataset", "targetDataset", AepHeaders.TARGET_DATASET_ID),
    DATASET_CONNECTION("dataset-connection", "datasetConnection", AepHeaders.DATASET_CONNECTION_ID),
    TARGET_CONNECTION("target-connection", "targetConnection", AepHeaders.TARGET_CONNECTION_ID),
    MAPPING_SET("mapping-set", "mappingSet", AepHeaders.MAPPING_SET_ID),
    FLOW("flow", "flow", AepHeaders.FLOW_ID);

    private final String key;
    private final String resource;
    private final String header;

    Step(String key, String resource, String header) {
        this.key = key;
        this.resource = resource;
        this.header = header;
    }

    /** @throws IllegalArgumentException when no step is called so */
    public static Step of(String key) {
        return Stream.of(values()).filter(step -> step.key.equals(key)).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no step is called " + key));
    }

    /** Whether all dataflows of a sandbox share one. */
    public boolean isShared() {
        return this == BASE_CONNECTION || this == DATASET_CONNECTION;
    }

    /** Whether the answer to its create says what it is of (Schema Registry): then there is no need to look. */
    boolean isVerifiedByAnswer() {
        return this == SOURCE_CLASS || this == SOURCE_SCHEMA || this == TARGET_SCHEMA;
    }

    /** In words, as in {@code source connection}. */
    public String words() {
        return key.replace('-', ' ');
    }

    /** As in {@code source-connection}. */
    public String key() {
        return key;
    }

    /** Its name among the resources of a receipt, as in {@code sourceConnection}. */
    String resource() {
        return resource;
    }

    /** The message header that carries the resource's id. */
    public String header() {
        return header;
    }
}
