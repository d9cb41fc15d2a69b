package io.github.aepdataflows.platform;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.stream.Stream;

/** The documents that the Platform answers. One that is not what was asked for says nothing about what has happened. */
public final class Answers {

    private static final ObjectMapper JSON = new ObjectMapper();

    private Answers() {
    }

    /** @throws PlatformException UNKNOWN when it is no JSON document */
    public static JsonNode document(String method, byte[] response) throws PlatformException {
        try {
            JsonNode json = response == null ? null : JSON.readTree(response);
            if (json != null && json.isContainerNode()) {
                return json;
            }
        } catch (IOException e) {
            // no JSON at all: the same as too little of it
        }
        throw PlatformException.unusable(method, "the answer is not a JSON document");
    }

    /**
     * The answer to a change of a resource.
     *
     * @throws PlatformException UNKNOWN, when it is another call's, or no document of the Platform: then nobody knows what became of it
     */
    public static JsonNode about(String id, String method, byte[] response) throws PlatformException {
        JsonNode answer = document(method, response);
        if (!names(answer, id)) {
            throw PlatformException.unusable(method, "the answer is not about " + id);
        }
        return answer;
    }

    /** As {@link #about}, of a deletion, whose answer may say nothing. */
    public static void confirmDeleted(String id, byte[] response) throws PlatformException {
        if (response != null && response.length > 0 && !document("DELETE", response).isEmpty()) {
            about(id, "DELETE", response);
        }
    }

    private static boolean names(JsonNode answer, String id) {
        return Stream.of(answer.path("$id"), answer.path("@id"), answer.path("id"), answer.path(0)).map(JsonNode::asText)
                .anyMatch(named -> named.equals(id) || named.endsWith("/" + id));
    }
}
