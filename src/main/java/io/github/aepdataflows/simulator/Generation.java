package io.github.aepdataflows.simulator;

/** Which edition of the tutorials the simulator accepts. */
public enum Generation {
    /** A chain is judged by the form it has: {@code parquet_xdm} sources are the 2020 form, all others the current one. */
    BOTH,
    /** The 2020 form is refused. */
    CURRENT,
    /** Every chain is judged by the rules of 2020: {@code tabular} is refused, and the flow specs list no {@code once}. */
    LEGACY;

    boolean accepts2020() {
        return this != CURRENT;
    }
}
