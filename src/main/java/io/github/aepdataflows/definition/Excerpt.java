package io.github.aepdataflows.definition;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;

/** A value as a message shows it: text in quotes, and never more of it than a reader needs to find it. */
public final class Excerpt {

    private static final int MAX_LENGTH = 120;
    private static final int MAX_TEXT = 4000;

    private Excerpt() {
    }

    static String of(JsonNode value) {
        return of(value.toString());
    }

    /** A whole message, which is only cut when a text of somebody else has made it far longer than ours are. */
    public static String ofText(String text) {
        if (text.length() <= MAX_TEXT) {
            return text;
        }
        String mark = "… (%d characters)".formatted(text.length());
        return text.substring(0, MAX_TEXT - mark.length()) + mark;   // not to be cut a second time
    }

    /** Cuts all texts of a document so, in place. */
    public static <T extends JsonNode> T cut(T document) {
        if (document instanceof ObjectNode object) {
            object.properties().forEach(field -> field.setValue(cutText(field.getValue())));
        } else if (document instanceof ArrayNode array) {
            for (int i = 0; i < array.size(); i++) {
                array.set(i, cutText(array.get(i)));
            }
        }
        return document;
    }

    private static JsonNode cutText(JsonNode value) {
        return value.isTextual() ? TextNode.valueOf(ofText(value.textValue())) : cut(value);
    }

    static String of(String shown) {
        return shown.length() <= MAX_LENGTH ? shown : shown.substring(0, MAX_LENGTH) + "…";
    }
}
