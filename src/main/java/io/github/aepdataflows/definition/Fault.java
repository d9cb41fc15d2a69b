package io.github.aepdataflows.definition;

/**
 * One thing that is wrong with a definition, in words that say how to mend it.
 *
 * @param path    where, as in {@code source.columns[1].name}; empty when it concerns the whole file
 * @param line    the line in the file, counted from 1; 0 when no line can be named
 * @param message what is wrong and what would be right
 */
public record Fault(String path, int line, String message) {

    @Override
    public String toString() {
        return (line > 0 ? "line " + line + ": " : "") + (path.isEmpty() ? "" : path + ": ") + message;
    }
}
