package io.github.aepdataflows.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A schema as other resources name it. The version is written as a media type ({@code …xed-full+json;version=1}) or as
 * {@code 1.0}; only its major part counts.
 *
 * @param version the major version; 0 if none can be read
 */
record SchemaReference(String id, int version) {

    private static final Pattern VERSION =
        Pattern.compile("(?:application/vnd\\.adobe\\.xed[a-z-]*\\+json; ?version=)?(\\d{1,4})(?:\\.\\d{1,4})?");

    static SchemaReference of(JsonNode reference, String versionField) {
        Matcher version = VERSION.matcher(reference.path(versionField).asText());
        return new SchemaReference(reference.path("id").asText(), version.matches() ? Integer.parseInt(version.group(1)) : 0);
    }
}
