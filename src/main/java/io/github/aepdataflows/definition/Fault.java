package io.github.aepdataflows.definition;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Comparator;

/**
 * One thing that is wrong with a definition, in words that say how to mend it. Control characters taken over from the
 * file are written as escapes, so that a fault is one line wherever it is shown.
 *
 * @param path    where, as in {@code source.columns[1].name}; empty when it concerns the whole file
 * @param line    the line in the file, counted from 1; 0 when no line can be named
 * @param message what is wrong and what would be right, with all that follows
 * @param code    by which the Platform would refuse it, as in {@code 1362-400}; empty where it has no code for it
 * @param nearest the right value that resembles the wrong one most; empty where none does
 */
public record Fault(String path, int line, String message, String code, String nearest) {

    public static final Comparator<Fault> IN_FILE_ORDER = Comparator.comparingInt(Fault::line).thenComparing(Fault::path)
            .thenComparing(Fault::message);

    public Fault {
        path = VisibleText.escaped(path);
        message = VisibleText.escaped(message);
        nearest = VisibleText.escaped(nearest);
    }

    public Fault(String path, int line, String message) {
        this(path, line, message, "", "");
    }

    /** The same by the Platform's own code. */
    public Fault withCode(String platformCode) {
        return new Fault(path, line, "%s (%s)".formatted(message, platformCode), platformCode, nearest);
    }

    /** The same with what a wrong word may have been meant to be, or the known words when none resembles it. */
    public Fault withSuggestion(Nearest suggestion) {
        return new Fault(path, line, message + "; " + suggestion, code, suggestion.word());
    }

    /** The same with the right value, which the message has already. */
    public Fault withNearest(String word) {
        return new Fault(path, line, message, code, word);
    }

    /** The fault of a document, as {@link #addTo} has put it there. */
    public static Fault of(JsonNode entry) {
        return new Fault(entry.path("path").asText(), entry.path("line").asInt(), entry.path("message").asText());
    }

    /** Adds it to the list of a document: {@code path, line, message}, and {@code code} and {@code nearest} where there are any. */
    public void addTo(ArrayNode list) {
        ObjectNode entry = list.addObject().put("path", path).put("line", line == 0 ? null : line).put("message", message);
        if (!code.isEmpty()) {
            entry.put("code", code);
        }
        if (!nearest.isEmpty()) {
            entry.put("nearest", nearest);
        }
    }

    @Override
    public String toString() {
        return (line > 0 ? "line " + line + ": " : "") + (path.isEmpty() ? "" : path + ": ") + message;
    }
}
