package io.github.aepdataflows.check;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/** The columns of a table or file, as explore describes them (Flow Service, {@code GET /connections/{id}/explore}). */
final class SourceColumns {

    private static final Pattern DATE_TIME = Pattern.compile("(?i).*(date-?time|timestamp).*");

    private final ArrayNode columns;
    private final Map<String, JsonNode> byName = new LinkedHashMap<>();

    private SourceColumns(ArrayNode columns) {
        this.columns = columns;
        columns.forEach(column -> byName.put(column.path("name").asText(), column));
    }

    /** Takes the flat form, the bare list of old, and of a hierarchical one its outermost fields. */
    static SourceColumns of(JsonNode explored) {
        JsonNode flat = explored.isArray() ? explored : explored.at("/schema/columns");
        if (flat instanceof ArrayNode columns) {
            return new SourceColumns(columns);
        }
        ArrayNode outermost = JsonNodeFactory.instance.arrayNode();
        JsonNode schema = explored.path("schema").has("items") ? explored.at("/schema/items") : explored.path("schema");
        schema.path("properties").properties().forEach(field ->
                outermost.addObject().put("name", field.getKey()).put("type", field.getValue().path("type").asText()));
        return new SourceColumns(outermost);
    }

    /** As explored, to be sent as they are. */
    ArrayNode asExplored() {
        return columns;
    }

    boolean isEmpty() {
        return byName.isEmpty();
    }

    /** Whether the source says that there are none, and not just nothing that can be understood. */
    static boolean saysNone(JsonNode explored) {
        return explored.isArray() || explored.at("/schema/columns").isArray();
    }

    boolean has(String name) {
        return byName.containsKey(name);
    }

    /** Whether a mapping can take from it: a column, something in one, or one whose name has to be written in a special way. */
    boolean hasAttribute(String source) {
        String plain = source.startsWith("${") && source.endsWith("}") ? source.substring(2, source.length() - 1)
                : source.replace("\\.", ".");
        return has(source) || has(plain) || has(source.replaceFirst("(?<!\\\\)[.\\[].*", "").replace("\\.", "."));
    }

    List<String> names() {
        return List.copyOf(byName.keySet());
    }

    /** The type of a column in words, as in {@code string, date-time}. */
    String type(String name) {
        JsonNode column = byName.get(name);
        return basic(column) + (isDateTime(name) ? ", date-time" : "");
    }

    boolean isDateTime(String name) {
        JsonNode column = byName.get(name);
        return DATE_TIME.matcher(column.at("/xdm/format").asText(column.path("meta:xdmType").asText())).matches()
                || DATE_TIME.matcher(column.at("/meta/originalType").asText()).matches();
    }

    List<String> dateTimes() {
        return names().stream().filter(this::isDateTime).toList();
    }

    /** Whether a column that the definition lists can be this one: of the same type, and a date-time only where this is one. */
    boolean agrees(JsonNode listed) {
        String name = listed.path("name").asText();
        boolean dateTime = listed.path("format").asText().equals("date-time");
        return basic(listed).equals(basic(byName.get(name))) && (!dateTime || isDateTime(name));
    }

    /** XDM calls every whole number integer and every other number number. */
    private static String basic(JsonNode column) {
        return switch (column.path("type").asText().toLowerCase(Locale.ROOT)) {
            case "long", "int", "short", "byte" -> "integer";
            case "double", "float", "decimal" -> "number";
            case "date", "date-time", "datetime", "timestamp" -> "string";
            default -> column.path("type").asText();
        };
    }
}
