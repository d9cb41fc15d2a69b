package io.github.aepdataflows.ledger;

import java.util.List;
/**
 * The last change of a resource: a row of aep_change.
 *
 * @param dataflow  for which it was made
 * @param attempt   how often it was begun, but for those that were certainly not applied; the first is 1
 * @param deadline  until when the last attempt may be under way, in milliseconds since 1970
 * @param version   the etag that the resource has since, or the version of a mapping set; may be empty
 */
public record RecordedChange(Change change, String dataflow, State state, int attempt, long deadline, String version,
        String requestId) {

    /**
     * INTENT: it may be under way or have been applied; FREE: certainly not applied; DONE: applied; FUTILE: applied more than once, and the
     * resource is as before.
     */
    public enum State { INTENT, FREE, DONE, FUTILE }

    static final Table<RecordedChange> TABLE = new Table<>("aep_change", 2,
            List.of("step", "resource_id", "dataflow", "action", "content", "state", "attempt", "deadline", "version", "request_id"),
            row -> new RecordedChange(new Change(row.text(0), row.text(1), row.text(3), row.text(4)), row.text(2),
                    State.valueOf(row.text(5)), row.count(6), row.number(7), row.text(8), row.text(9)),
            row -> List.of(row.change.step(), row.change.resourceId(), row.dataflow, row.change.action(), row.change.content(),
            row.state.name(),
                    (long) row.attempt, row.deadline, row.version, row.requestId));

    RecordedChange endedAt(long now) {
        return new RecordedChange(change, dataflow, state, attempt, Math.min(deadline, now), version, requestId);
    }

    RecordedChange refused() {
        return new RecordedChange(change, dataflow, State.FREE, attempt, deadline, version, requestId);
    }

    RecordedChange done(String newVersion, String newRequestId) {
        return new RecordedChange(change, dataflow, State.DONE, attempt, deadline, newVersion, newRequestId);
    }

    RecordedChange futile() {
        return new RecordedChange(change, dataflow, State.FUTILE, attempt, deadline, version, requestId);
    }

    boolean isIntent() {
        return state == State.INTENT;
    }
}
