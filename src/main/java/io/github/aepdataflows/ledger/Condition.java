package io.github.aepdataflows.ledger;

import java.time.Instant;
import java.util.List;

/**
 * What was said last of something that is watched: a row of aep_condition.
 *
 * @param subject as in {@code flow/<id>} or {@code inbox}
 * @param state   in one word
 * @param alarming whether somebody was told
 * @param since   by the ledger's clock
 */
public record Condition(String subject, String state, boolean alarming, String dataflow, String flowId, Instant since) {

    static final Table<Condition> TABLE = new Table<>("aep_condition", 1, List.of("subject", "state", "alarming", "dataflow", "flow_id",
            "since"),
            row -> new Condition(row.text(0), row.text(1), row.number(2) == 1, row.text(3), row.text(4), row.time(5)),
            row -> List.of(row.subject, row.state, row.alarming ? 1L : 0L, row.dataflow, row.flowId, row.since.toEpochMilli()));
}
