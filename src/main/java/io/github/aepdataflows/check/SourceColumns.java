package io.github.aepdataflows.check;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.aepdataflows.definition.Nearest;
import io.github.aepdataflows.definition.SourceName;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The columns of a table or file, as explore describes them (Flow Service, {@code GET /connections/{id}/explore}). */
final class SourceColumns {

    /** As in date, time, date-time, System.DateTime, TIMESTAMP_NTZ. */
    private static final Pattern DATE_OR_TIME = Pattern.compile("(?i).*(date|time).*");
    private static final Set<String> SCALARS = Set.of("string", "boolean", "integer", "number");
    private static final Pattern NO_LETTER = Pattern.compile("[^\\p{L}\\p{N}]");

    private final ArrayNode columns;
    private final boolean flat;
    private final Map<String, JsonNode> byName = new LinkedHashMap<>();
    private final Fields fields = new Fields();

    private SourceColumns(ArrayNode columns, boolean flat) {
        this.columns = columns;
        this.flat = flat;
        columns.forEach(column -> byName.put(column.path("name").asText(), column));
    }

    /**
     * Takes the flat form, the bare list of old, and the hierarchical one, of an object or of a list of them. Empty for what is none of
     * these.
     */
    static SourceColumns of(JsonNode explored) {
        JsonNode schema = explored.path("schema");
        for (JsonNode list : List.of(explored, schema.path("columns"), schema, explored.path("columns"))) {
            if (list instanceof ArrayNode columns) {
                return flat(areNamed(columns) ? columns : JsonNodeFactory.instance.arrayNode());
            }
        }
        JsonNode root = schema.has("items") ? schema.path("items") : schema;
        ArrayNode outermost = JsonNodeFactory.instance.arrayNode();
        root.path("properties").properties().forEach(field ->
                outermost.addObject().put("name", field.getKey()).put("type", field.getValue().path("type").asText()));
        SourceColumns hierarchical = new SourceColumns(outermost, false);
        hierarchical.fields.add(root);
        return hierarchical;
    }

    private static boolean areNamed(ArrayNode columns) {
        return columns.valueStream().allMatch(column -> column.path("name").isTextual());
    }

    private static SourceColumns flat(ArrayNode columns) {
        SourceColumns flat = new SourceColumns(columns, true);
        ObjectNode root = JsonNodeFactory.instance.objectNode();
        ObjectNode properties = root.putObject("properties");
        columns.forEach(column -> properties.set(column.path("name").asText(), inner(column)));
        flat.fields.add(root);
        return flat;
    }

    /** What a column has inside: nothing, if it is a scalar; anything, if it does not say. */
    private static JsonNode inner(JsonNode column) {
        for (JsonNode node : List.of(column.path("xdm"), column)) {
            if (node.has("properties") || node.has("items")) {
                return node;
            }
        }
        return JsonNodeFactory.instance.objectNode().put("type", isScalar(column) ? basic(column) : "object");
    }

    /** As explored, to be sent as they are. */
    ArrayNode asExplored() {
        return columns;
    }

    /** Whether they were told as columns, and not as a hierarchy of fields. */
    boolean isFlat() {
        return flat;
    }

    boolean isEmpty() {
        return byName.isEmpty();
    }

    /** Whether the source says that there are none, and not just nothing that can be understood. */
    static boolean saysNone(JsonNode explored) {
        return explored.isArray() && explored.isEmpty() || explored.at("/schema/columns") instanceof ArrayNode columns && columns.isEmpty();
    }

    boolean has(String name) {
        return byName.containsKey(name);
    }

    /** Whether a mapping can take from it: a column, something in one, or one whose name is written in a special way. */
    boolean hasAttribute(String source) {
        String plain = SourceName.unwrapped(source);
        return has(source) || has(plain) || has(plain.replace("\\.", ".")) || fields.has(plain);
    }

    /** Whether the name of the column has to be wrapped where it stands in an expression, as in <code>${First Name}</code>. */
    boolean needsBraces(String name) {
        return flat && has(name) && !SourceName.isBare(name);
    }

