package io.github.aepdataflows.export;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.regex.Pattern;

/** Texts of the Platform's that go into a definition, or into a comment above it. */
final class Texts {

    private static final Pattern LABEL = Pattern.compile("[^\\p{Cc}\\u2028\\u2029]{1,255}");

    private Texts() {
    }

    /** Copies a field, where it is there and not empty. */
    static void copy(JsonNode from, String field, ObjectNode to) {
        if (from.hasNonNull(field) && !from.path(field).asText().isEmpty()) {
            to.set(field, from.path(field));
        }
    }

    /** Whether a definition can name something so. */
    static boolean isLabel(String name) {
        return LABEL.matcher(name).matches();
    }
}
