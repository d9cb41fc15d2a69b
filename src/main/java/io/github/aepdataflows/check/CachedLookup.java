package io.github.aepdataflows.check;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.aepdataflows.resource.Lookup;
import java.util.Set;
import java.util.function.Predicate;

/**
 * A read that a check needs, and how long its result may be believed.
 *
 * @param lifetime the setting that says how long; empty when it is asked anew for each definition
 * @param fits     whether a document can be the answer: one that is of something else, or of nothing, is none
 */
public record CachedLookup(Lookup lookup, String lifetime, Predicate<JsonNode> fits) {

    /** Of something that a source may refuse to tell, by a 400. */
    static CachedLookup ofSource(String path, String query, String lifetime, Predicate<JsonNode> fits) {
        return new CachedLookup(new Lookup(path, query, Lookup.JSON, Set.of(400, 404)), lifetime, fits);
    }

    /** The cache may believe it for a while, as a specification, a schema or a table. */
    boolean isCached() {
        return !lifetime.isEmpty();
    }

    String key() {
        return lookup.path() + "?" + lookup.query() + " " + lookup.accept();
    }
}
