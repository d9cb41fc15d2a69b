package io.github.aepdataflows.ledger;

import java.util.List;

/**
 * A field that the Platform takes and never shows: a row of aep_unshown.
 *
 * @param field its path in a request, without indices, as in {@code params.columns}
 */
public record UnshownField(String step, String field) {

    static final Table<UnshownField> TABLE = new Table<>("aep_unshown", 2, List.of("step", "field"),
            row -> new UnshownField(row.text(0), row.text(1)),
            row -> List.of(row.step, row.field));
}
