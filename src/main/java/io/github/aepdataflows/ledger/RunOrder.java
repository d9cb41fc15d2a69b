package io.github.aepdataflows.ledger;

/**
 * A run of a flow that is to be ordered.
 *
 * @param flow    id of the flow
 * @param cause   id of the failed run that it repeats; empty for one on demand
 * @param content what is ordered, as in {@code 1893369600 1893456000}: the window; empty for a repetition
 */
public record RunOrder(String flow, String cause, String content) {

    /**
     * How many runs may be ordered without anybody asking for them.
     *
     * @param perRun  repetitions of one failure, which may fail again, in all
     * @param perFlow of one flow, and {@code perDay} of all flows, since {@code since}, in milliseconds since 1970
     */
    public record Bounds(int perRun, int perFlow, int perDay, long since) {
    }
}
