package io.github.aepdataflows.platform;

/**
 * The message headers in which the chain carries the ids that the Platform returned. They are public: a host that calls
 * {@code direct:aep-provision} finds them on the message. None of them ever leaves on the wire.
 */
public final class AepHeaders {

    /** Id of the source's authenticated base connection. */
    public static final String BASE_CONNECTION_ID = "AepBaseConnectionId";
    /** {@code $id} of the ad-hoc class (2020 form). */
    public static final String SOURCE_CLASS_ID = "AepSourceClassId";
    /** {@code $id} of the ad-hoc schema (2020 form). */
    public static final String SOURCE_SCHEMA_ID = "AepSourceSchemaId";
    public static final String SOURCE_CONNECTION_ID = "AepSourceConnectionId";
    /** {@code $id} of the target schema. */
    public static final String TARGET_SCHEMA_ID = "AepTargetSchemaId";
    public static final String TARGET_DATASET_ID = "AepTargetDatasetId";
    /** Id of the dataset base connection (2020 form). */
    public static final String DATASET_CONNECTION_ID = "AepDatasetConnectionId";
    public static final String TARGET_CONNECTION_ID = "AepTargetConnectionId";
    public static final String MAPPING_SET_ID = "AepMappingSetId";
    /** Version of the mapping set, an integer. */
    public static final String MAPPING_SET_VERSION = "AepMappingSetVersion";
    public static final String FLOW_SPEC_ID = "AepFlowSpecId";
    public static final String FLOW_ID = "AepFlowId";

    private AepHeaders() {
    }
}
