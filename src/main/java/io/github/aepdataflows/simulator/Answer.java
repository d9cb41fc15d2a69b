package io.github.aepdataflows.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** What a service says to one call. A 204 has no body. */
record Answer(int status, Map<String, String> headers, String contentType, byte[] body) {

    static Answer json(int status, JsonNode body) {
        return new Answer(status, Map.of(), "application/json;charset=UTF-8", body.toString().getBytes(StandardCharsets.UTF_8));
    }

    static Answer noContent() {
        return new Answer(204, Map.of(), "application/json;charset=UTF-8", new byte[0]);
    }

    Answer location(String path) {
        return new Answer(status, Map.of("Location", path), contentType, body);
    }
}