    /** Whether what a mapping takes is known to be a single value. */
    boolean isSingleValue(String source) {
        String plain = SourceName.unwrapped(source);
        return has(plain) && flat && isScalar(byName.get(plain));
    }

    List<String> names() {
        return List.copyOf(byName.keySet());
    }

    /** What a mapping may have been meant to take, as it is to be written. */
    Nearest nearest(String source) {
        Set<String> known = new LinkedHashSet<>(byName.keySet());
        if (!flat) {
            known.addAll(fields.leaves());
        }
        String plain = SourceName.unwrapped(source);
        Nearest nearest = Nearest.to(plain, known);
        String word = nearest.word();
        if (word.isEmpty()) {   // "First Name" for FristName
            String letters = Nearest.to(letters(plain), known.stream().map(SourceColumns::letters).toList()).word();
            word = known.stream().filter(name -> !letters.isEmpty() && letters(name).equals(letters)).findFirst().orElse("");
        }
        return new Nearest(needsBraces(word) ? SourceName.wrapped(word) : word, nearest.known());
    }

    private static String letters(String name) {
        return NO_LETTER.matcher(name).replaceAll("").toLowerCase(Locale.ROOT);
    }

    /** All that has a single value, as a mapping names it: the columns, or what is in a hierarchy outside of lists. */
    Map<String, JsonNode> values() {
        Map<String, JsonNode> values = new LinkedHashMap<>();
        if (flat) {
            byName.forEach((name, column) -> {
                if (isScalar(column)) {
                    values.put(name, JsonNodeFactory.instance.objectNode().put("type", basic(column))
                            .put("format", isDate(name) ? "date-time" : ""));
                }
            });
        } else {
            values.putAll(fields.values());
        }
        return values;
    }

    /** The type of a column in words, as in {@code string, date-time}. */
    String type(String name) {
        JsonNode column = byName.get(name);
        String format = column.at("/xdm/format").asText(column.path("meta:xdmType").asText());
        return basic(column) + (isDate(name) ? ", " + (DATE_OR_TIME.matcher(format).matches() ? format : "date-time") : "");
    }

    /** Whether its values tell new data from old: a date, a time, or both. */
    boolean isDate(String name) {
        JsonNode column = byName.get(name);
        return Stream.of(column.at("/xdm/format"), column.path("meta:xdmType"), column.at("/meta/originalType"), column.path("type"),
                column.path("format")).anyMatch(type -> DATE_OR_TIME.matcher(type.asText()).matches());
    }

    /** Whether the source says enough of a column to tell that it is no date. */
    boolean isDescribed(String name) {
        JsonNode column = byName.get(name);
        return column.has("xdm") || column.has("meta:xdmType") || column.path("meta").has("originalType");
    }

    List<String> dates() {
        return names().stream().filter(this::isDate).toList();
    }

    /** Whether a column that the definition lists can be this one: of the same type, and a date-time only where this is one. */
    boolean agrees(JsonNode listed) {
        String name = listed.path("name").asText();
        boolean dateTime = listed.path("format").asText().equals("date-time");
        return (basic(listed).equals(basic(byName.get(name))) || !isScalar(byName.get(name))) && (!dateTime || isDate(name));
    }

    /** Whether a value is of the type of a column, as far as the source tells that. */
    boolean takes(String name, JsonNode value) {
        return switch (basic(byName.get(name))) {
            case "string" -> value.isTextual();
            case "integer", "number" -> value.isNumber();
            case "boolean" -> value.isBoolean();
            default -> true;
        };
    }

    private static boolean isScalar(JsonNode column) {
        return SCALARS.contains(basic(column));
    }

    /** XDM calls every whole number integer and every other number number. */
    private static String basic(JsonNode column) {
        String type = column.path("type").asText(column.at("/xdm/type").asText()).toLowerCase(Locale.ROOT);
        return switch (type) {
            case "long", "int", "short", "byte" -> "integer";
            case "double", "float", "decimal" -> "number";
            case "date", "date-time", "datetime", "time", "timestamp" -> "string";
            default -> type;
        };
    }
}
