package io.github.aepdataflows.definition;

/**
 * Where something of a definition is written.
 *
 * @param file an overlay or the file of a field group, as it is configured; empty for the definition's own file
 * @param line from 1; 0 when it is not known
 */
record Place(String file, int line) {

    static final Place UNKNOWN = new Place("", 0);

    static Place line(int line) {
        return new Place("", line);
    }

    /** As in {@code line 3}, or {@code overlays/dev.yaml line 3}. */
    @Override
    public String toString() {
        return file + (file.isEmpty() || line == 0 ? "" : " ") + (line == 0 ? "" : "line " + line);
    }
}
