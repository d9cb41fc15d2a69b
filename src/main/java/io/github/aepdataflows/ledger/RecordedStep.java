package io.github.aepdataflows.ledger;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * What is recorded of a step: a row of aep_step.
 *
 * @param name      that of the resource
 * @param attempt   number of the last attempt; the first is 1
 * @param repeated  it was created again after an attempt of unknown outcome: a late duplicate may exist
 * @param deadline  until when the last attempt may be under way, in milliseconds since 1970
 * @param begun     gives the order of the steps
 * @param result    {@link Result#NONE} when there is none
 */
public record RecordedStep(StepKey key, String name, State state, int attempt, boolean repeated, long deadline, long begun,
                           Result result) {

    /**
     * INTENT: a create may be under way or have been applied; FREE: certainly nothing was made; DONE: made; LEFT: belongs to an earlier
     * content of its dataflow; GONE: made, and deleted by us.
     */
    public enum State { INTENT, FREE, DONE, LEFT, GONE }

    static final String REPLACED = "replaced";

    static final Table<RecordedStep> TABLE = new Table<>("aep_step", 3,
            List.of("dataflow", "step", "content", "name", "state", "attempt", "repeated", "deadline", "begun", "resource_id", "version",
                    "request_id", "outcome"),
            row -> new RecordedStep(new StepKey(row.text(0), row.text(1), row.text(2)), row.text(3), State.valueOf(row.text(4)),
                    row.count(5), row.number(6) != 0, row.number(7), row.number(8),
                    new Result(row.text(9), row.text(10), row.text(11), row.text(12))),
            row -> Arrays.asList(row.key.dataflow(), row.key.step(), row.key.content(), row.name, row.state.name(), (long) row.attempt,
                    row.repeated ? 1L : 0L, row.deadline, row.begun, row.made() ? row.result.id() : null, row.result.version(),
                    row.result.requestId(), row.result.outcome()));

    static Optional<RecordedStep> lock(Transaction tx, StepKey key) {
        return TABLE.lock(tx, key.dataflow(), key.step(), key.content());
    }

    private RecordedStep with(State newState, long newDeadline, Result newResult) {
        return new RecordedStep(key, name, newState, attempt, repeated, newDeadline, begun, newResult);
    }

    /** The next attempt, committed before anything is sent. */
    RecordedStep attempted(long newDeadline, boolean again) {
        return new RecordedStep(key, name, State.INTENT, attempt + 1, repeated || again, newDeadline, begun, Result.NONE);
    }

    RecordedStep endedAt(long now) {
        return with(state, Math.min(deadline, now), result);
    }

    RecordedStep in(State newState) {
        return with(newState, deadline, result);
    }

    RecordedStep done(Result made) {
        return with(State.DONE, deadline, made);
    }

    /** The same resource, which is of another content now. */
    RecordedStep as(StepKey newKey, String newName, String newVersion) {
        return new RecordedStep(newKey, newName, state, attempt, repeated, deadline, begun,
                made() ? new Result(result.id(), newVersion, result.requestId(), result.outcome()) : result);
    }

    /** It stands for its content no longer: that may be made anew. */
    RecordedStep setAside(String why) {
        return as(new StepKey(key.dataflow(), key.step(), why + " " + (made() ? result.id() : begun)), name, result.version());
    }

    /** Whether its last attempt may be under way at that time. */
    public boolean isUnderWayAt(Instant time) {
        return state == State.INTENT && deadline > time.toEpochMilli();
    }

    /** Whether it has a result. */
    public boolean made() {
        return !result.id().isEmpty();
    }

    /** Whether something else is to take its place, or has. */
    public boolean isReplaced() {
        return key.content().startsWith(REPLACED);
    }

    boolean isIntent(int number) {
        return state == State.INTENT && attempt == number;
    }
}
