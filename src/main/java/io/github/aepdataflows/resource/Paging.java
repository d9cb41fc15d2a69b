package io.github.aepdataflows.resource;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Walks through a listing page by page. Of a page only the position of the next one is taken, never an address, so that no
 * answer can send us to another host. A position that comes back, or too many pages, ends the walk as incomplete.
 */
public final class Paging {

    private static final int MAX_PAGES = 1000;

    private final Service service;
    private final String order;
    private final Set<String> seen = new HashSet<>();
    private String position;
    private boolean more = true;
    private int pages;
    private String problem;

    public Paging(Service service) {
        this(service, service.order);
    }

    /** @param order query by which the listing is ordered; may be empty */
    Paging(Service service, String order) {
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
        Optional<String> next = service.next(page, position);
        more = next.isPresent();
        if (more) {
            position = next.get();
            if (!seen.add(position)) {
                stop("the Platform keeps returning the same page");
            } else if (pages >= MAX_PAGES) {
                stop("the listing has more than %d pages".formatted(MAX_PAGES));
            }
        }
        Optional<List<JsonNode>> items = service.items(page);
        if (items.isEmpty()) {
            stop("the Platform returned a page without items");
        }
        return items.orElse(List.of());
    }

    private void stop(String why) {
        more = false;
        problem = why;
    }
}
