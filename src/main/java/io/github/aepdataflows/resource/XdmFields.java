package io.github.aepdataflows.resource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.Iterator;
import java.util.Optional;
import java.util.Set;

/**
 * The fields of a field group in three forms: as a definition writes them ({@code tags: [string]}), as the Schema Registry does (JSON
 * Schema; XDM field type constraints), and as two are compared: each as {@code {type, title, description, enum, fields, items}}.
 */
final class XdmFields {

    private static final long LONG = 9_007_199_254_740_991L;
    private static final long SHORT = 32_768;
    private static final long BYTE = 128;
    private static final String[] LABELS = {"title", "description"};
    private static final Set<String> WHOLE_NUMBERS = Set.of("long", "short", "byte");

    /** What the registry adds by itself, or is in the other forms. */
    private static final String KNOWN = "type|format|title|description|enum|properties|items|minimum|maximum|meta:xdm(Type|Field)";

    private XdmFields() {
    }

    /** JSON Schema of the fields of a definition. */
    static ObjectNode schema(JsonNode fields) {
        ObjectNode properties = Json.object();
        fields.properties().stream().filter(field -> !field.getKey().startsWith("$"))
                .forEach(field -> properties.set(field.getKey(), field(field.getValue())));
        return properties;
    }

    private static ObjectNode field(JsonNode said) {
        ObjectNode field = Json.object();
        for (String label : LABELS) {
            if (said.hasNonNull("$" + label)) {
                field.set(label, said.path("$" + label));
            }
        }
        JsonNode type = said.has("$type") ? said.path("$type") : said;
        if (said.has("$enum")) {
            field.put("type", "string").set("enum", said.path("$enum"));
        } else if (type.isArray()) {
            field.put("type", "array").set("items", field(type.path(0)));
        } else if (type.isObject()) {
            field.put("type", "object").set("properties", schema(type));
        } else {
            switch (type.asText()) {
                case "date", "date-time" -> field.put("type", "string").put("format", type.asText());
                case "long" -> field.put("type", "integer").put("minimum", -LONG).put("maximum", LONG);
                case "short" -> field.put("type", "integer").put("minimum", -SHORT).put("maximum", SHORT);
                case "byte" -> field.put("type", "integer").put("minimum", -BYTE).put("maximum", BYTE);
                default -> field.put("type", type.asText());
            }
        }
        return field;
    }

    /** Of the properties of a JSON Schema, to be compared. */
    static ObjectNode normalForm(JsonNode properties) {
        ObjectNode form = Json.object();
        properties.properties().forEach(field -> form.set(field.getKey(), normalField(field.getValue())));
        return form;
    }

    private static ObjectNode normalField(JsonNode field) {
        ObjectNode form = Json.object().put("type", type(field));
        for (String label : LABELS) {
            if (field.hasNonNull(label)) {
                form.set(label, field.path(label));
            }
        }
        if (field.path("enum").isArray()) {
            form.set("enum", field.path("enum"));
        }
        if (field.has("items")) {
            form.set("items", normalField(field.path("items")));
        }
        if (field.has("properties")) {
            form.set("fields", normalForm(field.path("properties")));
        }
        return form;
    }

    private static String type(JsonNode field) {
        String type = field.has("$ref") ? field.path("$ref").asText() : field.path("type").asText(field.has("properties") ? "object" : "");
        String format = field.path("format").asText();
        if (type.equals("string") && format.startsWith("date")) {
            return format;
        } else if (type.equals("integer")) {
            String xdm = field.path("meta:xdmType").asText();
            long most = field.path("maximum").asLong();
            return WHOLE_NUMBERS.contains(xdm) ? xdm : most > Integer.MAX_VALUE + 1L ? "long" : most == 0 || most > SHORT ? "integer"
                    : most > BYTE ? "short" : "byte";
        }
        return type.equals("object") && !field.has("properties") ? "map" : type;
    }

    /** Of the properties of a JSON Schema, as a definition writes them; empty where it cannot say all of them. */
    static Optional<ObjectNode> said(JsonNode properties) {
        ObjectNode all = Json.object();
        for (Iterator<String> names = properties.fieldNames(); names.hasNext();) {
            String name = names.next();
            Optional<JsonNode> field = saidField(properties.path(name));
            if (field.isEmpty()) {
                return Optional.empty();
            }
            all.set(name, field.get());
        }
        return Optional.of(all).filter(fields -> !fields.isEmpty());
    }

    private static Optional<JsonNode> saidField(JsonNode field) {
        if (!field.isObject() || field.properties().stream().anyMatch(key -> !key.getKey().matches(KNOWN))) {
            return Optional.empty();
        }
        ObjectNode said = Json.object();
        for (String label : LABELS) {
            if (!field.path(label).asText("").isEmpty()) {
                said.set("$" + label, field.path(label));
            }
        }
        Optional<JsonNode> type = field.path("type").asText().equals("object")
                ? said(field.path("properties")).map(JsonNode.class::cast) : saidType(field);
        return type.map(one -> {
            if (field.path("enum").isArray()) {
                return said.set("$enum", field.path("enum"));
            } else if (one.isObject()) {
                return said.setAll((ObjectNode) one);
            }
            return said.isEmpty() ? one : said.set("$type", one);
        });
    }

    private static Optional<JsonNode> saidType(JsonNode field) {
        String type = type(field);
        if (type.equals("array")) {
            return saidField(field.path("items")).map(items -> JsonNodeFactory.instance.arrayNode().add(items));
        }
        boolean isPlain = field.path("format").asText("").isEmpty() || field.path("format").asText().equals(type);
        ObjectNode again = field(TextNode.valueOf(type));
        boolean isOfItsType = type.equals("integer") ? Math.abs(field.path("maximum").asLong()) >= Integer.MAX_VALUE
                : again.path("minimum").asLong() == field.path("minimum").asLong()
                && again.path("maximum").asLong() == field.path("maximum").asLong();
        boolean isBounded = (field.has("minimum") || field.has("maximum")) && !isOfItsType;
        boolean isType = type.matches("string|integer|long|short|byte|number|boolean|date|date-time");
        return isType && isPlain && !isBounded ? Optional.of(TextNode.valueOf(type)) : Optional.empty();
    }
}
