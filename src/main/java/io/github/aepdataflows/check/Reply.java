package io.github.aepdataflows.check;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.github.aepdataflows.platform.Answers;

/**
 * What the Platform has said to a question: a document, or that there is none.
 *
 * @param status   200, or the HTTP status by which it was refused, 400 or 404
 * @param document a missing node when it was refused
 * @param code     the Platform's error code; empty when it was not refused, or not by any
 * @param text     the Platform's words of refusal; empty when it was not refused
 * @param remembered whether it was said to an earlier definition
 */
record Reply(int status, JsonNode document, String code, String text, boolean remembered) {

    static Reply of(JsonNode document) {
        return new Reply(200, document, "", "", false);
    }

    static Reply refusal(int status, String code, String text) {
        return new Reply(status, MissingNode.getInstance(), code, text, false);
    }

    Reply fromMemory() {
        return new Reply(status, document, code, text, true);
    }

    boolean isFound() {
        return status == 200;
    }

    /** By what it was refused: the Platform's code, or else the status. */
    String refusal() {
        return code.isEmpty() ? String.valueOf(status) : code;
    }

    /** The one thing that a look-up by id shows. */
    JsonNode single(String id) {
        return Answers.single(document, id);
    }
}
