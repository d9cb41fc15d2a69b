package io.github.aepdataflows.definition;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.JsonNodePath;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.PathType;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion;
import com.networknt.schema.ValidationMessage;
import com.networknt.schema.regex.RegularExpression;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** Checks a definition's shape against the published {@code dataflow.schema.json}, and words what it finds. */
final class SchemaCheck {

    /** What stands there may be a secret, in the wrong place: it is not repeated. */
    private static final String UNSPEAKABLE = "source.baseConnection";

    private final JsonSchema schema;

    SchemaCheck(InputStream jsonSchema) {
        SchemaValidatorsConfig config = SchemaValidatorsConfig.builder()
                .errorMessageKeyword("message")
                .pathType(PathType.JSON_POINTER)
                .locale(Locale.ENGLISH)
                .regularExpressionFactory(SchemaCheck::expression)
                .build();
        schema = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V7).getSchema(jsonSchema, config);
    }

    /** In JSON Schema, $ is the very end; in Java, a line break may follow. */
    private static RegularExpression expression(String regex) {
        Pattern pattern = Pattern.compile(regex.replaceFirst("\\$$", "\\\\z"));
        return value -> pattern.matcher(value).find();
    }

    List<Fault> faults(Document document) {
        return schema.validate(document.root()).stream()
                .map(message -> fault(message, document))
                .collect(Collectors.toCollection(ArrayList::new));
    }

    private Fault fault(ValidationMessage message, Document document) {
        String at = path(message.getInstanceLocation());
        String property = message.getProperty();
        String path = property == null ? at : at.isEmpty() ? property : at + "." + property;
        Fault fault = new Fault(path, document.line(path), words(message, at));
        return message.getType().equals("additionalProperties") ? fault.withSuggestion(nearestKey(message)) : fault;
    }

    private static String words(ValidationMessage message, String path) {
        JsonNode schema = message.getSchemaNode();
        JsonNode value = message.getInstanceNode();
        return switch (message.getType()) {
            case "required" -> "is missing";
            case "additionalProperties" -> "is not a key of a definition";
            case "type" -> "is %s, but must be %s".formatted(path.startsWith(UNSPEAKABLE) ? "something else" : kind(value),
                    list(schema, " or ").replace("object", "a mapping").replace("array", "a list"));
            case "enum" -> "%s is none of %s".formatted(Excerpt.of(value), list(schema, ", "));
            case "minLength", "minItems", "minProperties" -> "must not be empty";
            case "maxLength" -> "is longer than %s characters".formatted(schema);
            case "maximum" -> "%s is more than %s".formatted(value, schema);
            case "exclusiveMinimum" -> "%s must be more than %s".formatted(value, schema);
            default -> (value.isValueNode() && !path.startsWith(UNSPEAKABLE) ? Excerpt.of(value) + ": " : "") + message.getMessage();
        };
    }

    private Nearest nearestKey(ValidationMessage message) {
        JsonNodePath siblings = message.getSchemaLocation().getFragment().getParent().append("properties");
        List<String> keys = new ArrayList<>();
        schema.getSchemaNode().at(siblings.toString()).fieldNames().forEachRemaining(keys::add);
        return Nearest.to(message.getProperty(), keys);
    }

    private static String kind(JsonNode value) {
        return switch (value.getNodeType()) {
            case OBJECT -> "a mapping";
            case ARRAY -> "a list";
            case NULL -> "empty";
            default -> Excerpt.of(value) + " (" + value.getNodeType().name().toLowerCase(Locale.ENGLISH) + ")";
        };
    }

    private static String list(JsonNode allowed, String separator) {
        return allowed.isArray()
                ? StreamSupport.stream(allowed.spliterator(), false).map(JsonNode::asText).collect(Collectors.joining(separator))
                : allowed.asText();
    }

    private static String path(JsonNodePath location) {
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
