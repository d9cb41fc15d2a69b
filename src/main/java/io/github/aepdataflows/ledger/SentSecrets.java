package io.github.aepdataflows.ledger;

import java.util.List;
import java.util.Map;

/**
 * What is recorded of the secrets that a resource was sent last: a row of aep_secret.
 *
 * @param dataflow for which they were sent
 * @param names    where a secret goes, as in {@code auth.params.password}, to its name
 * @param marks    the same to a keyed digest of its value
 */
public record SentSecrets(String step, String resourceId, String dataflow, Map<String, String> names, Map<String, String> marks) {

    static final Table<SentSecrets> TABLE = new Table<>("aep_secret", 2, List.of("step", "resource_id", "dataflow", "names", "marks"),
            row -> new SentSecrets(row.text(0), row.text(1), row.text(2), row.pairs(3), row.pairs(4)),
            row -> List.of(row.step, row.resourceId, row.dataflow, Pairs.write(row.names), Pairs.write(row.marks)));
}
