package io.github.aepdataflows.ledger;

import java.util.List;
/**
 * The last order of a run for one cause: a row of aep_run.
 *
 * @param origin    id of the failed run with which a series of repetitions began; empty for one on demand
 * @param automatic 1 where the audit has ordered it
 * @param seen      id of the newest run of the flow before it was ordered; empty for none
 * @param seenAt    when that was made, by the Platform's clock, in milliseconds since 1970; 0 for none
 * @param orderedAt when it was ordered last, by the program's clock
 * @param deadline  until when the last attempt may be under way, by the ledger's clock
 * @param runId     the run that came of it; empty when it is not known
 */
public record RecordedRun(RunOrder order, String dataflow, String origin, long automatic, String seen, long seenAt, long orderedAt,
        State state, int attempt, long deadline, String runId, String requestId) {

    /** INTENT: it may be under way or have been made; DONE: made; REFUSED: certainly not made, and the Platform makes none. */
    public enum State { INTENT, DONE, REFUSED }

    static final Table<RecordedRun> TABLE = new Table<>("aep_run", 2,
            List.of("flow", "cause", "content", "dataflow", "origin", "automatic", "seen", "seen_at", "ordered_at", "state", "attempt",
                    "deadline", "run_id", "request_id"),
            row -> new RecordedRun(new RunOrder(row.text(0), row.text(1), row.text(2)), row.text(3), row.text(4), row.number(5),
                    row.text(6), row.number(7), row.number(8), State.valueOf(row.text(9)), row.count(10),
                    row.number(11), row.text(12), row.text(13)),
            row -> List.of(row.order.flow(), row.order.cause(), row.order.content(), row.dataflow, row.origin, row.automatic, row.seen,
                    row.seenAt, row.orderedAt, row.state.name(), (long) row.attempt, row.deadline, row.runId, row.requestId));

    public boolean isIntent() {
        return state == State.INTENT;
    }

    RecordedRun again(long now, long until) {
        return new RecordedRun(order, dataflow, origin, automatic, seen, seenAt, now, state, attempt + 1, until, runId, requestId);
    }

    RecordedRun endedAt(long now) {
        return new RecordedRun(order, dataflow, origin, automatic, seen, seenAt, orderedAt, state, attempt, Math.min(deadline, now), runId,
                requestId);
    }

    RecordedRun became(State next, String run, String request) {
        return new RecordedRun(order, dataflow, origin, automatic, seen, seenAt, orderedAt, next, attempt, deadline, run, request);
    }
}
