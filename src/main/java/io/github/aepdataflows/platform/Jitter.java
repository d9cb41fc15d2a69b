package io.github.aepdataflows.platform;

import java.time.Duration;
import java.util.function.DoubleSupplier;

/**
 * Draws waits apart: else all that are told to wait would come back at the same moment.
 *
 * @param random from 0 to 1
 */
record Jitter(Duration most, DoubleSupplier random) {

    Duration on(Duration wait) {
        return wait.plusNanos((long) (most.toNanos() * random.getAsDouble()));
    }
}
