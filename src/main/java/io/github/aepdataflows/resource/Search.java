package io.github.aepdataflows.resource;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * One complete look for resources of a kind: every page of what the service's filter lets through, compared on our side by natural key and
 * by content. A filter is a hint, never a proof.
 */
public final class Search {

    /**
     * A resource that was found.
     *
     * @param name      its natural key
     * @param version   of a mapping set, else its etag; may be empty
     * @param equal     whether it is as the request makes it; true where there is no request
     * @param meant     whether it is, or an update would make it so
     * @param state     as the service says; empty when it says none
     * @param createdAt in epoch milliseconds; 0 when the service does not say
     */
    public record Hit(String id, String name, String version, boolean equal, boolean meant, String state, long createdAt) {
    }

    private final Kind kind;
    private final String filter;
    private final boolean strict;
    private final Predicate<JsonNode> sought;
    private final Predicate<JsonNode> equal;
    private final Predicate<JsonNode> meant;
    private final Paging paging;
    private final Map<String, Hit> hits = new LinkedHashMap<>();
    private final long startedAt = System.nanoTime();

    private Search(Kind kind, String filter, boolean strict, Predicate<JsonNode> sought, Predicate<JsonNode> equal,
                   Predicate<JsonNode> meant) {
        this.kind = kind;
        this.filter = filter;
        this.strict = strict;
        this.sought = sought;
        this.equal = equal;
        this.meant = meant;
        this.paging = new Paging(kind.service(), kind.listOrder());
    }

    /** For the resource that a create of this request makes. */
    public static Search of(Kind kind, JsonNode request) {
        String name = kind.naturalKey(request);
        return new Search(kind, kind.filter(request), true, item -> kind.naturalKey(item).equals(name),
                item -> hasLabel(request, item) && kind.differences(request, item).isEmpty(), item -> kind.isMeantBy(request, item));
    }

    /** Two that say the same under different names are two: a mapping set's name is no key, and yet tells. */
    private static boolean hasLabel(JsonNode request, JsonNode item) {
        return !request.hasNonNull("name") || request.path("name").asText().equals(item.path("name").asText());
    }

    /** For all resources of the kind of this name, whatever their content. */
    public static Search named(Kind kind, JsonNode nameOnly) {
        String name = kind.naturalKey(nameOnly);
        return new Search(kind, kind.filter(nameOnly), true, item -> kind.naturalKey(item).equals(name), item -> true, item -> true);
    }

    /** For everything of the kind. An odd id is no reason to see nothing at all. */
    public static Search everything(Kind kind) {
        return listing(kind, "");
    }

    /** For everything that the filter lets through, encoded. */
    static Search listing(Kind kind, String filter) {
        return new Search(kind, filter, false, item -> true, item -> true, item -> true);
    }

    /** For resources of the kind that use another one. */
    static Search users(Kind kind, String filter, Predicate<JsonNode> uses) {
        return new Search(kind, Lookup.property(filter), false, uses, item -> true, item -> true);
    }

    /** Their ids, to name them in a sentence. */
    public static String ids(List<Hit> hits) {
        return hits.stream().map(Hit::id).collect(Collectors.joining(", "));
    }

    public Kind kind() {
        return kind;
    }

    /** When the look began, by {@link System#nanoTime}. */
    public long startedAt() {
        return startedAt;
    }

    /** Whether there is another page to read. */
    public boolean isMore() {
        return paging.isMore();
    }

    /** The next page. */
    public Lookup getPage() {
        return Lookup.page(kind.collection(), filter + (filter.isEmpty() ? "" : "&") + paging.query(), kind.listAccept());
    }

    /** What is wrong with the page, so that the look says nothing; empty when it can be used. */
    public Optional<String> accept(JsonNode page) {
        for (JsonNode item : paging.accept(page)) {
            if (sought.test(item) && !item.path("state").asText().startsWith("delete")) {
                String id = kind.idOf(item);
                if (strict && !kind.isId(id)) {
                    return Optional.of("a %s in the answer has no valid id".formatted(kind.words()));
                }
                hits.put(id, new Hit(id, kind.naturalKey(item), kind.versionOf(item), equal.test(item), meant.test(item),
                        item.path("state").asText(""),
                        item.path("createdAt").asLong()));
            }
        }
        return paging.problem();
    }

    /** All that was found; complete once there are no more pages. */
    public List<Hit> hits() {
        return List.copyOf(hits.values());
    }
}
