package io.github.aepdataflows.ledger;

import java.time.Duration;
import java.util.List;

/**
 * A row of aep_change.
 *
 * @param deadline  until when the last attempt may be under way
 */
record ChangeRow(Change change, String dataflow, String state, int attempt, long deadline, String version, String requestId) {

    static final Table<ChangeRow> TABLE = new Table<>("aep_change", 2,
            List.of("step", "resource_id", "dataflow", "action", "content", "state", "attempt", "deadline", "version", "request_id"),
            row -> List.of(row.change.step(), row.change.resourceId(), row.dataflow, row.change.action(), row.change.content(), row.state,
                    (long) row.attempt, row.deadline, row.version, row.requestId),
            c -> new ChangeRow(new Change((String) c.get(0), (String) c.get(1), (String) c.get(3), (String) c.get(4)), (String) c.get(2),
                    (String) c.get(5), Math.toIntExact((long) c.get(6)), (long) c.get(7), (String) c.get(8), (String) c.get(9)));

    ChangeRow until(long deadline) {
        return new ChangeRow(change, dataflow, state, attempt, deadline, version, requestId);
    }

    ChangeRow in(String state) {
        return new ChangeRow(change, dataflow, state, attempt, deadline, version, requestId);
    }

    ChangeRow done(String version, String requestId) {
        return new ChangeRow(change, dataflow, StepRow.DONE, attempt, deadline, version, requestId);
    }

    boolean isIntent() {
        return state.equals(StepRow.INTENT);
    }

    /** How long the last attempt may still be under way; a clock that was set back does not prolong it. */
    Duration remaining(long now, Duration callTimeout) {
        return Duration.ofMillis(Math.max(0, Math.min(deadline - now, callTimeout.toMillis())));
    }

    RecordedChange recorded() {
        return new RecordedChange(change, dataflow, state, attempt, version);
    }
}
