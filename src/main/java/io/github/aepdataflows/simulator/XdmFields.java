package io.github.aepdataflows.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import java.util.function.Function;

/**
 * The short notation of {@code global-xdm.json}, written out as the Platform's JSON Schema: a type name, {@code a|b} for an
 * enumeration, the id of a data type, {@code [x]} for an array, {@code {"*": x}} for a map, and any other object for itself.
 */
final class XdmFields {

    private final Function<String, JsonNode> dataTypes;

    /** @param dataTypes finds the fields of a data type by its {@code $id}, in the short notation */
    XdmFields(Function<String, JsonNode> dataTypes) {
        this.dataTypes = dataTypes;
    }

    ObjectNode properties(JsonNode fields) {
        ObjectNode properties = Json.object();
        fields.properties().forEach(field -> properties.set(field.getKey(),
            Json.object().put("title", title(field.getKey())).setAll(schema(field.getValue()))));
        return properties;
    }

    private ObjectNode schema(JsonNode field) {
        if (field.isArray()) {
            return typed("array", "array").set("items", schema(field.path(0)));
        }
        if (field.has("*")) {
            return typed("object", "map").set("additionalProperties", schema(field.path("*")));
        }
        if (field.isObject()) {
            return typed("object", "object").set("properties", properties(field));
        }
        String text = field.asText();
        if (text.startsWith("https:")) {
            return typed("object", "object").put("meta:referencedFrom", text)
                .set("properties", properties(dataTypes.apply(text)));
        }
        if (text.contains("|")) {
            ObjectNode enumeration = typed("string", "string");
            for (String value : text.split("\\|")) {
                enumeration.withArray("enum").add(value);
            }
            return enumeration;
        }
        return switch (text) {
            case "date", "date-time" -> typed("string", text).put("format", text);
            case "integer" -> typed("integer", "int");
            case "string", "number", "boolean" -> typed(text, text);
            default -> throw new IllegalStateException("no type " + text + " in the short notation");
        };
    }

    private static ObjectNode typed(String type, String xdmType) {
        return Json.object().put("type", type).put("meta:xdmType", xdmType);
    }

    /** {@code courtesyTitle} is titled "Courtesy title", {@code purchaseID} "Purchase ID". */
    private static String title(String name) {
        String[] words = name.replaceFirst("^_", "").split("(?<=[a-z])(?=[A-Z])");
        StringBuilder title = new StringBuilder(words[0].substring(0, 1).toUpperCase(Locale.ROOT)).append(words[0].substring(1));
        for (int i = 1; i < words.length; i++) {
            boolean acronym = words[i].length() > 1 && words[i].equals(words[i].toUpperCase(Locale.ROOT));
            title.append(' ').append(acronym ? words[i] : words[i].toLowerCase(Locale.ROOT));
        }
        return title.toString();
    }
}
