package io.github.aepdataflows.resource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.flipkart.zjsonpatch.DiffFlags;
import com.flipkart.zjsonpatch.JsonDiff;
import java.util.EnumSet;
import java.util.List;

/** JSON Patches (RFC 6902) of the operations {@code add}, {@code replace} and {@code remove}. */
final class Patch {

    private static final EnumSet<DiffFlags> PLAIN = DiffFlags.dontNormalizeOpIntoMoveAndCopy();

    private Patch() {
    }

    static JsonNode between(JsonNode is, JsonNode wanted) {
        return JsonDiff.asJson(is, wanted, PLAIN);
    }

    /** The resource with these fields as they are wanted; their paths lead through objects only. */
    static ObjectNode with(List<Difference> differences, JsonNode actual) {
        ObjectNode wanted = actual.deepCopy();
        for (Difference difference : differences) {
            String[] path = difference.path().split("\\.");
            ObjectNode parent = wanted;
            for (int i = 0; i < path.length - 1; i++) {
                parent = parent.path(path[i]) instanceof ObjectNode child ? child : parent.putObject(path[i]);
            }
            if (difference.wanted().isNull()) {
                parent.remove(path[path.length - 1]);
            } else {
                parent.set(path[path.length - 1], difference.wanted());
            }
        }
        return wanted;
    }

    static ObjectNode operation(String op, String path, JsonNode value) {
        return JsonNodeFactory.instance.objectNode().put("op", op).put("path", path).set("value", value);
    }
}
