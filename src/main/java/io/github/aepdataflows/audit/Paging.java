package io.github.aepdataflows.audit;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Walks through a listing of Flow Service page by page. Of a page's next link only the continuation token is taken, so
 * that no answer can send us to another host. A token that comes back, or too many pages, ends the walk as incomplete.
 */
public final class Paging {

    private static final Pattern TOKEN = Pattern.compile("[?&]continuationToken=([^&]+)");
    private static final int MAX_PAGES = 1000;

    private final Set<String> seen = new HashSet<>();
    private String token;
    private boolean more = true;
    private int pages;
    private String problem;

    /** Whether there is another page to ask for. */
    public boolean isMore() {
        return more;
    }

    /** The continuation token to ask for the next page with; null for the first. */
    public String getToken() {
        return token;
    }

    /** Why the listing is not complete; absent when it is. */
    Optional<String> problem() {
        return Optional.ofNullable(problem);
    }

    List<JsonNode> accept(JsonNode page) {
        pages++;
        Matcher next = TOKEN.matcher(page.at("/_links/next/href").asText());
        more = next.find();
        if (more) {
            token = URLDecoder.decode(next.group(1).replace("+", "%2B"), StandardCharsets.UTF_8);
            if (!seen.add(token)) {
                stop("the Platform keeps returning the same page");
            } else if (pages >= MAX_PAGES) {
                stop("the listing has more than %d pages".formatted(MAX_PAGES));
            }
        }
        if (!page.path("items").isArray()) {
            stop("the Platform returned a page without items");
        }
        List<JsonNode> items = new ArrayList<>();
        page.path("items").forEach(items::add);
        return items;
    }

    private void stop(String why) {
        more = false;
        problem = why;
    }
}
