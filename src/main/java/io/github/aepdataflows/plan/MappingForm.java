package io.github.aepdataflows.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** What a definition says of a mapping set that exists: a rule is said as a whole, and what it leaves out is nothing. */
final class MappingForm {

    private static final List<String> NOTHING_BY_DEFAULT = List.of("kind", "identityGroup", "namespaceCode");

    private MappingForm() {
    }

    /** @param content of the mapping set, in the form in which two are compared */
    static JsonNode wanted(JsonNode content) {
        JsonNode wanted = content.deepCopy();
        wanted.path("mappings").forEach(rule -> NOTHING_BY_DEFAULT.stream().filter(field -> !rule.has(field))
                .forEach(((ObjectNode) rule)::putNull));
        return wanted;
    }
}
