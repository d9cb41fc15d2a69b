package io.github.aepdataflows.ledger;

/**
 * What is recorded of a step.
 *
 * @param name      that of the resource
 * @param state     INTENT: a create may be under way or have been applied; FREE: certainly nothing was made; DONE: made;
 *                  LEFT: belongs to an earlier content of its dataflow; GONE: made, and deleted by us
 * @param attempt   number of the last attempt; the first is 1
 * @param repeated  it was created again after an attempt of unknown outcome: a late twin may exist
 * @param result    {@link Result#NONE} when there is none
 */
public record RecordedStep(StepKey key, String name, String state, int attempt, boolean repeated, Result result) {

    /** Whether something else is to take its place, or has. */
    public boolean isReplaced() {
        return key.content().startsWith(REPLACED);
    }

    static final String REPLACED = "replaced";
}
