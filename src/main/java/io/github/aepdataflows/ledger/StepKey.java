package io.github.aepdataflows.ledger;

/**
 * Names a step.
 *
 * @param dataflow  name of the dataflow; empty for a resource that the whole sandbox shares
 * @param step      as in {@code source-connection}
 * @param content   SHA-256 (hex) of what is to be created
 */
public record StepKey(String dataflow, String step, String content) {

    /** Whether it belongs to the sandbox rather than to one dataflow. */
    public boolean shared() {
        return dataflow.isEmpty();
    }

    /** As in "dataflow CRM contacts". */
    String owner() {
        return shared() ? "the sandbox" : "dataflow " + dataflow;
    }

    /** As in "step flow of dataflow CRM contacts". */
    String words() {
        return "step %s of %s".formatted(step, owner());
    }
}
