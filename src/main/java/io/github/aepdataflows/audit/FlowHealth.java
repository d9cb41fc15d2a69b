package io.github.aepdataflows.audit;

import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Instant;
import java.util.Locale;

/**
 * What the audit says of one dataflow.
 *
 * @param ours    whether the ledger has it, or an earlier version of a dataflow has left it; null when the ledger could not be read
 * @param reason  why it is in that state, in words
 * @param lastRun its newest run; null when it never ran, is missing, or its runs could not be read
 * @param since   from when on its runs were read
 * @param nextSince from when on the next audit has to read them: the oldest run that is still open counts again
 */
public record FlowHealth(
        String id,
        String name,
        Boolean ours,
        State state,
        String reason,
        LastRun lastRun,
        Counts runs,
        Instant since,
        Instant nextSince) {

    /** Its runs were read until then, unless one is open that has to be looked at again. */
    FlowHealth readTo(Instant time) {
        return runs.open > 0 || !time.isAfter(nextSince) ? this
                : new FlowHealth(id, name, ours, state, reason, lastRun, runs, since, time);
    }

    /** It was made for an earlier version of that dataflow of ours. */
    FlowHealth leftOf(String dataflow) {
        return new FlowHealth(id, name, true, state, "left from an earlier version (aep-dataflows prune \"%s\" deletes it): %s"
                .formatted(dataflow, reason), lastRun, runs, since, nextSince);
    }

    /** In the order of urgency. */
    public enum State {
        FAILED, MISSING, LATE, PARTIAL, UNKNOWN, NEVER_RAN, DRAFT, DISABLED, STREAMING, HEALTHY;

        /** As in {@code never ran}. */
        @JsonValue
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT).replace('_', ' ');
        }
    }

    public record LastRun(String id, String status, Instant startedAt, Instant completedAt) {
    }

    /** Runs since the last audit. Record counts are null where the Platform gave none. */
    public record Counts(
            int total, int succeeded, int partial, int failed, int open, int unrecognised,
            Long inputRecords, Long outputRecords, Long failedRecords) {
    }
}
