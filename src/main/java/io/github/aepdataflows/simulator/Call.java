package io.github.aepdataflows.simulator;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A request that has passed the gateway, as the services see it.
 *
 * @param sandbox   the sandbox that the call acts in
 * @param instant   "now" for everything that this call does
 * @param hiddenFor how long what this call creates stays invisible
 * @param variables the variable parts of the path, decoded
 */
record Call(Request request, Query query, String sandbox, Instant instant, Lag hiddenFor,
            Map<String, String> variables) {

    Call withVariables(Map<String, String> values) {
        return new Call(request, query, sandbox, instant, hiddenFor, values);
    }

    String id() {
        return variables.get("id");
    }

    Optional<String> header(String name) {
        return request.header(name);
    }

    /** The body: media type first, then presence, then syntax, in the order in which the Platform complains. */
    JsonNode json(Set<String> mediaTypes) {
        String mediaType = header("content-type").orElse("").split(";")[0].trim();
        if (!mediaTypes.contains(mediaType)) {
            throw Refusal.document(400, "A valid content-type must be specified");
        }
        if (request.text().isBlank()) {
            throw Refusal.flow("1405-400", "The request body is empty");
        }
        try {
            return Json.MAPPER.readTree(request.body());
        } catch (JacksonException e) {
            throw Refusal.document(400, "The request body is not JSON: " + e.getOriginalMessage());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    JsonNode json() {
        return json(Set.of("application/json"));
    }

    ObjectNode object() {
        if (json() instanceof ObjectNode object) {
            return object;
        }
        throw Refusal.document(400, "The request body must be a JSON object");
    }
}
