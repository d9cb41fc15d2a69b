package io.github.aepdataflows.ledger;

import java.time.Duration;

/**
 * How a step stands when it is begun.
 *
 * @param attempt        number of the attempt: of this one when NEW, of the last one otherwise; the first is 1
 * @param untilDeadline  how long that attempt may still be under way; zero when it is over
 * @param result         what was made, when DONE; {@link Result#NONE} otherwise
 */
public record Beginning(State state, int attempt, Duration untilDeadline, Result result) {

    /** DONE: there is a result. NEW: nothing was made, and the intent is committed. UNRESOLVED: an intent without a result. */
    public enum State { DONE, NEW, UNRESOLVED }

    static Beginning sent(int attempt, Duration callTimeout) {
        return new Beginning(State.NEW, attempt, callTimeout, Result.NONE);
    }

    /** The last attempt may still be under way until the deadline; a clock that was set back does not prolong it. */
    static Beginning unresolved(int attempt, long deadline, long now, Duration callTimeout) {
        return new Beginning(State.UNRESOLVED, attempt, Duration.ofMillis(Math.max(0, Math.min(deadline - now, callTimeout.toMillis()))),
                Result.NONE);
    }
}
