package io.github.aepdataflows.resource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.NullNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * One complete look for resources of a kind, compared on our side by natural key and by content. It asks by a filter of a form that is
 * known to be understood: by it something was found before that exists, picked from the whole list. Where the list is short, or no form
 * is understood, the look is through the whole list, page by page.
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

        private Hit asEqual() {
            return new Hit(id, name, version, true, meant, state, createdAt);
        }
    }

    private static final List<Difference> OTHER_LABEL = List.of(new Difference("name", NullNode.getInstance(), NullNode.getInstance()));

    private enum Phase { FILTERED, WHOLE, CONTROL, DONE }

    private static final int BAD_REQUEST = 400;

    /** Of so many the whole list is read rather than that a filter is proven. */
    private static final int FEW = 25;

    private final Kind kind;
    private final Function<JsonNode, List<Filter>> filters;
    private final List<Filter> forms;
    private final boolean strict;
    private final Predicate<JsonNode> sought;
    private final Function<JsonNode, List<Difference>> compare;
    private final Predicate<Difference> unshown;
    private final Predicate<JsonNode> meant;
    private final Map<String, Hit> hits = new LinkedHashMap<>();
    private final Map<String, List<Difference>> differences = new HashMap<>();
    private final Set<String> unseen = new HashSet<>();
    private final long startedAt = System.nanoTime();
    private Phase phase;
    private Filter filter;
    private Filter asked;
    private Paging paging;
    private Paging whole;
    private List<JsonNode> sample;
    private String control;

    private Search(Kind kind, Function<JsonNode, List<Filter>> filters, JsonNode like, boolean strict, Predicate<JsonNode> sought,
            Function<JsonNode, List<Difference>> compare, Predicate<Difference> unshown, Predicate<JsonNode> meant) {
        this.kind = kind;
        this.filters = filters;
        this.forms = new ArrayList<>(filters.apply(like));
        this.strict = strict;
        this.sought = sought;
        this.compare = compare;
        this.unshown = unshown;
        this.meant = meant;
    }

    /** Without a request to compare it with: whatever is sought is as it has to be. */
    private Search(Kind kind, Function<JsonNode, List<Filter>> filters, JsonNode like, boolean strict, Predicate<JsonNode> sought) {
        this(kind, filters, like, strict, sought, item -> List.of(), difference -> false, item -> true);
    }

    /**
     * For the resource that a create of this request makes.
     *
     * @param unshown differences that are none, as the Platform does not show that field
     */
    public static Search of(Kind kind, JsonNode request, Predicate<Difference> unshown) {
        String name = kind.naturalKey(request);
        Search search = new Search(kind, kind::filters, request, true, item -> kind.naturalKey(item).equals(name),
                item -> hasLabel(request, item) ? kind.differences(request, item) : OTHER_LABEL, unshown,
                item -> kind.isMeantBy(request, item));
        if (kind.isKnownByName()) {
            fields("", request, search.unseen);
        }
        return search;
    }

    private static void fields(String path, JsonNode node, Set<String> fields) {
        node.properties().forEach(field -> {
            fields.add(path + field.getKey());
            fields(path + field.getKey() + ".", field.getValue(), fields);
        });
    }

    /** Two that say the same under different names are two: a mapping set's name is no key, and yet tells. */
    private static boolean hasLabel(JsonNode request, JsonNode item) {
        return !request.hasNonNull("name") || request.path("name").asText().equals(item.path("name").asText());
    }

    /** For all resources of the kind of this name, whatever their content. */
    public static Search named(Kind kind, JsonNode nameOnly) {
        String name = kind.naturalKey(nameOnly);
        return new Search(kind, kind::filters, nameOnly, true, item -> kind.naturalKey(item).equals(name));
    }

    /** For everything of the kind. An odd id is no reason to see nothing at all. */
    public static Search everything(Kind kind) {
        return new Search(kind, item -> List.of(), MissingNode.getInstance(), false, item -> true);
    }

    /** For everything of the kind, to see which fields of a request any of it {@link #shows}. */
    public static Search ofAll(Kind kind, JsonNode request) {
        Search search = everything(kind);
        fields("", request, search.unseen);
        return search;
    }

    /**
     * For resources of the kind that use another one.
     *
     * @param property that names what they use, as in {@code params.dataSetId}
     */
    static Search users(Kind kind, String property, String id) {
        String pointer = "/" + property.replace('.', '/');
        return new Search(kind, item -> List.of(Filter.bare(property, item.isMissingNode() ? id : item.at(pointer).asText())),
                MissingNode.getInstance(), false, item -> item.at(pointer).asText().equals(id));
    }

    /** For resources of the kind that name this id anywhere. */
    public static Search naming(Kind kind, String id) {
        return new Search(kind, item -> List.of(), MissingNode.getInstance(), false, item -> names(item, id));
    }

    /** For resources of the kind that have this name, or name one of these ids anywhere. */
    public static Search namedOrNaming(Kind kind, String name, Set<String> ids) {
        return new Search(kind, item -> List.of(), MissingNode.getInstance(), false,
                item -> kind.naturalKey(item).equals(name) || ids.stream().anyMatch(id -> names(item, id)));
    }

    private static boolean names(JsonNode node, String id) {
        return node.isContainerNode() ? Json.stream(node).anyMatch(part -> names(part, id)) : node.asText().equals(id);
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
        return phase != Phase.DONE;
    }

    /** The next page. A filter that the service refuses is one that it does not understand. */
    public Lookup page(ProvenFilters known) {
        if (phase == null) {
            nextForm(known);
        }
        return asked == null ? Lookup.page(kind.collection(), paging.query(), kind.listAccept())
                : new Lookup(kind.collection(), asked.query() + "&" + paging.query(), kind.listAccept(), Set.of(BAD_REQUEST));
    }

    /** By a form that was proven; else it has to be proven by something of the whole list, which may be short enough to tell by itself. */
    private void nextForm(ProvenFilters known) {
        forms.removeIf(form -> known.isUseless(kind, form));
        filter = forms.isEmpty() ? null : forms.remove(0);
        if (filter != null && known.isProven(kind, filter)) {
            ask(Phase.FILTERED, filter);
        } else if (filter != null && sample != null) {
            prove();
        } else {
            goThroughAll();
        }
    }

    private void ask(Phase next, Filter by) {
        phase = next;
        asked = by;
        paging = new Paging(kind.service(), kind.listOrder());
    }

    /** From where the whole list was left. */
    private void goThroughAll() {
        ask(Phase.WHOLE, null);
        whole = whole == null ? paging : whole;
        paging = whole;
        phase = paging.isMore() ? Phase.WHOLE : Phase.DONE;
    }

    /** What is wrong with the page, so that the look says nothing; empty when it can be used. */
    public Optional<String> accept(LookupResult page, ProvenFilters known) {
        if (!page.isFound()) {
            known.useless(kind, filter);
            nextForm(known);
            return Optional.empty();
        }
        List<JsonNode> items = paging.accept(page.document()).stream()
                .filter(item -> !item.path("state").asText("").startsWith("delete")).toList();
        for (JsonNode item : items) {
            unseen.removeIf(field -> !item.at("/" + field.replace('.', '/')).isMissingNode());
            if (phase != Phase.CONTROL && sought.test(item)) {
                String id = kind.idOf(item);
                if (strict && !kind.isId(id)) {
                    return Optional.of("a %s in the answer has no valid id".formatted(kind.words()));
                }
                hits.put(id, new Hit(id, kind.naturalKey(item), kind.versionOf(item), false, meant.test(item),
                        item.path("state").asText(""), item.path("createdAt").asLong()));
                differences.put(id, compare.apply(item));
            }
        }
        if (paging.problem().isEmpty()) {
            conclude(items, known);
        }
        return paging.problem();
    }

    private void conclude(List<JsonNode> items, ProvenFilters known) {
        boolean isControlled = phase == Phase.CONTROL && items.stream().anyMatch(item -> kind.idOf(item).equals(control));
        if (isControlled) {
            known.proven(kind, filter);
            if (whole.isMore()) {
                ask(Phase.FILTERED, filter);
            } else {
                phase = Phase.DONE;
            }
        } else if (phase == Phase.CONTROL && !paging.isMore()) {
            known.useless(kind, filter);
            nextForm(known);
        } else if (phase == Phase.WHOLE && sample == null && filter != null && (paging.isMore() || items.size() > FEW)) {
            sample = items;
            prove();
        } else if (!paging.isMore()) {
            phase = Phase.DONE;
        }
    }

    /** Asks by the form for something that exists, the oldest that there is; where nothing is known that could be asked for so, for all. */
    private void prove() {
        Optional<JsonNode> known = sample.stream().filter(item -> formLike(item).isPresent())
                .min(Comparator.comparingLong(item -> item.path("createdAt").asLong(item.path("created").asLong())));
        if (known.isPresent()) {
            control = kind.idOf(known.get());
            ask(Phase.CONTROL, formLike(known.get()).get());
        } else {
            goThroughAll();
        }
    }

    private Optional<Filter> formLike(JsonNode item) {
        return filters.apply(item).stream().filter(form -> form.form().equals(filter.form())).findFirst();
    }

    /** What a resource that is as the request makes it lacks, as nothing in this look shows it. */
    public List<Difference> lacks(Hit hit) {
        return hit.equal() ? differences.get(hit.id()) : List.of();
    }

    /** Whether the Platform shows the field, of which a resource lacks it. One alone tells nothing: it may have none. */
    public boolean shows(Difference missing) {
        return hits.size() < 2 || !unseen.contains(missing.field());
    }

    /**
     * All that was found; complete once there are no more pages. What lacks nothing but fields that nothing in this look shows is as the
     * request makes it: a list may leave them out.
     */
    public List<Hit> hits() {
        return hits.values().stream().map(hit -> isEqual(hit.id()) ? hit.asEqual() : hit).toList();
    }

    private boolean isEqual(String id) {
        boolean isUnshown = differences.get(id).stream().allMatch(difference -> difference.isMissing() && unshown.test(difference));
        return isUnshown || differences.get(id).stream()
                .allMatch(difference -> difference.isMissing() && unseen.contains(difference.field()));
    }
}
