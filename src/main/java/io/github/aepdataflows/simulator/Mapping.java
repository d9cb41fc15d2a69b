package io.github.aepdataflows.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One mapping of a set, read from either of its forms.
 *
 * @param sourceType {@code ATTRIBUTE} if the body does not say
 */
record Mapping(String sourceType, String source, String destination) {

    private static final Set<String> SOURCE_TYPES = Set.of("ATTRIBUTE", "EXPRESSION", "STATIC");

    /** What answers call them; requests may do so, too. */
    private static final Map<String, String> MEDIA_TYPES = Map.of("text/x.schema-path", "ATTRIBUTE", "text/x.aep-xl", "EXPRESSION",
        "text/plain", "STATIC");

    static Mapping of(JsonNode body) {
        String type = body.path("sourceType").asText("ATTRIBUTE");
        return new Mapping(MEDIA_TYPES.getOrDefault(type, type), either(body, "source", "sourceAttribute"),
            either(body, "destination", "destinationXdmPath"));
    }

    private static String either(JsonNode body, String current, String old) {
        return body.has(current) ? Json.text(body, current) : Json.text(body, old);
    }

    /** What no mapping may lack, whatever it maps to. */
    Optional<String> fault() {
        if (source.isEmpty() && !sourceType.equals("STATIC") || destination.isEmpty()) {
            return Optional.of("A mapping needs a source and a destination: " + this);
        }
        if (!SOURCE_TYPES.contains(sourceType)) {
            return Optional.of("sourceType is ATTRIBUTE, EXPRESSION or STATIC, not " + sourceType);
        }
        return Expressions.tooLong(source);
    }

    /** Adds to the body of this mapping what reading it shows: both forms, and the type as a media type. */
    void showIn(ObjectNode body) {
        body.put("source", source).put("sourceAttribute", source);
        body.put("destination", destination).put("destinationXdmPath", destination);
        body.put("sourceType", switch (sourceType) {
            case "ATTRIBUTE" -> "text/x.schema-path";
            case "EXPRESSION" -> "text/x.aep-xl";
            default -> sourceType;
        });
    }
}
