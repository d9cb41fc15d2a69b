package io.github.aepdataflows.simulator;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicReference;

/** The simulator's time: real time plus an offset that tests and operators move. Always in UTC. */
public final class SimulatorClock extends Clock {

    private final AtomicReference<Duration> offset = new AtomicReference<>(Duration.ZERO);

    /** Jumps forward (or back, by a negative duration); time goes on from there. */
    public void advance(Duration by) {
        offset.updateAndGet(by::plus);
    }

    /** Jumps to an instant; time goes on from there. */
    public void set(Instant now) {
        offset.set(Duration.between(Instant.now(), now));
    }

    @Override
    public Instant instant() {
        return Instant.now().plus(offset.get());
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        throw new UnsupportedOperationException("the simulator knows UTC only");
    }
}
