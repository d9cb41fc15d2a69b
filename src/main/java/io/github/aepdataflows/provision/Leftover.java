package io.github.aepdataflows.provision;

import io.github.aepdataflows.ledger.RecordedStep;

/**
 * What exists, or may exist, of a dataflow and is not in use: an element of {@code left} in receipts, error documents, audits and the
 * status.
 *
 * @param kind key of the step that has made it, as in {@code source-connection}
 * @param id   empty when nobody knows whether it was made
 */
public record Leftover(String dataflow, String kind, String id, String name, String why) {

    static final String EARLIER = "made for an earlier version";

    public static Leftover of(RecordedStep step) {
        return step.made() ? of(step, EARLIER) : of(step, "may have been made for an earlier version: a create had no clear outcome");
    }

    public static Leftover of(RecordedStep step, String why) {
        return new Leftover(step.key().dataflow(), step.key().step(), step.result().id(), step.name(), why);
    }

    /** In a sentence without an end. */
    public String words() {
        return "the %s %s of dataflow %s: %s".formatted(kind, id.isEmpty() ? "\"" + name + "\"" : id, dataflow, why);
    }
}
