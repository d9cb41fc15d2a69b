package io.github.aepdataflows.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** Rewrites what is read in the form that the dialects say. What is kept is not changed by it. */
final class Accent {

    private static final String SERVICE = "/data/foundation/";
    private static final List<String> NUMBERS = List.of("startTime", "interval");
    private static final Pattern FLOW_SERVICE = Pattern.compile(
        "flowservice/(connections|sourceConnections|targetConnections|flows)(/[^/]+)?");
    private static final Pattern DATA_SETS = Pattern.compile("catalog/dataSets(/[^/]+)?");

    private final Dialects dialects;

    Accent(Dialects dialects) {
        this.dialects = dialects;
    }

    /** An answer as the caller gets it. */
    Answer of(Request request, Answer answer) {
        if (!request.method().equals("GET") && !request.path().contains("/mappingSets") || answer.status() >= 300
                || answer.json() == null || !request.path().startsWith(SERVICE)) {
            return answer;
        }
        String collection = request.path().substring(SERVICE.length());
        if (collection.startsWith("flowservice/") && collection.endsWith("/test")) {
            return rewritten(answer, body -> resultAsText((ObjectNode) body));
        } else if (FLOW_SERVICE.matcher(collection).matches()) {
            return rewritten(answer, body -> {
                body.path("items").forEach(item -> flowService((ObjectNode) item));
                next((ObjectNode) body);
            });
        } else if (collection.startsWith("flowservice/runs")) {
            return rewritten(answer, body -> next((ObjectNode) body));
        } else if (DATA_SETS.matcher(collection).matches()) {
            return rewritten(answer, body -> body.forEach(dataSet -> contentType(dataSet.path("schemaRef"))));
        } else if (collection.startsWith("schemaregistry/")) {
            return rewritten(answer, body -> nextStart((ObjectNode) body));
        } else if (collection.startsWith("conversion/mappingSets")) {
            return rewritten(answer, body -> body.findValues("mappings").forEach(mappings -> mappings.forEach(this::sourceType)));
        }
        return answer;
    }

    private static Answer rewritten(Answer answer, Consumer<JsonNode> change) {
        JsonNode body = answer.json().deepCopy();
        change.accept(body);
        return Answer.json(answer.status(), body).with(answer.headers());
    }

    private void resultAsText(ObjectNode test) {
        if (dialects.is(Dialect.TEST_RESULT, "text")) {
            test.put("result", test.path("result").asText());
        }
    }

    private void flowService(ObjectNode item) {
        hide(Dialect.ECHOED_OPTIONS, item, "options");
        hide(Dialect.ECHOED_DESCRIPTION, item, "description");
        hide(Dialect.ECHOED_AUTH, item, "auth");
        if (item.path("params") instanceof ObjectNode params) {
            hide(Dialect.ECHOED_COLUMNS, params, "columns");
        }
        if (item.path("scheduleParams") instanceof ObjectNode schedule) {
            NUMBERS.stream().filter(schedule::hasNonNull).forEach(field -> number(schedule, field));
        }
    }

    private void hide(Dialect dialect, ObjectNode holder, String field) {
        if (dialects.is(dialect, "hidden")) {
            holder.remove(field);
        }
    }

    private void number(ObjectNode holder, String field) {
        switch (dialects.reading(Dialect.NUMBERS)) {
            case "text" -> holder.put(field, holder.path(field).asText());
            case "number" -> holder.put(field, holder.path(field).asLong());
            default -> { }
        }
    }

    private void next(ObjectNode list) {
        String href = list.at("/_links/next/href").asText();
        if (href.isEmpty()) {
            return;
        }
        switch (dialects.reading(Dialect.FLOW_NEXT)) {
            case "text" -> ((ObjectNode) list.path("_links")).put("next", href);
            case "page" -> {
                list.putObject("_links");
                list.putObject("_page").put("next", href.replaceFirst("^.*continuationToken=", ""));
            }
            default -> { }
        }
    }

    private void nextStart(ObjectNode list) {
        if (dialects.is(Dialect.REGISTRY_NEXT, "uri") && list.path("_page").hasNonNull("next")) {
            ((ObjectNode) list.path("_page")).set("next", list.at("/_links/next/href"));
        }
    }

    private void contentType(JsonNode schemaRef) {
        if (!(schemaRef instanceof ObjectNode reference) || !reference.hasNonNull("contentType")) {
            return;
        }
        String sent = reference.path("contentType").asText();
        switch (dialects.reading(Dialect.CONTENT_TYPE)) {
            case "no-blank" -> reference.put("contentType", sent.replace(" ", ""));
            case "no-version" -> reference.put("contentType", sent.replaceFirst(";.*", ""));
            case "short" -> reference.put("contentType", "application/vnd.adobe.xed+json;version=1");
            case "none" -> reference.remove("contentType");
            default -> { }
        }
    }

    private void sourceType(JsonNode mapping) {
        String type = mapping.path("sourceType").asText();
        if (type.equals("STATIC")) {
            ((ObjectNode) mapping).put("sourceType", dialects.reading(Dialect.STATIC_TYPE));
        } else if (dialects.is(Dialect.SOURCE_TYPE, "sent") && !type.isEmpty()) {
            ((ObjectNode) mapping).put("sourceType", type.equals("text/x.aep-xl") ? "EXPRESSION" : "ATTRIBUTE");
        }
    }
}
