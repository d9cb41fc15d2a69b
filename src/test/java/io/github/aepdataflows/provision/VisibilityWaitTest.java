package io.github.aepdataflows.provision;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** When it may be believed that a create has made nothing. */
class VisibilityWaitTest {

    private final AtomicLong nanoTime = new AtomicLong(-5_000_000_000L);   // nanoTime may be negative, and pass through zero

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 300, 4_000, 120_000, 900_000})
    void should_look_three_times_or_more_over_the_whole_window_and_then_end(long windowMillis) {
        VisibilityWait waiting = waiting(windowMillis, 0);
        long began = nanoTime.get();
        long last = began;
        for (Optional<Duration> wait = waiting.missed(nanoTime.get()); wait.isPresent(); wait = waiting.missed(nanoTime.get())) {
            assertThat(wait.get()).isPositive();
            last = nanoTime.addAndGet(wait.get().toNanos());
        }

        assertThat(waiting.looks()).isBetween(3, 20);
        assertThat(last - began).isGreaterThanOrEqualTo(Duration.ofMillis(windowMillis).toNanos());
        assertThat(last - began).isLessThanOrEqualTo(Duration.ofMillis(windowMillis).plusSeconds(3).toNanos());
    }

    @Test
    void should_look_soon_at_first_and_then_less_often() {
        VisibilityWait waiting = waiting(120_000, 0);

        Duration first = waiting.missed(nanoTime.get()).orElseThrow();
        nanoTime.addAndGet(first.toNanos());
        Duration second = waiting.missed(nanoTime.get()).orElseThrow();

        assertThat(first).isLessThanOrEqualTo(Duration.ofSeconds(2));
        assertThat(second).isGreaterThan(first);
    }

    @Test
    void should_count_no_look_and_no_time_while_the_create_may_still_be_on_its_way() {
        VisibilityWait waiting = waiting(10_000, 60_000);
        for (int look = 0; look < 100; look++) {
            waiting.missed(nanoTime.get());
            nanoTime.addAndGet(Duration.ofMillis(500).toNanos());   // 50 seconds
        }
        assertThat(waiting.looks()).isZero();

        long deadline = nanoTime.addAndGet(Duration.ofSeconds(10).toNanos());
        for (Optional<Duration> wait = waiting.missed(nanoTime.get()); wait.isPresent(); wait = waiting.missed(nanoTime.get())) {
            nanoTime.addAndGet(wait.get().toNanos());
        }
        assertThat(nanoTime.get() - deadline).isGreaterThanOrEqualTo(Duration.ofSeconds(10).toNanos());
    }

    @Test
    void should_not_end_by_two_looks_however_long_they_lie_apart() {
        VisibilityWait waiting = waiting(1_000, 0);
        assertThat(waiting.missed(nanoTime.get())).isPresent();
        nanoTime.addAndGet(Duration.ofDays(1).toNanos());
        assertThat(waiting.missed(nanoTime.get())).isPresent();
        assertThat(waiting.missed(nanoTime.get())).isEmpty();
    }

    private VisibilityWait waiting(long windowMillis, long untilDeadlineMillis) {
        return new VisibilityWait(Duration.ofMillis(windowMillis), Duration.ofSeconds(1), Duration.ofMillis(untilDeadlineMillis),
                nanoTime::get);
    }

    @Test
    void should_count_a_look_from_where_it_began() {
        VisibilityWait waiting = waiting(120_000, 0);
        long look = Duration.ofSeconds(59).toNanos();
        int looks = 0;
        for (Optional<Duration> wait = Optional.of(Duration.ZERO); wait.isPresent(); looks++) {
            nanoTime.addAndGet(wait.get().toNanos());
            long startedAt = nanoTime.get();
            nanoTime.addAndGet(look);
            wait = waiting.missed(startedAt);
        }
        assertThat(nanoTime.get() - look - -5_000_000_000L).as("the last look began when the window was over")
                .isGreaterThanOrEqualTo(Duration.ofSeconds(120).toNanos());
        assertThat(looks).isGreaterThanOrEqualTo(3);
    }
}
