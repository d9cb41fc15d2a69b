package io.github.aepdataflows.simulator;

import java.time.Duration;

/**
 * How long a created thing is missing, by the simulator's clock.
 *
 * @param lists   from lists
 * @param lookUps from look-ups by id, and from changes and deletions, which name an id too
 */
public record Lag(Duration lists, Duration lookUps) {

    static final Lag NONE = of(Duration.ZERO);

    static Lag of(Duration both) {
        return new Lag(both, both);
    }

    Lag plus(Duration more) {
        return new Lag(lists.plus(more), lookUps.plus(more));
    }
}
