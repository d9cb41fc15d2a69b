package io.github.aepdataflows.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Lists of the Schema Registry: at most 300 resources; {@code limit} and {@code start} work only together with
 * {@code orderby}, and {@code start} is exclusive. Documented in the registry's API appendix.
 */
final class XdmListing {

    private static final int MAX = 300;
    private static final Pattern FILTER = Pattern.compile("([^=!<>]+)(?:(==|!=|<=|>=|<|>)(.*))?");

    private XdmListing() {
    }

    static Answer list(Call call, List<ObjectNode> resources, UnaryOperator<ObjectNode> view, Dialects dialects) {
        List<ObjectNode> found = new ArrayList<>(resources);
        for (String filter : call.query().all("property")) {
            String reading = filter.contains(" ") ? dialects.reading(Dialect.TITLE_FILTER) : "matched";
            if (!reading.equals("ignored")) {
                found.removeIf(resource -> reading.equals("unmatched") || !matches(resource, filter));
            }
        }
        return Answer.json(200, page(call, found, call.query().first("orderby").orElse(""), view));
    }

    /**
     * The page that a call asks for.
     *
     * @param found   all that its filters let pass; the order changes
     * @param orderby a field with or without a sign; empty for the order of creation, which has one page only
     */
    static ObjectNode page(Call call, List<ObjectNode> found, String orderby, Function<ObjectNode, ? extends JsonNode> view) {
        int limit = MAX;
        String field = orderby.replaceFirst("^[-+ ]", "");
        if (!field.isEmpty()) {
            Comparator<String> order = orderby.startsWith("-") ? Comparator.reverseOrder() : Comparator.naturalOrder();
            found.sort(Comparator.comparing(resource -> resource.path(field).asText(), order));
            call.query().first("start")
                .ifPresent(start -> found.removeIf(each -> order.compare(each.path(field).asText(), start) <= 0));
            limit = limit(call.query().first("limit").orElse(String.valueOf(MAX)));
        }
        List<ObjectNode> page = found.subList(0, Math.min(limit, found.size()));
        ObjectNode body = Json.object();
        ArrayNode results = body.putArray("results");
        page.forEach(resource -> results.add(view.apply(resource)));
        ObjectNode info = body.putObject("_page").put("orderby", orderby).put("count", page.size());
        ObjectNode links = body.putObject("_links");
        if (page.size() < found.size() && !page.isEmpty() && !field.isEmpty()) {
            String next = page.get(page.size() - 1).path(field).asText();
            info.put("next", next);
            links.putObject("next").put("href", call.request().path() + "?orderby=" + orderby + "&limit=" + limit
                + "&start=" + URLEncoder.encode(next, StandardCharsets.UTF_8));
        } else {
            info.putNull("next");
            links.putNull("next");
        }
        return body;
    }

    private static int limit(String text) {
        if (!text.matches("\\d{1,3}") || Integer.parseInt(text) > 500) {
            throw Refusal.document(400, "limit must be between 0 and 500");
        }
        return Math.min(Integer.parseInt(text), MAX);
    }

    /** A bare name means: the field exists. An array matches if one of its elements does. */
    static boolean matches(ObjectNode resource, String filter) {
        Matcher parts = FILTER.matcher(filter);
        if (!parts.matches()) {
            throw Refusal.document(400, "not a filter: " + filter);
        }
        String field = parts.group(1).trim();
        if (parts.group(2) == null) {
            return resource.has(field);
        }
        String value = parts.group(3).trim();
        JsonNode found = resource.path(field);
        if (found.isArray() && parts.group(2).equals("!=")) {
            return Json.stream(found).noneMatch(each -> each.asText().equals(value));
        }
        return found.isArray() ? Json.stream(found).anyMatch(each -> compares(each, parts.group(2), value))
            : resource.has(field) && compares(found, parts.group(2), value);
    }

    private static boolean compares(JsonNode found, String operator, String value) {
        int order = found.asText().compareTo(value);
        return switch (operator) {
            case "==" -> order == 0;
            case "!=" -> order != 0;
            case "<" -> order < 0;
            case "<=" -> order <= 0;
            case ">" -> order > 0;
            default -> order >= 0;
        };
    }
}
