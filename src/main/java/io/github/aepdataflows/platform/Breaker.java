package io.github.aepdataflows.platform;

import io.github.aepdataflows.settings.Settings;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.State;
import io.github.resilience4j.circuitbreaker.CircuitBreaker.StateTransition;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Leaves a Platform alone that does not answer. Most of the last calls without an answer that is any use, or without a
 * connection: nothing is sent for a while, then one read to see whether it is back. Any clear answer, a refusal too, is
 * a sign of life.
 */
final class Breaker {

    private static final int WINDOW = 20;
    private static final int FEWEST_CALLS = 10;
    private static final float THRESHOLD = 75;
    private static final Duration NEVER = Duration.ofDays(1);

    private static final Logger LOG = LoggerFactory.getLogger("aep.platform");

    private final Duration pause;
    private final LongSupplier nanoTime;
    private final Jitter jitter;
    private final CircuitBreaker breaker;

    private volatile long openedAt;
    private volatile String reason = "";

    /** A call with all that it needs, the token included. */
    interface Call<T> {
        T send() throws IOException;
    }

    Breaker(Settings settings, LongSupplier nanoTime, Jitter jitter) {
        Duration atLeast = Duration.ofMillis(1);
        Duration wanted = settings.duration("aep.breaker.pause");
        this.pause = wanted.compareTo(atLeast) > 0 ? wanted : atLeast;
        this.nanoTime = nanoTime;
        this.jitter = jitter;
        this.breaker = CircuitBreaker.of("aep", CircuitBreakerConfig.custom()
                .slidingWindowSize(WINDOW)
                .minimumNumberOfCalls(FEWEST_CALLS)
                .failureRateThreshold(THRESHOLD)
                .slowCallDurationThreshold(NEVER)   // how long a call may take is bounded elsewhere
                .waitDurationInOpenState(pause)
                .permittedNumberOfCallsInHalfOpenState(1)
                .recordException(Breaker::isOutage)
                .ignoreException(Breaker::tellsNothing)
                .clock(new Monotonic(nanoTime))
                .build());
        breaker.getEventPublisher().onStateTransition(event -> changed(event.getStateTransition()));
    }

    /**
     * @param call in the words of {@link Calls#describe}
     * @param read whether the call changes nothing: only such a one may find out whether the Platform is back
     * @throws PlatformException NOT_SENT, with the time to the next probe, while the Platform is left alone
     */
    <T> T around(String call, boolean read, Call<T> sending) throws IOException {
        if (!read && breaker.getState() != State.CLOSED || !breaker.tryAcquirePermission()) {
            throw PlatformException.withheld(Outcome.NOT_SENT, call,
                    "not sent: the last calls had no answer, and the Platform is left alone for a while: " + reason, untilProbe());
        }
        try {
            T answer = sending.send();
            breaker.onSuccess(0, TimeUnit.NANOSECONDS);
            return answer;
        } catch (Throwable e) {
            if (isOutage(e) && !tellsNothing(e)) {
                reason = ((PlatformException) e).getText();
            }
            breaker.onError(0, TimeUnit.NANOSECONDS, e);   // gives the permission back when it tells nothing
            throw e;
        }
    }

    /** Whether every call is let through. */
    boolean isClosed() {
        return breaker.getState() == State.CLOSED;
    }

    /** Whether a read would now be let through to find out whether the Platform is back. */
    boolean isProbeDue() {
        return breaker.getState() == State.HALF_OPEN
                || breaker.getState() == State.OPEN && nanoTime.getAsLong() - openedAt > pause.toNanos();
    }

    private static boolean isOutage(Throwable failure) {
        return failure instanceof PlatformException refusal
                && (refusal.getOutcome() == Outcome.NOT_SENT || refusal.getOutcome() == Outcome.UNKNOWN);
    }

    private static boolean tellsNothing(Throwable failure) {
        return !(failure instanceof PlatformException refusal) || refusal.isWithheld();
    }

    /** While a probe is under way: as if it were to fail now. */
    private Duration untilProbe() {
        long since = breaker.getState() == State.HALF_OPEN ? 0 : nanoTime.getAsLong() - openedAt;
        return jitter.on(Duration.ofNanos(Math.max(0, pause.toNanos() - since)));
    }

    private void changed(StateTransition transition) {
        switch (transition) {
            case CLOSED_TO_OPEN -> {
                openedAt = nanoTime.getAsLong();
                LOG.warn("The Platform, or its token service, does not answer: nothing is sent but one read every {} s, until it does",
                        pause.toMillis() / 1000.0);
            }
            case HALF_OPEN_TO_OPEN -> openedAt = nanoTime.getAsLong();
            case HALF_OPEN_TO_CLOSED -> LOG.info("The Platform answers again");
            default -> { }
        }
    }

    /** A clock that nobody sets. */
    private static final class Monotonic extends Clock {

        private final LongSupplier nanoTime;
        private final long start;

        private Monotonic(LongSupplier nanoTime) {
            this.nanoTime = nanoTime;
            this.start = nanoTime.getAsLong();
        }

        @Override
        public Instant instant() {
            return Instant.EPOCH.plusNanos(nanoTime.getAsLong() - start);
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }
    }
}
