package io.github.aepdataflows.ledger;

import java.time.Duration;

/**
 * For how long events are kept, and how many at most. Those of which somebody is still to be told are kept in any case.
 *
 * @param every how often those are removed that are too many: that counts through all
 */
public record Retention(Duration age, int events, Duration every) {

    public Retention(Duration age, int events) {
        this(age, events, Duration.ofMinutes(1));
    }

    /** Whether this event is the first of its time, both in milliseconds since 1970. */
    boolean isDue(long last, long now) {
        return every.isZero() || last / every.toMillis() != now / every.toMillis();
    }
}
