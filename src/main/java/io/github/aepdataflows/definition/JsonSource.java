package io.github.aepdataflows.definition;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.github.aepdataflows.definition.Document.Unreadable;
import java.io.IOException;

/** Reads JSON token by token. */
final class JsonSource {

    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder().maxNumberLength(Document.MAX_BYTES)
            .maxNameLength(Document.MAX_BYTES).build())
            .build();

    private JsonSource() {
    }

    static void parse(String text, TreeBuilder tree) {
        try (JsonParser parser = FACTORY.createParser(text)) {
            read(parser, tree);
        } catch (JsonProcessingException e) {
            throw new Unreadable(e.getLocation() == null ? 0 : e.getLocation().getLineNr(), "not valid JSON: " + e.getOriginalMessage());
        } catch (IOException e) {
            throw new Unreadable(0, "not valid JSON: " + e.getMessage());
        }
    }

    private static void read(JsonParser parser, TreeBuilder tree) throws IOException {
        for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
            int line = parser.currentTokenLocation().getLineNr();
            if (tree.complete()) {
                throw new Unreadable(line, "text after the end of the JSON object; several dataflows are a list, dataflows");
            }
            switch (token) {
                case START_OBJECT -> tree.startObject(line);
                case START_ARRAY -> tree.startArray(line);
                case END_OBJECT, END_ARRAY -> tree.end();
                case FIELD_NAME -> tree.key(parser.currentName(), line);
                case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> tree.value(tree.number(parser.getText(), line), line);
                default -> tree.value(scalar(parser, token), line);
            }
        }
    }

    private static JsonNode scalar(JsonParser parser, JsonToken token) throws IOException {
        JsonNodeFactory nodes = JsonNodeFactory.instance;
        return switch (token) {
            case VALUE_TRUE, VALUE_FALSE -> nodes.booleanNode(parser.getBooleanValue());
            case VALUE_NULL -> nodes.nullNode();
            default -> nodes.textNode(parser.getText());
        };
    }
}
