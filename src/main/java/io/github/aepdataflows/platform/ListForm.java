package io.github.aepdataflows.platform;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How each of the Platform's services lists things: what a page looks like, and how the next one is asked for. */
enum ListForm {

    /** {@code {"items": […], "_links": {"next": {"href": "…continuationToken=…"}}}} */
    FLOW_SERVICE(100, "items") {
        @Override
        String query(String position) {
            return "limit=" + size + (position == null ? "" : "&continuationToken=" + Queries.encode(position));
        }

        @Override
        Optional<String> next(JsonNode page, String position) {
            Matcher next = TOKEN.matcher(page.at("/_links/next/href").asText());
            return next.find() ? Optional.of(URLDecoder.decode(next.group(1).replace("+", "%2B"), StandardCharsets.UTF_8))
                    : Optional.empty();
        }
    },

    /** {@code {"results": […], "_page": {"next": "<the last value of orderby>"}}} */
    SCHEMA_REGISTRY(300, "results") {
        @Override
        String query(String position) {
            return "orderby=title&limit=" + size + (position == null ? "" : "&start=" + Queries.encode(position));
        }

        @Override
        Optional<String> next(JsonNode page, String position) {
            return Optional.of(page.at("/_page/next").asText("")).filter(next -> !next.isEmpty() && !next.equals("null"));
        }
    },

    /** An object whose keys are the ids. */
    CATALOG(100, "") {
        @Override
        String query(String position) {
            return "orderBy=asc:created&limit=" + size + "&start=" + (position == null ? "0" : position);
        }

        @Override
        Optional<List<JsonNode>> items(JsonNode page) {
            List<JsonNode> items = new ArrayList<>();
            page.properties().forEach(dataset -> {
                if (dataset.getValue() instanceof ObjectNode object) {
                    items.add(object.deepCopy().put("id", dataset.getKey()));
                }
            });
            return page.isObject() ? Optional.of(items) : Optional.empty();
        }
    },

    /** {@code {"data": […]}}, newest first: what is made meanwhile shifts the rest, so that nothing is passed over. */
    DATA_PREP(100, "data") {
        @Override
        String query(String position) {
            return "orderBy=-createdDate&limit=" + size + "&start=" + (position == null ? "0" : position);
        }
    };

    private static final Pattern TOKEN = Pattern.compile("[?&]continuationToken=([^&]+)");

    final int size;
    private final String field;

    ListForm(int size, String field) {
        this.size = size;
        this.field = field;
    }

    /** The query of the page that begins at this position; null for the first. */
    abstract String query(String position);

    /** Empty when the page is none. */
    Optional<List<JsonNode>> items(JsonNode page) {
        List<JsonNode> items = new ArrayList<>();
        page.path(field).forEach(items::add);
        return page.path(field).isArray() ? Optional.of(items) : Optional.empty();
    }

    /** Where the next page begins, counted in items unless the service says otherwise; empty after the last one. */
    Optional<String> next(JsonNode page, String position) {
        int found = items(page).map(List::size).orElse(0);
        int from = position == null ? 0 : Integer.parseInt(position);
        return found < size ? Optional.empty() : Optional.of(String.valueOf(from + found));
    }
}
