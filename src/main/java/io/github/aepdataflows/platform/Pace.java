package io.github.aepdataflows.platform;

import io.github.aepdataflows.settings.Settings;
import io.github.resilience4j.ratelimiter.RateLimiter;
import io.github.resilience4j.ratelimiter.RateLimiterConfig;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * One pace for all callers. When the gateway asks one of them to wait, none sends until that time has passed, and
 * afterwards all of them together send half as much, until the gateway has been content for a while. Nobody sleeps here
 * for long: a call that has to wait is refused, with the time to wait.
 */
final class Pace {

    private static final Duration LONGEST_QUEUE = Duration.ofSeconds(2);
    private static final Duration CONTENT_AFTER = Duration.ofSeconds(10);
    private static final int MOST_DOUBLINGS = 30;

    private final Duration delay;
    private final Duration maxDelay;
    private final int ceiling;
    private final LongSupplier nanoTime;
    private final Jitter jitter;
    private final RateLimiter limiter;

    private long pausedAt;
    private long pausedUntil;
    private long rateChangedAt;
    private int inARow;

    Pace(Settings settings, LongSupplier nanoTime, Jitter jitter) {
        this.delay = settings.duration("aep.redelivery.delay");
        this.maxDelay = settings.duration("aep.redelivery.max-delay");
        this.ceiling = settings.integer("aep.rate");
        this.nanoTime = nanoTime;
        this.jitter = jitter;
        this.limiter = RateLimiter.of("aep", RateLimiterConfig.custom()
                .limitForPeriod(ceiling).limitRefreshPeriod(Duration.ofSeconds(1)).timeoutDuration(LONGEST_QUEUE).build());
        this.pausedAt = nanoTime.getAsLong();
        this.pausedUntil = pausedAt;
        this.rateChangedAt = pausedAt;
    }

    /**
     * Takes a turn, which may be a moment away.
     *
     * @return when the call was let through, to be told to {@link #throttled} or {@link #content}
     * @throws PlatformException THROTTLED, nothing sent
     */
    long admit(String call) throws PlatformException {
        refuseDuringPause(call);
        speedUp();
        long nanos = limiter.reservePermission();
        if (nanos < 0) {
            throw refused(call, "more calls are waiting for their turn than aep.rate lets through", LONGEST_QUEUE);
        }
        try {
            TimeUnit.NANOSECONDS.sleep(nanos);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw refused(call, "interrupted while it waited for its turn", Duration.ZERO);
        }
        return nanoTime.getAsLong();
    }

    /** @throws PlatformException THROTTLED, with the time that is left, while the gateway wants to be left alone */
    void refuseDuringPause(String call) throws PlatformException {
        Duration left = left();
        if (!left.isZero()) {
            throw refused(call, "not sent: the gateway has asked all calls to wait", left);
        }
    }

    private PlatformException refused(String call, String why, Duration wait) {
        return PlatformException.withheld(Outcome.THROTTLED, call, why, jitter.on(wait));
    }

    private synchronized Duration left() {
        return Duration.ofNanos(Math.max(0, pausedUntil - nanoTime.getAsLong()));
    }

    /**
     * The gateway has refused a call for now.
     *
     * @param admitted   when the call was let through; many of one moment are refused together, and count as one
     * @param retryAfter what the gateway asked for, already capped; null when it asked for nothing in particular
     * @return how long the caller has to wait
     */
    synchronized Duration throttled(long admitted, Duration retryAfter) {
        long now = nanoTime.getAsLong();
        boolean first = admitted - pausedAt >= 0;
        if (first) {
            inARow++;
            pausedAt = now;
            changeRate(Math.max(1, rate() / 2), now);
        }
        if (first || retryAfter != null) {
            long until = now + (retryAfter == null ? backOff() : retryAfter).toNanos();
            pausedUntil = until - pausedUntil > 0 ? until : pausedUntil;
        }
        return jitter.on(left());
    }

    private Duration backOff() {
        Duration doubled = smaller(delay.multipliedBy(1L << Math.min(inARow - 1, MOST_DOUBLINGS)), maxDelay);
        return smaller(new Jitter(doubled.dividedBy(2), jitter.random()).on(doubled), maxDelay);
    }

    private static Duration smaller(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    /** A call had an answer of any other kind. */
    synchronized void content(long admitted) {
        if (admitted - pausedAt >= 0) {
            inARow = 0;
        }
    }

    private synchronized void speedUp() {
        long now = nanoTime.getAsLong();
        if (rate() < ceiling && now - rateChangedAt >= CONTENT_AFTER.toNanos()) {
            changeRate(Math.min(ceiling, rate() * 2), now);
        }
    }

    private void changeRate(int rate, long now) {
        limiter.changeLimitForPeriod(rate);
        rateChangedAt = now;
    }

    /** Calls a second of all callers together. */
    int rate() {
        return limiter.getRateLimiterConfig().getLimitForPeriod();
    }
}
