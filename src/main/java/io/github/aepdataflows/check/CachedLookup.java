package io.github.aepdataflows.check;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.aepdataflows.resource.Lookup;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * A read that a check needs, and how long its result may be believed.
 *
 * @param lifetime the setting that says how long; empty when it is asked anew for each definition
 * @param expected what a document has that can be the answer, as in {@code items[].name}; one that is of something else, or of nothing, is
 *                 none
 */
public record CachedLookup(Lookup lookup, String lifetime, Map<String, Predicate<JsonNode>> expected) {

    /** Of a document in which one thing tells what it is of. */
    static CachedLookup of(Lookup lookup, String lifetime, String field, Predicate<JsonNode> fits) {
        return new CachedLookup(lookup, lifetime, Map.of(field, fits));
    }

    /** Of something that a source may refuse to tell, by a 400. */
    static CachedLookup ofSource(String path, String query, String lifetime) {
        return new CachedLookup(new Lookup(path, query, Lookup.JSON, Set.of(400, 404)), lifetime, Map.of());
    }

    /** What a document is without that would be the answer; empty when it can be. */
    String lacks(JsonNode document) {
        return expected.entrySet().stream().filter(field -> !field.getValue().test(document)).map(Map.Entry::getKey).sorted()
                .collect(Collectors.joining(", "));
    }

    /** The cache may believe it for a while, as a specification, a schema or a table. */
    boolean isCached() {
        return !lifetime.isEmpty();
    }

    String key() {
        return lookup.path() + "?" + lookup.query() + " " + lookup.accept();
    }
}
