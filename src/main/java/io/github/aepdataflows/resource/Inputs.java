package io.github.aepdataflows.resource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.github.aepdataflows.definition.Definition;
import java.util.Map;
import java.util.Optional;

/**
 * What requests are made of.
 *
 * @param ids               of the resources that there are
 * @param mappingSetVersion of the mapping set; absent while there is none
 * @param flowSpec          as the Platform describes it now, never one by heart
 * @param columns           of the source, as explore describes them; a missing node when nobody asked
 * @param names             of XDM, and what they mean in the sandbox
 * @param earliestStart     in epoch seconds, of a flow whose definition names no start
 */
public record Inputs(Definition definition, Map<Kind, String> ids, Optional<Integer> mappingSetVersion, JsonNode flowSpec, JsonNode columns,
                     XdmNames names, long earliestStart) {

    /** Of a definition of which nothing exists. */
    public static Inputs of(Definition definition) {
        return new Inputs(definition, Map.of(), Optional.empty(), MissingNode.getInstance(), MissingNode.getInstance(),
                XdmNames.NONE, 0);
    }

    /** Empty for a resource that does not exist yet. */
    String id(Kind kind) {
        return ids.getOrDefault(kind, "");
    }
}
