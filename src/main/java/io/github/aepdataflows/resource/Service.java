package io.github.aepdataflows.resource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The Platform's services: what an id looks like, what a page of a listing looks like, and how the next one is asked for. An id in any
 * other form than the documented one is no id: the resource may exist, but nothing is built on a guess.
 */
public enum Service {

    /** {@code {"items": […], "_links": {"next": {"href": "…continuationToken=…"}}}} */
    FLOW_SERVICE("id", "items", "", 100) {
        @Override
        boolean writes(String path) {
            return FLOW_SERVICES_OWN.matcher(path).matches();
        }

        @Override
        public boolean isId(String text) {
            return UUID.matcher(text).matches();
        }

        @Override
        String pageQuery(String position) {
            return "limit=" + pageSize + (position == null ? "" : "&continuationToken=" + Lookup.encode(position));
        }

        @Override
        Optional<String> next(JsonNode page, String position) {
            Matcher next = TOKEN.matcher(page.at("/_links/next/href").asText());
            return next.find() ? Optional.of(URLDecoder.decode(next.group(1).replace("+", "%2B"), StandardCharsets.UTF_8))
                    : Optional.empty();
        }
    },

    /** {@code {"results": […], "_page": {"next": "<the last value of orderby>"}}} */
    SCHEMA_REGISTRY("$id", "results", "orderby=title", 300) {
        @Override
        public boolean isId(String text) {
            return XDM_ID.matcher(text).matches();
        }

        @Override
        String pageQuery(String position) {
            return "limit=" + pageSize + (position == null ? "" : "&start=" + Lookup.encode(position));
        }

        @Override
        Optional<String> next(JsonNode page, String position) {
            return Optional.of(page.at("/_page/next").asText("")).filter(next -> !next.isEmpty() && !next.equals("null"));
        }

        @Override
        String listAccept() {
            return "application/vnd.adobe.xed+json";
        }

        @Override
        String readAccept() {
            return "application/vnd.adobe.xed+json; version=1";
        }
    },

    /** An object whose keys are the ids; a create answers {@code ["@/dataSets/<id>"]}. */
    CATALOG("id", "", "orderBy=asc:created", 100) {
        @Override
        public boolean isId(String text) {
            return DATASET_ID.matcher(text).matches();
        }

        @Override
        Optional<String> createdId(JsonNode answer) {
            Matcher matcher = DATASET.matcher(answer.path(0).asText());
            return matcher.matches() ? Optional.of(matcher.group(1)) : Optional.empty();
        }

        @Override
        String pageQuery(String position) {
            return byCount(position);
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

    /** {@code {"data": […]}}, newest first: what is made meanwhile moves the rest back, so that nothing is missed. */
    DATA_PREP("id", "data", "orderBy=-createdDate", 100) {
        @Override
        public boolean isId(String text) {
            return MAPPING_SET_ID.matcher(text).matches();
        }

        @Override
        String pageQuery(String position) {
            return byCount(position);
        }
    };

    private static final Pattern UUID =
            Pattern.compile("[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}");
    private static final Pattern XDM_ID = Pattern.compile("https://ns\\.adobe\\.com/[!-~]{1,400}");
    private static final Pattern DATASET_ID = Pattern.compile("[0-9a-f]{24}");
    private static final Pattern DATASET = Pattern.compile("@/datasets/([0-9a-f]{24})", Pattern.CASE_INSENSITIVE);
    private static final Pattern MAPPING_SET_ID = Pattern.compile("[0-9a-fA-F]{32}|" + UUID.pattern());
    private static final Pattern FLOW_SERVICES_OWN = Pattern.compile("id|state|version|etag|(created|updated)(At|By|Client)"
            + "|sandbox(Id|Name)|imsOrgId|inheritedAttributes|providerRefId|lastOperation|lastRunDetails|runs|_.*");
    private static final Pattern TOKEN = Pattern.compile("[?&]continuationToken=([^&]+)");

    /** Query by which a listing is ordered, so that a walk misses nothing; empty where the order is the service's own. */
    final String order;
    final int pageSize;
    private final String idField;
    private final String listField;

    Service(String idField, String listField, String order, int pageSize) {
        this.idField = idField;
        this.listField = listField;
        this.order = order;
        this.pageSize = pageSize;
    }

    /** Whether a text has the form of the ids of this service. */
    public abstract boolean isId(String text);

    /** Whether the service writes this field of a resource itself, whatever it is sent. */
    boolean writes(String path) {
        return false;
    }

    String idOf(JsonNode resource) {
        return resource.path(idField).asText();
    }

    /** The id in the answer to a create; empty where it has none of the documented form. */
    Optional<String> createdId(JsonNode answer) {
        return Optional.of(answer.path(idField)).filter(JsonNode::isTextual).map(JsonNode::asText).filter(this::isId);
    }

    /** The query of the page that begins at this position; null for the first. */
    abstract String pageQuery(String position);

    String byCount(String position) {
        return "limit=" + pageSize + "&start=" + (position == null ? "0" : position);
    }

    /** Empty when the page is none. */
    Optional<List<JsonNode>> items(JsonNode page) {
        List<JsonNode> items = new ArrayList<>();
        page.path(listField).forEach(items::add);
        return page.path(listField).isArray() ? Optional.of(items) : Optional.empty();
    }

    /** Where the next page begins, counted in items unless the service says otherwise; empty after the last one. */
    Optional<String> next(JsonNode page, String position) {
        int found = items(page).map(List::size).orElse(0);
        int from = position == null ? 0 : Integer.parseInt(position);
        return found < pageSize ? Optional.empty() : Optional.of(String.valueOf(from + found));
    }

    String listAccept() {
        return Lookup.JSON;
    }

    String readAccept() {
        return Lookup.JSON;
    }
}
