package io.github.aepdataflows.check;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Error;
import com.networknt.schema.SchemaException;
import io.github.aepdataflows.definition.Nearest;
import io.github.aepdataflows.resource.Inputs;
import io.github.aepdataflows.resource.Kinds;
import java.util.List;
import java.util.Set;

/** Judges the further parameters of a source by what the Platform's connection spec says of them ({@code sourceSpec.spec}). */
final class SourceSpecRules {

    private static final String PARAMS = "source.params";

    private final CheckResult check;
    private final ObjectNode params;
    private final JsonNode sent;

    SourceSpecRules(CheckResult check) {
        this.check = check;
        this.params = check.definition().source().params().orElseGet(JsonNodeFactory.instance::objectNode);
        this.sent = Kinds.SOURCE_CONNECTION.requests(Inputs.of(check.definition())).get(0).path("params");
    }

    /** @param connectionSpec as the Platform describes it; a missing node when it does not */
    void check(JsonNode connectionSpec) {
        JsonNode schema = connectionSpec.at("/sourceSpec/spec");
        List<String> names = schema.path("properties").properties().stream().map(property -> property.getKey()).toList();
        if (names.isEmpty() && !params.isEmpty()) {
            check.note(PARAMS, "the Platform does not describe the parameters of this source: they are sent unchecked");
            return;
        }
        schema.path("required").valueStream().map(JsonNode::asText)
                .filter(name -> !sent.has(name) && !name.equals("columns"))   // those that the source has, where the definition lists none
                .forEach(name -> check.add(check.fault(PARAMS, "the source needs %s".formatted(name)).withCode("1318-400")));
        params.properties().stream().filter(param -> param.getValue().isTextual()
                && schema.path("properties").path(param.getKey()).path("format").asText().equals("password"))
                .forEach(param -> check.add(PARAMS + "." + param.getKey(), "is a secret, which has no place in a "
                        + "definition, and a source has none: give it to auth of the base connection"));
        params.fieldNames().forEachRemaining(name -> {
            if (!names.contains(name)) {
                stranger(name, names.stream().filter(known -> !params.has(known)).toList());
            }
        });
        values(schema);
    }

    private void stranger(String name, List<String> absent) {
        Nearest nearest = Nearest.to(name, absent);
        if (nearest.word().isEmpty()) {
            check.note(PARAMS + "." + name, "the source does not describe this parameter; it is sent as it is");
        } else {
            check.add(check.fault(PARAMS + "." + name, "the source has no such parameter").withSuggestion(nearest));
        }
    }

    private void values(JsonNode schema) {
        if (!schema.isObject()) {
            return;
        }
        try {
            for (Error error : FlowSpecRules.SCHEMAS.getSchema(schema).validate(params)) {
                if (!Set.of("required", "additionalProperties").contains(error.getKeyword())
                        && error.getInstanceLocation().getNameCount() > 0) {
                    check.add(check.fault(PARAMS + "." + error.getInstanceLocation().getElement(0),
                            "is not what the Platform describes: " + error.getMessage()).withCode("1318-400"));
                }
            }
        } catch (SchemaException e) {
            check.note(PARAMS, "they could not be checked: " + e.getMessage());
        }
    }
}
