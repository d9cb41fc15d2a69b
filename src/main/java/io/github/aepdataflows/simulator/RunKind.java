package io.github.aepdataflows.simulator;

/** What becomes of one scheduled run of a flow. */
public enum RunKind {
    /** All records arrive. */
    SUCCESS,
    /** Status {@code success}, but some records failed and errors are listed: the Platform's partial ingestion. */
    PARTIAL,
    /** Failed while reading the source; the error sits on the copy activity. */
    COPY_FAILED,
    /** Failed because the source is not there; the error sits on the copy activity. */
    SOURCE_MISSING,
    /** Failed while writing to the data lake; the error sits on the promotion activity. */
    PROMOTION_FAILED,
    /** Starts and never ends. */
    RUNNING,
    /** Status {@code success} with no record at all. */
    EMPTY,
    /** The slot produces no run, so the flow is late. */
    MISSED
}
