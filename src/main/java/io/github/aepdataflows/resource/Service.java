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

    /** {@code {"items": […], "_links": {"next": {"href": "…continuationToken=…"}}}}; the link, or the token, may be a text */
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
        Optional<String> position(String next) {
            return parameter(next, "continuationToken").or(() -> Optional.of(next).filter(text -> BARE_TOKEN.matcher(text).matches()));
        }
    },

    /** {@code {"results": […], "_page": {"next": "<the last value of orderby>"}}}, or an address that has it */
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
        Optional<String> position(String next) {
            return parameter(next, "start").filter(start -> ADDRESS.matcher(next).matches())
                    .or(() -> Optional.of(next).filter(text -> !text.startsWith("http")));
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
        boolean isCounted() {
            return true;
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

    /**
     * {@code {"data": […], "_page": {"limit": …}}}, newest first: what is made meanwhile moves the rest back, so that nothing is missed.
     * The documents do not say whether {@code start} counts sets or pages.
     */
    DATA_PREP("id", "data", "orderBy=-createdDate", 100) {
        @Override
        public boolean isId(String text) {
            return MAPPING_SET_ID.matcher(text).matches();
        }

        @Override
        String pageQuery(String position) {
            return byCount(position);
        }

        @Override
        boolean isCounted() {
            return true;
        }

        @Override
        boolean countsPages() {
            return true;
        }
    };

    private static final Pattern UUID =
            Pattern.compile("[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}");
    private static final Pattern XDM_ID = Pattern.compile("https://ns\\.adobe\\.com/[!-~]{1,400}");
    private static final Pattern DATASET_ID = Pattern.compile("[0-9a-f]{24}");
    private static final Pattern DATASET = Pattern.compile("@/datasets/([0-9a-f]{24})", Pattern.CASE_INSENSITIVE);
    private static final Pattern MAPPING_SET_ID = Pattern.compile("[0-9a-fA-F]{32}|" + UUID.pattern());
    private static final Pattern BARE_TOKEN = Pattern.compile("[^/?&\\s]+");
    private static final Pattern ADDRESS = Pattern.compile("(https?://|/|\\?).*");
    private static final List<String> NEXT = List.of("/_page/next", "/_links/next/href", "/_links/next");
    private static final Pattern FLOW_SERVICES_OWN = Pattern.compile("id|state|version|etag|(created|updated)(At|By|Client)"
            + "|sandbox(Id|Name)|imsOrgId|inheritedAttributes|providerRefId|lastOperation|lastRunDetails|runs|_.*");

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

    /** Whether the next page is asked for by a count of items rather than by what a page says. */
    boolean isCounted() {
        return false;
    }

    /** Whether that count may be one of pages. */
    boolean countsPages() {
        return false;
    }

    /** What a page says of the next one; empty after the last. */
    Optional<String> next(JsonNode page) {
        return NEXT.stream().map(page::at).filter(JsonNode::isValueNode).map(next -> next.asText(""))
                .filter(next -> !next.isEmpty() && !next.equals("null")).findFirst();
    }

    /** The position that is asked for, in what a page says of the next one: a position or an address. Empty when there is none in it. */
    Optional<String> position(String next) {
        return Optional.empty();
    }

    private static Optional<String> parameter(String address, String name) {
        Matcher value = Pattern.compile("[?&]" + name + "=([^&]+)").matcher(address);
        return value.find() ? Optional.of(URLDecoder.decode(value.group(1).replace("+", "%2B"), StandardCharsets.UTF_8)) : Optional.empty();
    }

    String listAccept() {
        return Lookup.JSON;
    }

    String readAccept() {
        return Lookup.JSON;
    }
}
