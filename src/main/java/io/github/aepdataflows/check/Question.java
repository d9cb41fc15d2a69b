package io.github.aepdataflows.check;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.function.Predicate;

/**
 * A read that a check needs.
 *
 * @param path     below {@code /data/foundation/}, encoded
 * @param query    encoded; empty for none
 * @param accept   the media type asked for
 * @param lifetime the setting that says how long the reply is believed; empty when it is asked anew for each definition
 * @param fits     whether a document can be the answer: one that is of something else, or of nothing, is none
 */
public record Question(String path, String query, String accept, String lifetime, Predicate<JsonNode> fits) {

    static final String JSON = "application/json";
    static final String FULL_XDM = "application/vnd.adobe.xed-full+json; version=1";

    /** The cache may believe it for a while, as a specification, a schema or a table. */
    boolean isRemembered() {
        return !lifetime.isEmpty();
    }

    String key() {
        return path + "?" + query + " " + accept;
    }
}
