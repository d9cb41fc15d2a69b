package io.github.aepdataflows.resource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** The few shapes of JSON that several kinds have. */
final class Json {

    private Json() {
    }

    static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    static Stream<JsonNode> stream(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }

    /** Of a connection spec or flow spec. */
    static ObjectNode spec(String id) {
        return object().put("id", id).put("version", "1.0");
    }

    /** Sets a field of an actual resource to what is wanted: whatever it is, it is no difference. */
    static void ignore(String field, JsonNode wanted, JsonNode actual) {
        if (wanted.has(field)) {
            ((ObjectNode) actual).set(field, wanted.path(field));
        }
    }

    static boolean isSubset(JsonNode some, JsonNode all) {
        return stream(some).allMatch(one -> stream(all).anyMatch(one::equals));
    }
}
