package io.github.aepdataflows.simulator;

import java.time.Duration;

/**
 * How long a created thing is missing, by the simulator's clock.
 *
 * @param lists   from lists
 * @param lookUps from look-ups by id, and from changes and deletions, which name an id too
 * @param references from what others refer to
 */
public record Lag(Duration lists, Duration lookUps, Duration references) {

    static final Lag NONE = of(Duration.ZERO);

    static Lag of(Duration both) {
        return new Lag(both, both, Duration.ZERO);
    }

    Lag plus(Duration more) {
        return new Lag(lists.plus(more), lookUps.plus(more), references);
    }
}
