package io.github.aepdataflows.resource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** The vocabulary of XDM: media types and the types of fields. */
final class Xdm {

    /** {@code Accept} of a schema reference without its texts. */
    static final String NOTEXT = "application/vnd.adobe.xed-full-notext+json; version=1";

    static final String FULL = "application/vnd.adobe.xed-full+json;version=1";

    private Xdm() {
    }

    /** XDM calls every whole number integer and every other number number. */
    static ObjectNode type(JsonNode column) {
        ObjectNode type = Json.object().put("type", switch (column.path("type").asText()) {
            case "long" -> "integer";
            case "double" -> "number";
            default -> column.path("type").asText();
        });
        if (column.has("format")) {
            type.put("format", column.path("format").asText());
        }
        return type;
    }
}
