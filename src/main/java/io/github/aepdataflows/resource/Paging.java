package io.github.aepdataflows.resource;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.aepdataflows.definition.VisibleText;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Walks through a listing page by page. Of a page only the position of the next one is taken, never an address, so that no
 * answer can send us to another host. A position that comes back or that cannot be read, or too many pages, ends the walk as incomplete.
 */
public final class Paging {

    private static final int MAX_PAGES = 1000;

    private final Service service;
    private final int mostPages;
    private final String order;
    private final Set<String> seen = new HashSet<>();
    private String position;
    private boolean more = true;
    private boolean byPages;
    private int pages;
    private String problem;

    public Paging(Service service) {
        this(service, service.order);
    }

    /** @param mostPages after so many, the walk ends as incomplete */
    public Paging(Service service, int mostPages) {
        this(service, service.order, mostPages);
    }

    /** @param order query by which the listing is ordered; may be empty */
    Paging(Service service, String order) {
        this(service, order, MAX_PAGES);
    }

    private Paging(Service service, String order, int mostPages) {
        this.mostPages = mostPages;
        this.service = service;
        this.order = order;
    }

    /** Whether there is another page to ask for. */
    public boolean isMore() {
        return more;
    }

    /** The query that asks for the next page, encoded. */
    public String query() {
        return order + (order.isEmpty() ? "" : "&") + service.pageQuery(position);
    }

    /** Why the listing is not complete; absent when it is. */
    public Optional<String> problem() {
        return Optional.ofNullable(problem);
    }

    /** The items of the page that was asked for. */
    public List<JsonNode> accept(JsonNode page) {
        pages++;
        Optional<List<JsonNode>> items = service.items(page);
        if (items.isEmpty()) {
            stop("the Platform returned a page without items or results");
        } else if (service.isCounted()) {
            count(page, items.get());
        } else {
            follow(page);
        }
        if (more && pages >= mostPages) {
            stop("the listing has more than %d pages".formatted(mostPages));
        }
        return items.orElse(List.of());
    }

    private void follow(JsonNode page) {
        Optional<String> next = service.next(page);
        more = next.isPresent();
        if (more) {
            position = next.flatMap(service::position).orElse(null);
            if (position == null) {
                stop("the Platform says of the next page what cannot be read: " + VisibleText.of(next.get()));
            } else if (!seen.add(position)) {
                stop("the Platform keeps returning the same page");
            }
        }
    }

    /**
     * A page that is shorter than it may be is the last. Where a full one is followed by nothing new, the position may be counted in pages,
     * of which the first is 0 or 1.
     */
    private void count(JsonNode page, List<JsonNode> items) {
        long fresh = items.stream().filter(item -> seen.add(service.idOf(item))).count();
        int limit = page.at("/_page/limit").asInt(service.pageSize);
        int from = position == null ? 0 : Integer.parseInt(position);
        if (byPages) {
            more = fresh > 0 && items.size() >= limit || from < 2;
            position = String.valueOf(from + 1);
        } else if (fresh == 0 && pages == 2 && service.countsPages()) {
            byPages = true;
            position = "1";
        } else {
            more = fresh > 0 && items.size() >= limit;
            position = String.valueOf(from + items.size());
        }
    }

    private void stop(String why) {
        more = false;
        problem = why;
    }
}
