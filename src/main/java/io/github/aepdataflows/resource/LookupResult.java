package io.github.aepdataflows.resource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * What a {@link Lookup} has found: a document, or that there is none.
 *
 * @param status   200, or the HTTP status of the refusal
 * @param document a missing node when there is none
 * @param code     the Platform's error code; empty when it gave none
 * @param text     the Platform's words of refusal; empty when it was not refused
 * @param cached   whether it was found for an earlier definition
 */
public record LookupResult(int status, JsonNode document, String code, String text, boolean cached) {

    public static LookupResult of(JsonNode document) {
        return new LookupResult(200, document, "", "", false);
    }

    public static LookupResult refusal(int status, String code, String text) {
        return new LookupResult(status, MissingNode.getInstance(), code, text, false);
    }

    public LookupResult fromCache() {
        return new LookupResult(status, document, code, text, true);
    }

    public boolean isFound() {
        return status == 200;
    }

    /** Why there is none: the Platform's code, or else the status. */
    public String refusal() {
        return code.isEmpty() ? String.valueOf(status) : code;
    }

    /** The one resource that a look-up by id shows, whether the service lists it, keys it by its id or shows it bare; with its id. */
    public JsonNode single(String id) {
        return document.has("items") ? document.at("/items/0")
                : document.path(id) instanceof ObjectNode keyed ? keyed.deepCopy().put("id", id) : document;
    }
}
