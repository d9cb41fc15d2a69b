package io.github.aepdataflows.platform;

import io.github.aepdataflows.settings.Settings;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * One limiter for all callers. When the gateway asks one of them to wait, none sends until that time has passed; then one alone finds out
 * whether it is content again, and afterwards all of them together send half as much, evenly, and a little more for each while that the
 * gateway stays content. Nobody sleeps here for long: a call that has to wait is refused, with the time to wait.
 */
final class RateLimiter {

    private static final Duration LONGEST_QUEUE = Duration.ofSeconds(2);
    private static final Duration CONTENT_AFTER = Duration.ofSeconds(10);
    /** Slow, so that a limit is met seldom: each time costs a refused call. */
    private static final double FASTER = 1.25;
    /** Calls a second. */
    private static final double SLOWEST = 0.1;
    private static final double SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final int MOST_DOUBLINGS = 30;

    private final Duration delay;
    private final Duration maxDelay;
    private final int whole;
    private final LongSupplier nanoTime;
    private final Jitter jitter;

    /** This instance's part of the whole. */
    private double ceiling;
    private double rate;
    /** Calls that may be sent at once; below zero when as many wait for their turn. */
    private double turns;
    private long turnsAt;
    private long pausedAt;
    private long pausedUntil;
    private long contentSince;
    private int inARow;
    /** After a pause, until one call has found out what the gateway says. */
    private boolean doubtful;
    private boolean probing;

    RateLimiter(Settings settings, LongSupplier nanoTime, Jitter jitter) {
        this.delay = settings.duration("aep.redelivery.delay");
        this.maxDelay = settings.duration("aep.redelivery.max-delay");
        this.whole = settings.integer("aep.rate");
        this.ceiling = whole;
        this.nanoTime = nanoTime;
        this.jitter = jitter;
        this.rate = ceiling;
        this.turns = ceiling;
        this.pausedAt = nanoTime.getAsLong();
        this.turnsAt = pausedAt;
        this.pausedUntil = pausedAt;
        this.contentSince = pausedAt;
    }

    /**
     * Takes a turn, which may be a moment away.
     *
     * @return when the call was let through, to be told to {@link #throttled} or {@link #content}, and to {@link #over}
     * @throws PlatformException THROTTLED, nothing sent
     */
    long admit(String call) throws PlatformException {
        try {
            awaitProbe();
            TimeUnit.NANOSECONDS.sleep(reserve(call));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            over(nanoTime.getAsLong());
            throw refused(call, "interrupted while it waited for its turn", Duration.ZERO);
        }
        return nanoTime.getAsLong();
    }

    private synchronized void awaitProbe() throws InterruptedException {
        long end = System.nanoTime() + LONGEST_QUEUE.toNanos();
        for (long left = LONGEST_QUEUE.toNanos(); probing && left > 0; left = end - System.nanoTime()) {
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
    }

    /** Nanoseconds until the call has its turn, which is its own from now on. */
    synchronized long reserve(String call) throws PlatformException {
        refuseDuringPause(call);
        if (probing) {
            throw refused(call, "not sent: another call finds out whether the gateway is content again", delay);
        }
        long now = nanoTime.getAsLong();
        speedUp(now);
        turns = Math.min(rate < ceiling ? 1 : Math.max(1, ceiling), turns + (now - turnsAt) / SECOND * rate);
        turnsAt = now;
        long wait = (long) (Math.max(0, 1 - turns) / rate * SECOND);
        if (wait > LONGEST_QUEUE.toNanos()) {
            throw refused(call, "more calls are waiting for their turn than aep.rate, or the gateway, lets through",
                    Duration.ofNanos(wait));
        }
        turns--;
        probing = doubtful;
        doubtful = false;
        return wait;
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
            rate = Math.min(ceiling, Math.max(SLOWEST, rate / 2));
            turns = Math.min(turns, 1);
            doubtful = true;
            toldOfProbe();
        }
        if (first || retryAfter != null) {
            long until = now + (retryAfter == null ? backOff() : retryAfter).toNanos();
            pausedUntil = until - pausedUntil > 0 ? until : pausedUntil;
            contentSince = pausedUntil;
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
            toldOfProbe();
        }
    }

    /** A call has ended, however: when it was to find out what the gateway says, and did not, the next one is. */
    synchronized void over(long admitted) {
        if (probing && admitted - pausedAt >= 0) {
            doubtful = true;
            toldOfProbe();
        }
    }

    private void toldOfProbe() {
        probing = false;
        notifyAll();
    }

    private void speedUp(long now) {
        long whiles = (now - contentSince) / CONTENT_AFTER.toNanos();
        if (rate < ceiling && whiles > 0) {
            rate = Math.min(ceiling, rate * Math.pow(FASTER, whiles));
            contentSince += whiles * CONTENT_AFTER.toNanos();
        }
    }

    /** From now on so many instances share what may be sent in a second, each an equal part. */
    synchronized void share(int instances) {
        boolean fullSpeed = rate == ceiling;
        ceiling = (double) whole / instances;
        rate = fullSpeed ? ceiling : Math.min(rate, ceiling);
    }

    /** Calls a second of all callers together. */
    synchronized double rate() {
        return rate;
    }
}
