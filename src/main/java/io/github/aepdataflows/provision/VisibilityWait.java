package io.github.aepdataflows.provision;

import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * When it may be believed that a create which nobody can tell the outcome of has made nothing: once at least three complete
 * looks, spread over the settle window, have not found it. The window begins with the first look after the attempt's
 * deadline. Times are of {@link System#nanoTime}, so that no clock that is set can shorten it.
 */
final class VisibilityWait {

    private static final int FEWEST_LOOKS = 3;
    private static final int LONGEST_DOUBLING = 16;

    private final Duration window;
    private final Duration firstPause;
    private final LongSupplier nanoTime;
    private final long deadline;
    private long since;
    private int looks;

    /**
     * @param window        {@code aep.settle-window}
     * @param firstPause    between the first two looks; the next ones are longer, up to a quarter of the window
     * @param untilDeadline how long the create itself may still be on its way
     */
    VisibilityWait(Duration window, Duration firstPause, Duration untilDeadline, LongSupplier nanoTime) {
        this.window = window;
        this.firstPause = firstPause;
        this.nanoTime = nanoTime;
        this.deadline = nanoTime.getAsLong() + untilDeadline.toNanos();
    }

    /**
     * A complete look has found nothing. How long to wait before the next one; empty when there is none needed.
     *
     * @param startedAt when it began: what showed only after that may have been passed over
     */
    Optional<Duration> missed(long startedAt) {
        if (startedAt - deadline < 0) {
            long left = Math.max(0, deadline - nanoTime.getAsLong());
            return Optional.of(shorter(pause(), Duration.ofNanos(left)));
        }
        since = looks == 0 ? startedAt : since;
        looks++;
        Duration left = window.minusNanos(startedAt - since);
        boolean over = left.isZero() || left.isNegative();
        if (looks >= FEWEST_LOOKS && over) {
            return Optional.empty();
        }
        return Optional.of(over ? pause() : shorter(pause(), left));
    }

    int looks() {
        return looks;
    }

    private Duration pause() {
        Duration doubled = firstPause.multipliedBy(1L << Math.min(looks, LONGEST_DOUBLING));
        Duration quarter = window.dividedBy(4);
        return quarter.isZero() ? firstPause : shorter(doubled, quarter);
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}
