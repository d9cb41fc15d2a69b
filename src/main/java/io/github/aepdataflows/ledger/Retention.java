package io.github.aepdataflows.ledger;

import java.time.Duration;

/** For how long events are kept, and how many at most. Those of which somebody is still to be told are kept in any case. */
public record Retention(Duration age, int events) {
}
