package io.github.aepdataflows.cli;

import com.fasterxml.jackson.databind.JsonNode;

/** A fault {@code {path, line, message}} in a line, as compilers word it, so that an editor or a terminal can jump there. */
final class FaultLine {

    private FaultLine() {
    }

    static String place(String file, JsonNode fault) {
        return file + ":" + (fault.path("line").isInt() ? fault.path("line").asInt() + ":" : "") + " ";
    }

    static String words(JsonNode fault) {
        String path = fault.path("path").asText();
        return (path.isEmpty() ? "" : path + ": ") + fault.path("message").asText();
    }
}
