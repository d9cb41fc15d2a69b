package io.github.aepdataflows.ledger;

import java.util.List;

/**
 * How far something was read that is read bit by bit: a row of aep_position.
 *
 * @param name     of what is read
 * @param position whatever its reader understands
 */
record Position(String name, String position) {

    static final Table<Position> TABLE = new Table<>("aep_position", 1, List.of("name", "position"),
            row -> new Position(row.text(0), row.text(1)), row -> List.of(row.name, row.position));
}
