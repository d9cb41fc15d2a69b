package io.github.aepdataflows.resource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A declared field that the Platform has otherwise.
 *
 * @param path   as in {@code scheduleParams.interval}
 * @param is     what the Platform has; a missing node when it has nothing there
 * @param wanted what the definition says; a null node when it wants nothing there
 */
public record Difference(String path, JsonNode is, JsonNode wanted) {

    /** What is wanted of a secret whose value is another by now, which nobody is to read. */
    public static final JsonNode ROTATED = TextNode.valueOf("rotated");

    /**
     * Every declared field of the one that the other has otherwise, in the order of the declaration. The one comparison of the product:
     * the Platform adds fields of its own, writes numbers as texts, and leaves out what is empty.
     */
    public static List<Difference> between(JsonNode wanted, JsonNode is) {
        List<Difference> differences = new ArrayList<>();
        compare("", wanted, is, differences);
        return differences;
    }

    private static void compare(String path, JsonNode wanted, JsonNode is, List<Difference> differences) {
        if (wanted.isObject() && (is.isObject() || is.isMissingNode())) {
            wanted.properties().forEach(field -> compare(path.isEmpty() ? field.getKey() : path + "." + field.getKey(),
                    field.getValue(), is.path(field.getKey()), differences));
        } else if (wanted.isArray() && is.isArray() && wanted.size() == is.size()) {
            Map<String, JsonNode> named = byName(is);
            boolean reordered = !named.isEmpty() && named.keySet().equals(byName(wanted).keySet());
            for (int i = 0; i < wanted.size(); i++) {
                compare("%s[%d]".formatted(path, i), wanted.get(i), reordered ? named.get(name(wanted.get(i))) : is.get(i), differences);
            }
        } else if (!same(wanted, is)) {
            differences.add(new Difference(path, is.isNull() ? MissingNode.getInstance() : is, wanted));
        }
    }

    /**
     * The order of columns, mappings and transformations says nothing: each has a name or a destination. Empty where one has none, or
     * another's.
     */
    private static Map<String, JsonNode> byName(JsonNode array) {
        Map<String, JsonNode> byName = new HashMap<>();
        array.forEach(element -> byName.put(name(element), element));
        return byName.size() == array.size() && !byName.containsKey("") ? byName : Map.of();
    }

    private static String name(JsonNode element) {
        return element.path("name").asText(element.path("destination").asText());
    }

    /** "15" is 15, and nothing is as good as null or an empty text. */
    private static boolean same(JsonNode wanted, JsonNode is) {
        if (wanted.isContainerNode() || is.isContainerNode()) {
            return wanted.equals(is);
        }
        return wanted.asText("").equals(is.asText("")) || wanted.isNull() && is.isMissingNode();
    }

    /** Whether the Platform has nothing there, which does not contradict the definition. */
    public boolean isMissing() {
        return is.isMissingNode() && wanted != ROTATED;
    }

    /** The path without indices, as in {@code params.columns}. */
    public String field() {
        return path.replaceAll("\\[\\d+]", "");
    }

    /** Whether it is in one of the fields that only name or describe a resource. */
    boolean isLabel() {
        return path.matches("name|description|title");
    }
}
