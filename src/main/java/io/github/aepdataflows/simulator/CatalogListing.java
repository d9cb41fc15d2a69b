package io.github.aepdataflows.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Catalog lists: an object keyed by id. Documented in "Filter Catalog data using query parameters". */
final class CatalogListing {

    private static final Pattern PROPERTY = Pattern.compile("(!?)([^=!<>~]+)(?:(==|!=|<=|>=|<|>|~)(.*))?");

    private CatalogListing() {
    }

    static Answer list(Query query, Map<String, ObjectNode> resources, Dialects dialects) {
        List<Map.Entry<String, ObjectNode>> found = new ArrayList<>(resources.entrySet());
        query.first("name").ifPresent(names -> found.removeIf(each -> !named(each.getValue(), names)));
        query.all("property").forEach(filter -> filter(found, filter, dialects));
        query.first("tags").ifPresent(tags -> found.removeIf(each -> !tagged(each.getValue(), tags)));
        query.first("orderBy").ifPresent(order -> found.sort(order(order)));
        int limit = number(query, "limit", 20);
        if (limit < 1 || limit > 100) {
            throw Refusal.document(400, "limit must be between 1 and 100");
        }
        int from = Math.min(number(query, "start", 0), found.size());
        ObjectNode body = Json.object();
        found.subList(from, Math.min(from + limit, found.size())).forEach(each -> body.set(each.getKey(),
            query.first("properties").map(names -> each.getValue().deepCopy().retain(names.split(","))).orElse(each.getValue())));
        return Answer.json(200, body);
    }

    private static void filter(List<Map.Entry<String, ObjectNode>> found, String filter, Dialects dialects) {
        String reading = filter.contains(" ") ? dialects.reading(Dialect.DATASET_FILTER) : "matched";
        if (!reading.equals("ignored")) {
            found.removeIf(each -> reading.equals("unmatched") || !matches(each.getValue(), filter));
        }
    }

    private static int number(Query query, String name, int absent) {
        String text = query.first(name).orElse(String.valueOf(absent));
        if (!text.matches("\\d{1,9}")) {
            throw Refusal.document(400, name + " must be a whole number");
        }
        return Integer.parseInt(text);
    }

    /** {@code A,B} is one of, {@code !X} is not. */
    private static boolean named(ObjectNode resource, String names) {
        String name = resource.path("name").asText();
        return names.startsWith("!") ? !name.equals(names.substring(1)) : Arrays.asList(names.split(",")).contains(name);
    }

    private static boolean matches(ObjectNode resource, String filter) {
        Matcher parts = PROPERTY.matcher(filter);
        if (!parts.matches()) {
            throw Refusal.document(400, "not a filter: " + filter);
        }
        JsonNode field = resource.path(parts.group(2));
        if (parts.group(3) == null) {
            return field.isMissingNode() == parts.group(1).equals("!");
        }
        String value = parts.group(4);
        int order = field.isNumber() && value.matches("\\d{1,18}")
            ? Long.compare(field.asLong(), Long.parseLong(value)) : field.asText().compareTo(value);
        return !field.isMissingNode() && switch (parts.group(3)) {
            case "==" -> order == 0;
            case "!=" -> order != 0;
            case "<" -> order < 0;
            case "<=" -> order <= 0;
            case ">" -> order > 0;
            case ">=" -> order >= 0;
            default -> field.asText().matches(value);
        };
    }

    /** {@code key:value}, where {@code *} in the value stands for anything; a comma means "and". */
    private static boolean tagged(ObjectNode resource, String tags) {
        return Arrays.stream(tags.split(",")).allMatch(tag -> {
            String[] parts = tag.split(":", 2);
            String pattern = parts.length < 2 ? ".*" : Pattern.quote(parts[1]).replace("*", "\\E.*\\Q");
            return Json.stream(resource.path("tags").path(parts[0])).anyMatch(value -> value.asText().matches(pattern));
        });
    }

    private static Comparator<Map.Entry<String, ObjectNode>> order(String orderBy) {
        Comparator<Map.Entry<String, ObjectNode>> order = Comparator.comparing(each -> 0);
        for (String part : orderBy.split(",")) {
            String field = part.replaceFirst("^(asc|desc):", "");
            Comparator<Map.Entry<String, ObjectNode>> next = Comparator.comparing(each -> each.getValue().path(field).asText());
            order = order.thenComparing(part.startsWith("desc:") ? next.reversed() : next);
        }
        return order;
    }
}
