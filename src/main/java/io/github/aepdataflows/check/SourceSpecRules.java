package io.github.aepdataflows.check;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Error;
import com.networknt.schema.SchemaException;
import io.github.aepdataflows.definition.Definition;
import io.github.aepdataflows.definition.Nearest;
import java.util.List;
import java.util.Set;
import java.util.stream.StreamSupport;

/** Judges the further parameters of a source by what the Platform's connection spec says of them ({@code sourceSpec.spec}). */
final class SourceSpecRules {

    private static final String PARAMS = "source.params";

    private final CheckResult check;
    private final Definition definition;
    private final ObjectNode params;

    SourceSpecRules(CheckResult check, ObjectNode params) {
        this.check = check;
        this.definition = check.definition();
        this.params = params;
    }

    /** @param connectionSpec as the Platform describes it; a missing node when it does not */
    void check(JsonNode connectionSpec) {
        JsonNode schema = connectionSpec.at("/sourceSpec/spec");
        List<String> names = schema.path("properties").properties().stream().map(property -> property.getKey()).toList();
        if (names.isEmpty()) {
            check.note(definition.fault(PARAMS, "the Platform does not describe the parameters of this source: they are sent unchecked"));
            return;
        }
        StreamSupport.stream(schema.path("required").spliterator(), false).map(JsonNode::asText)
                .filter(name -> !params.has(name) && !name.equals(definition.source().pathParameter()))
                .forEach(name -> check.add(definition.fault(PARAMS, "the source needs %s".formatted(name)).withCode("1318-400")));
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
            check.note(definition.fault(PARAMS + "." + name, "the source does not describe this parameter; it is sent as it is"));
        } else {
            check.add(definition.fault(PARAMS + "." + name, "the source has no such parameter").withSuggestion(nearest));
        }
    }

    private void values(JsonNode schema) {
        try {
            for (Error error : FlowSpecRules.SCHEMAS.getSchema(schema).validate(params)) {
                if (!Set.of("required", "additionalProperties").contains(error.getKeyword())
                        && error.getInstanceLocation().getNameCount() > 0) {
                    check.add(definition.fault(PARAMS + "." + error.getInstanceLocation().getElement(0),
                            "is not what the Platform describes: " + error.getMessage()).withCode("1318-400"));
                }
            }
        } catch (SchemaException e) {
            check.note(definition.fault(PARAMS, "they could not be checked: " + e.getMessage()));
        }
    }
}
