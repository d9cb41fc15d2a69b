package io.github.aepdataflows.ledger;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * A row of aep_step.
 *
 * @param deadline  until when the last attempt may be under way
 * @param begun     gives the order of the steps
 */
record StepRow(StepKey key, String name, String state, int attempt, boolean repeated, long deadline, long begun, Result result) {

    static final String INTENT = "INTENT";
    static final String FREE = "FREE";
    static final String DONE = "DONE";
    static final String LEFT = "LEFT";
    static final String GONE = "GONE";

    static final Table<StepRow> TABLE = new Table<>("aep_step", 3,
            List.of("dataflow", "step", "content", "name", "state", "attempt", "repeated", "deadline", "begun", "resource_id", "version",
                    "request_id", "outcome"),
            row -> Arrays.asList(row.key.dataflow(), row.key.step(), row.key.content(), row.name, row.state, (long) row.attempt,
                    row.repeated ? 1L : 0L, row.deadline, row.begun, row.made() ? row.result.id() : null, row.result.version(),
                    row.result.requestId(), row.result.outcome()),
            c -> new StepRow(new StepKey((String) c.get(0), (String) c.get(1), (String) c.get(2)), (String) c.get(3), (String) c.get(4),
                    Math.toIntExact((long) c.get(5)), (long) c.get(6) == 1, (long) c.get(7), (long) c.get(8),
                    c.get(9) == null ? Result.NONE : new Result((String) c.get(9), (String) c.get(10), (String) c.get(11), (String) c.get(12))));

    static Optional<StepRow> lock(Transaction tx, StepKey key) {
        return TABLE.lock(tx, key.dataflow(), key.step(), key.content());
    }

    /** The next attempt, committed before anything is sent. */
    StepRow attempted(long deadline) {
        return new StepRow(key, name, INTENT, attempt + 1, repeated, deadline, begun, Result.NONE);
    }

    StepRow repeating() {
        return new StepRow(key, name, state, attempt, true, deadline, begun, result);
    }

    StepRow until(long deadline) {
        return new StepRow(key, name, state, attempt, repeated, deadline, begun, result);
    }

    StepRow in(String state) {
        return new StepRow(key, name, state, attempt, repeated, deadline, begun, result);
    }

    StepRow made(Result result) {
        return new StepRow(key, name, DONE, attempt, repeated, deadline, begun, result);
    }

    /** The same resource, which is of another content now. */
    StepRow as(StepKey key, String name, String version) {
        return new StepRow(key, name, state, attempt, repeated, deadline, begun,
                made() ? new Result(result.id(), version, result.requestId(), result.outcome()) : result);
    }

    /** It stands for its content no longer: that may be made anew. */
    StepRow setAside(String why) {
        StepKey aside = new StepKey(key.dataflow(), key.step(), why + " " + (made() ? result.id() : String.valueOf(begun)));
        return as(aside, name, result.version());
    }

    boolean made() {
        return !result.id().isEmpty();
    }

    boolean isIntent(int attempt) {
        return state.equals(INTENT) && this.attempt == attempt;
    }

    /** How long the last attempt may still be under way; a clock that was set back does not prolong it. */
    Duration remaining(long now, Duration callTimeout) {
        return Duration.ofMillis(Math.max(0, Math.min(deadline - now, callTimeout.toMillis())));
    }

    RecordedStep step() {
        return new RecordedStep(key, name, state, attempt, repeated, result);
    }
}
