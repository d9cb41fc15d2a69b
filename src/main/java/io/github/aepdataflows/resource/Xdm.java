package io.github.aepdataflows.resource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The vocabulary of XDM: media types and the types of fields. */
final class Xdm {

    /** {@code Accept} of a schema reference without its texts. */
    static final String NOTEXT = "application/vnd.adobe.xed-full-notext+json; version=1";

    static final String FULL = "application/vnd.adobe.xed-full+json;version=1";

    private static final Pattern MAJOR = Pattern.compile("(?:^|version=)(\\d+)");

    private Xdm() {
    }

    /** References name the version of a schema by any media type. Only the major version counts, and none means the first. */
    static void ignoreSpelling(JsonNode wanted, JsonNode actual, String field) {
        if (actual.isObject() && major(wanted.path(field).asText()).equals(major(actual.path(field).asText()))) {
            Json.ignore(field, wanted, actual);
        }
    }

    /** {@code 1} of {@code application/vnd.adobe.xed-full+json; version=1.0} and of {@code 1.0}. */
    private static String major(String version) {
        Matcher digits = MAJOR.matcher(version);
        return digits.find() ? digits.group(1) : "1";
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
