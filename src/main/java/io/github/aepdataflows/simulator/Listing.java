package io.github.aepdataflows.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/** Lists of the Flow Service: filter, order, count and page. Newest first unless {@code orderby} says otherwise. */
final class Listing {

    private static final Set<String> PARAMETERS = Set.of("property", "orderby", "limit", "count", "continuationToken");

    private final int pageSize;
    private final Dialects dialects;

    Listing(int pageSize, Dialects dialects) {
        this.pageSize = pageSize;
        this.dialects = dialects;
    }

    /** A look-up by id answers a list, too. */
    static Answer single(JsonNode resource) {
        ObjectNode answer = Json.object();
        answer.putArray("items").add(resource);
        return Answer.json(200, answer);
    }

    /** The two collections of specs know no parameter but {@code property}. */
    Answer specs(Query query, Collection<? extends JsonNode> specs) {
        refuseUnknown(query, Set.of("property"));
        ObjectNode answer = Json.object();
        answer.putArray("items").addAll(List.copyOf(filtered(query, specs, Dialects.DEFAULT)));
        return Answer.json(200, answer);
    }

    /** @param name the collection, for the link to the next page */
    Answer page(Query query, String name, Collection<? extends JsonNode> resources) {
        refuseUnknown(query, PARAMETERS);
        List<JsonNode> found = filtered(query, resources, dialects);
        if (!name.equals("runs") && dialects.is(Dialect.FLOW_FILTER, "ignored")) {
            found = new ArrayList<>(resources);
        }
        if (query.first("count").orElse("false").equals("true")) {
            if (query.first("limit").isPresent()) {
                throw Refusal.flow("1401-400", "limit and count=true exclude each other");
            }
            return Answer.json(200, Json.object().put("count", found.size()));
        }
        Collections.reverse(found);
        found.sort(order(query));
        int from = Math.min(query.first("continuationToken").map(Listing::position).orElse(0), found.size());
        int to = Math.min(from + limit(query), found.size());
        ObjectNode answer = Json.object();
        ArrayNode items = answer.putArray("items").addAll(found.subList(from, to));
        ObjectNode links = answer.putObject("_links");
        if (to < found.size() && !items.isEmpty()) {
            links.putObject("next").put("href", "/" + name + "?continuationToken=" + token(to));
        }
        return Answer.json(200, answer);
    }

    private static void refuseUnknown(Query query, Set<String> known) {
        for (String name : query.names()) {
            if (!known.contains(name)) {
                throw Refusal.flow("1451-400", "Unknown query parameter " + name);
            }
        }
    }

    private static List<JsonNode> filtered(Query query, Collection<? extends JsonNode> resources, Dialects dialects) {
        List<Filter> filters = query.all("property").stream().map(filter -> Filter.parse(filter, dialects)).toList();
        List<JsonNode> found = new ArrayList<>();
        for (JsonNode resource : resources) {
            if (filters.stream().allMatch(filter -> filter.test(resource))) {
                found.add(resource);
            }
        }
        return found;
    }

    private static Comparator<JsonNode> order(Query query) {
        Comparator<JsonNode> order = null;
        for (String field : query.first("orderby").orElse("-createdAt").split(",")) {
            Comparator<JsonNode> next = order(field);
            order = order == null ? next : order.thenComparing(next);
        }
        return order;
    }

    private static Comparator<JsonNode> order(String field) {
        // an unencoded + arrives as a blank
        boolean prefixed = field.startsWith("-") || field.startsWith("+") || field.startsWith(" ");
        String path = prefixed ? field.substring(1) : field;
        if (path.isEmpty() || !Character.isLetter(path.charAt(0))) {
            throw Refusal.flow("1432-400", "A sort field may only be prefixed by + or -: " + field);
        }
        if (!Filter.FIELDS.contains(path.split("\\.")[0])) {
            throw Refusal.flow("1433-400", "Unknown sort field " + path);
        }
        Comparator<JsonNode> order = Comparator.comparing((JsonNode resource) -> Json.at(resource, path), Listing::compare);
        return field.startsWith("-") ? order.reversed() : order;
    }

    private static int compare(JsonNode one, JsonNode other) {
        return one.isNumber() && other.isNumber()
            ? one.decimalValue().compareTo(other.decimalValue()) : one.asText().compareTo(other.asText());
    }

    private int limit(Query query) {
        String text = query.first("limit").orElse(String.valueOf(pageSize));
        if (!text.matches("[1-9]\\d{0,5}")) {
            throw Refusal.flow("1452-400", "limit must be a positive integer, not " + text);
        }
        return Math.min(Integer.parseInt(text), pageSize);
    }

    private static String token(int position) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(("from:" + position).getBytes(StandardCharsets.UTF_8));
    }

    private static int position(String token) {
        try {
            String text = new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
            return Integer.parseInt(text.substring("from:".length()));
        } catch (IllegalArgumentException | IndexOutOfBoundsException e) {
            throw Refusal.flow("1452-400", "Not a continuation token: " + token);
        }
    }
}
