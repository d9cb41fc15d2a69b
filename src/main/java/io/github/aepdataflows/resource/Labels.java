package io.github.aepdataflows.resource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Data usage labels, as in {@code C1}. Those that a definition does not name are somebody's, and stay. */
final class Labels {

    static final String FIELD = "labels";

    private Labels() {
    }

    /** In any order they say the same. */
    static ArrayNode sorted(Collection<String> labels) {
        ArrayNode sorted = JsonNodeFactory.instance.arrayNode();
        new TreeSet<>(labels).forEach(sorted::add);
        return sorted;
    }

    static ArrayNode all(JsonNode some, JsonNode others) {
        return sorted(Stream.concat(Json.stream(some), Json.stream(others)).map(JsonNode::asText).toList());
    }

    /** An update replaces all of them: it is refused where there are some, and the Platform does not show them in a form that is known. */
    static Verdict update(JsonNode actual, String field) {
        return actual.isEmpty() || actual.path(field).isArray() ? Verdict.UPDATE
                : Verdict.impossible("the Platform does not show its labels as a list, and an update would replace all that there are");
    }

    /** Where labels are missing, all that there are to be then. */
    static List<Difference> missing(JsonNode wanted, JsonNode is) {
        return Json.isSubset(wanted, is) ? List.of()
                : List.of(new Difference(FIELD, is.isEmpty() ? MissingNode.getInstance() : all(is, is), all(is, wanted)));
    }
}
