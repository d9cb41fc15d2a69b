package io.github.aepdataflows.simulator;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.UncheckedIOException;
import java.util.Map;

/**
 * What a service says to one call. A 204 has no body.
 *
 * @param json the body while it may still change, as what it shows is kept; null for one that is no JSON
 * @param bytes the body as it is sent; null while it may still change
 */
record Answer(int status, Map<String, String> headers, String contentType, JsonNode json, byte[] bytes) {

    private static final String JSON = "application/json;charset=UTF-8";

    /** One that is no JSON, or is sent as it is. */
    Answer(int status, Map<String, String> headers, String contentType, byte[] body) {
        this(status, headers, contentType, null, body);
    }

    static Answer json(int status, JsonNode body) {
        return new Answer(status, Map.of(), JSON, body, null);
    }

    static Answer noContent() {
        return new Answer(204, Map.of(), JSON, new byte[0]);
    }

    Answer location(String path) {
        return with(Map.of("Location", path));
    }

    Answer with(Map<String, String> otherHeaders) {
        return new Answer(status, otherHeaders, contentType, json, bytes);
    }

    byte[] body() {
        try {
            return bytes == null ? Json.MAPPER.writeValueAsBytes(json) : bytes;
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** This one, whatever becomes afterwards of what it shows. */
    Answer written() {
        return new Answer(status, headers, contentType, body());
    }
}
