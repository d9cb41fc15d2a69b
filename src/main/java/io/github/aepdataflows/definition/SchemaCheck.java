package io.github.aepdataflows.definition;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import com.networknt.schema.path.NodePath;
import com.networknt.schema.path.PathType;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Checks a definition's shape against the published {@code dataflow.schema.json}, and words what it finds. */
final class SchemaCheck {

    /** What stands there may be a secret, in the wrong place: it is not repeated. */
    private final String unspeakable;

    private final Schema schema;
    private final String file;

    /** @param file what the schema describes, as in "a definition" */
    SchemaCheck(InputStream jsonSchema, String file) {
        this(jsonSchema, file, "source.baseConnection");
    }

    private static final Pattern YES_OR_NO = Pattern.compile("true|yes|on|y|false|no|off|n", Pattern.CASE_INSENSITIVE);
    private static final Pattern WHOLE_NUMBER = Pattern.compile("0|-?[1-9][0-9]{0,17}");

    /** @param unspeakable the path whose values may be secrets, and are never repeated; empty for all */
    SchemaCheck(InputStream jsonSchema, String file, String unspeakable) {
        this.file = file;
        this.unspeakable = unspeakable;
        SchemaRegistryConfig config = SchemaRegistryConfig.builder()
                .errorMessageKeyword("message")
                .pathType(PathType.JSON_POINTER)
                .locale(Locale.ENGLISH)
                .build();
        schema = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_7, registry -> registry.schemaRegistryConfig(config))
                .getSchema(jsonSchema);
    }

    List<Fault> faults(Document document) {
        return schema.validate(document.root()).stream()
                .map(error -> fault(error, document))
                .collect(Collectors.toCollection(ArrayList::new));
    }

    private Fault fault(Error error, Document document) {
        String at = path(error.getInstanceLocation());
        String property = error.getProperty();
        String path = property == null ? at : at.isEmpty() ? property : at + "." + property;
        Fault fault = new Fault(path, document.line(path), words(error, at));
        return error.getKeyword().equals("additionalProperties") ? fault.withSuggestion(nearestKey(error)) : fault;
    }

    private String words(Error error, String path) {
        JsonNode schema = error.getSchemaNode();
        JsonNode value = error.getInstanceNode();
        return switch (error.getKeyword()) {
            case "required" -> "is missing";
            case "additionalProperties" -> "is not a key of " + file;
            case "type" -> "is %s, but must be %s%s".formatted(kind(value, !path.startsWith(unspeakable)),
                    list(schema, " or ").replace("object", "a mapping").replace("array", "a list"),
                    (value.isNumber() || value.isBoolean()) && list(schema, " ").contains("string")
                            ? "; put it in quotes" + quoted(value, path) : unquoted(value, path, list(schema, " ")));
            case "enum" -> "%s is none of %s".formatted(Excerpt.of(value), list(schema, ", "));
            case "minLength", "minItems", "minProperties" -> "must not be empty";
            case "maxLength" -> "is longer than %s characters".formatted(schema);
            case "maximum" -> "%s is more than %s".formatted(value, schema);
            case "exclusiveMinimum" -> "%s must be more than %s".formatted(value, schema);
            default -> (value.isValueNode() && !path.startsWith(unspeakable) ? Excerpt.of(value) + ": " : "") + error.getMessage();
        };
    }

    /** As it was written, whatever the number is. */
    private String quoted(JsonNode value, String path) {
        return path.startsWith(unspeakable) ? ""
                : ": \"%s\"".formatted(value instanceof WrittenNumber number ? number.text() : value.asText());
    }

    /** What is meant by a text where none is allowed; empty when that is not plain. */
    private String unquoted(JsonNode value, String path, String types) {
        String text = value.isTextual() && !path.startsWith(unspeakable) ? value.asText() : "";
        if (types.contains("boolean") && YES_OR_NO.matcher(text).matches()) {
            return "; write %s, without quotes".formatted(List.of("true", "yes", "on", "y").contains(text.toLowerCase(Locale.ROOT)));
        }
        return (types.contains("integer") || types.contains("number")) && WHOLE_NUMBER.matcher(text).matches()
                ? "; write %s, without quotes".formatted(text) : "";
    }

    private Nearest nearestKey(Error error) {
        NodePath siblings = error.getSchemaLocation().getFragment().getParent().append("properties");
        List<String> keys = new ArrayList<>();
        schema.getSchemaNode().at(siblings.toString()).fieldNames().forEachRemaining(keys::add);
        return Nearest.to(error.getProperty(), keys);
    }

    private static String kind(JsonNode value, boolean isShown) {
        String type = value.getNodeType().name().toLowerCase(Locale.ENGLISH);
        return switch (value.getNodeType()) {
            case OBJECT -> "a mapping";
            case ARRAY -> "a list";
            case NULL -> "empty";
            default -> isShown ? Excerpt.of(value) + " (" + type + ")" : "a " + type;
        };
    }

    private static String list(JsonNode allowed, String separator) {
        return allowed.isArray()
                ? allowed.valueStream().map(JsonNode::asText).collect(Collectors.joining(separator))
                : allowed.asText();
    }

    private static String path(NodePath location) {
        StringBuilder path = new StringBuilder();
        for (int i = 0; i < location.getNameCount(); i++) {
            Object element = location.getElement(i);
            if (element instanceof Integer) {
                path.append('[').append(element).append(']');
            } else {
                path.append(path.isEmpty() ? "" : ".").append(element);
            }
        }
        return path.toString();
    }
}
