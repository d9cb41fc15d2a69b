package io.github.aepdataflows.definition;

/**
 * Where something of a definition is written.
 *
 * @param file the overlay file, as it is configured; empty for the definition's own file
 * @param line from 1; 0 when it is not known
 */
record Place(String file, int line) {

    static final Place UNKNOWN = new Place("", 0);

    static Place line(int line) {
        return new Place("", line);
    }

    boolean isElsewhere() {
        return !file.isEmpty();
    }
}
