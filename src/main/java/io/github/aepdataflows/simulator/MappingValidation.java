package io.github.aepdataflows.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/** Judges each mapping of a set against the full view of the output schema, which creating a set does not. */
final class MappingValidation {

    private final XdmExpansion expansion;
    private final Expressions expressions;

    MappingValidation(XdmExpansion expansion, Expressions expressions) {
        this.expansion = expansion;
        this.expressions = expressions;
    }

    /** One entry per mapping, in their order. */
    ObjectNode validate(Call call, ObjectNode schema, JsonNode mappings) {
        ObjectNode properties = expansion.properties(call, schema);
        ObjectNode answer = Json.object();
        answer.putArray("validationResponse");
        for (JsonNode each : mappings) {
            Mapping mapping = Mapping.of(each);
            Optional<String> fault = fault(mapping, properties);
            ObjectNode result = answer.withArray("validationResponse").addObject()
                .put("status", fault.isPresent() ? "FAILED" : "SUCCESS").putNull("errors");
            fault.ifPresent(text -> result.putArray("errors").addObject().put("destination", mapping.destination())
                .put("exception", text).put("source", mapping.source()).put("columnName", mapping.source())
                .put("sourceType", mapping.sourceType()));
        }
        return answer;
    }

    private Optional<String> fault(Mapping mapping, JsonNode properties) {
        return mapping.fault()
            .or(() -> mapping.sourceType().equals("EXPRESSION") ? expressions.fault(mapping.source()) : Optional.empty())
            .or(() -> DestinationPath.fault(mapping.destination(), properties));
    }
}
