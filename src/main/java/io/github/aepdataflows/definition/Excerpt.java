package io.github.aepdataflows.definition;

import com.fasterxml.jackson.databind.JsonNode;

/** A value as a message shows it: text in quotes, and never more of it than a reader needs to find it. */
final class Excerpt {

    private static final int MAX_LENGTH = 120;

    private Excerpt() {
    }

    static String of(JsonNode value) {
        return of(value.toString());
    }

    static String of(String shown) {
        return shown.length() <= MAX_LENGTH ? shown : shown.substring(0, MAX_LENGTH) + "…";
    }
}
