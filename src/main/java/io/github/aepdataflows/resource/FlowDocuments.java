package io.github.aepdataflows.resource;

import com.fasterxml.jackson.databind.JsonNode;

/** The documents of an existing flow and of what it is made of, as far as they were read. */
public interface FlowDocuments {

    /** A missing node for one that was not read. */
    JsonNode get(Kind kind);

    /** Id of the flow itself. */
    String flowId();

    /** Whether the flow has the 2020 form, with an ad-hoc class and schema for its source. */
    default boolean isAdHoc() {
        return get(Kinds.SOURCE_CONNECTION).at("/data/format").asText().equals(SourceConnection.AD_HOC_FORMAT);
    }
}
