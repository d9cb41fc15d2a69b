package io.github.aepdataflows.audit;

import io.github.aepdataflows.resource.Kind;
import io.github.aepdataflows.resource.Kinds;
import io.github.aepdataflows.resource.Search;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A collection of the Platform that one walk can list, and the kinds of what lies in it. Flows are listed with their runs.
 *
 * @param path below {@code /data/foundation/}
 */
public record Listing(String path, List<Kind> kinds) {

    static final List<Listing> ALL = Kinds.ALL.stream().filter(kind -> kind != Kinds.FLOW)
            .collect(Collectors.groupingBy(Kind::collection, LinkedHashMap::new, Collectors.toList()))
            .entrySet().stream().map(Listing::of).toList();

    private static Listing of(Map.Entry<String, List<Kind>> collection) {
        return new Listing(collection.getKey(), List.copyOf(collection.getValue()));
    }

    boolean has(String step) {
        return kinds.stream().anyMatch(kind -> kind.key().equals(step));
    }

    /** A walk through everything in it. */
    Search search() {
        return Search.everything(kinds.get(0));
    }

    /** As in {@code source connections}. */
    String words() {
        return path.substring(path.lastIndexOf('/') + 1).replace("dataSets", "datasets").replaceAll("([A-Z])", " $1")
                .toLowerCase(Locale.ROOT);
    }
}
