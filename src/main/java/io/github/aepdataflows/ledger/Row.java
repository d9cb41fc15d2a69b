package io.github.aepdataflows.ledger;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * A row of a {@link Table}, whose cells are read in the order of its columns.
 *
 * @param cells String, Long or null
 */
record Row(List<Object> cells) {

    String text(int column) {
        return (String) cells.get(column);
    }

    long number(int column) {
        return (Long) cells.get(column);
    }

    int count(int column) {
        return (int) number(column);
    }

    /** Of milliseconds since 1970. */
    Instant time(int column) {
        return Instant.ofEpochMilli(number(column));
    }

    Map<String, String> pairs(int column) {
        return Pairs.read(text(column));
    }
}
