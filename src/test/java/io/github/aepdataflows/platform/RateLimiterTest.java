package io.github.aepdataflows.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.github.aepdataflows.settings.Settings;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Properties;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RateLimiterTest {

    private static final Duration SECOND = Duration.ofSeconds(1);

    private long now = Long.MAX_VALUE - 5;   // it wraps
    private double random;

    @Test
    void should_refuse_every_call_until_the_time_that_the_gateway_asked_for() throws Exception {
        RateLimiter pace = pace(50);
        pace.throttled(pace.admit("GET /flows"), Duration.ofSeconds(30));
        now += Duration.ofSeconds(10).toNanos();

        PlatformException refused = refused(pace);
        assertThat(refused.getOutcome()).isEqualTo(Outcome.THROTTLED);
        assertThat(refused.isWithheld()).isTrue();
        assertThat(refused.retryAfter()).contains(Duration.ofSeconds(20));
        assertThatThrownBy(() -> pace.refuseDuringPause("GET /flows")).isInstanceOf(PlatformException.class);

        now += Duration.ofSeconds(20).toNanos();
        pace.admit("GET /flows");
    }

    @Test
    void should_not_call_all_that_wait_back_at_the_same_moment() throws Exception {
        RateLimiter pace = pace(50);
        pace.throttled(pace.admit("GET /flows"), Duration.ofSeconds(30));

        random = 0.25;
        assertThat(refused(pace).retryAfter()).contains(Duration.ofMillis(30_250));
        random = 0.75;
        assertThat(refused(pace).retryAfter()).contains(Duration.ofMillis(30_750));
    }

    @Test
    void should_wait_longer_at_each_refusal_in_a_row_up_to_the_longest_delay() throws Exception {
        RateLimiter pace = pace(50);

        assertThat(IntStream.range(0, 40).mapToObj(n -> throttledAgain(pace)).limit(8))
                .containsExactly(seconds(1), seconds(2), seconds(4), seconds(8), seconds(16), seconds(32), seconds(60), seconds(60));
        pace.content(pace.admit("GET /flows"));
        assertThat(throttledAgain(pace)).as("after a success").isEqualTo(SECOND);
    }

    @Test
    void should_blur_a_wait_of_its_own_within_the_configured_delays() throws Exception {
        RateLimiter pace = pace(50);
        random = 0.999;
        pace.throttled(pace.admit("GET /flows"), null);

        random = 0;
        assertThat(refused(pace).retryAfter().orElseThrow()).isBetween(Duration.ofMillis(1490), Duration.ofMillis(1500));
    }

    @Test
    void should_count_calls_that_were_refused_together_as_one() throws Exception {
        RateLimiter pace = pace(50);
        long[] together = {pace.admit("GET /flows"), pace.admit("GET /flows"), pace.admit("GET /flows")};
        for (long admitted : together) {
            now += 1000;
            pace.throttled(admitted, null);
        }

        assertThat(pace.rate()).isEqualTo(25);
        assertThat(refused(pace).retryAfter()).contains(SECOND.minusNanos(2000));
    }

    @Test
    void should_never_shorten_a_wait() throws Exception {
        RateLimiter pace = pace(50);
        long early = pace.admit("GET /flows");
        pace.throttled(pace.admit("GET /flows"), Duration.ofSeconds(30));
        pace.throttled(early, Duration.ofSeconds(5));
        assertThat(refused(pace).retryAfter()).contains(Duration.ofSeconds(30));

        pace.throttled(early, Duration.ofSeconds(50));
        assertThat(refused(pace).retryAfter()).contains(Duration.ofSeconds(50));
    }

    @Test
    void should_halve_the_rate_at_each_refusal_and_raise_it_little_by_little_once_the_gateway_is_content() throws Exception {
        RateLimiter pace = pace(8);
        for (double rate : new double[] {4, 2, 1, 0.5, 0.25, 0.125, 0.1, 0.1}) {
            pace.throttled(now, Duration.ofSeconds(30));
            assertThat(pace.rate()).isEqualTo(rate);
            now += Duration.ofSeconds(30).toNanos();
        }
        for (double rate : new double[] {0.125, 0.15625}) {
            now += Duration.ofSeconds(10).toNanos();
            catchThrowable(() -> pace.reserve("GET /flows"));
            pace.content(now);
            assertThat(pace.rate()).isEqualTo(rate);
        }
        now += Duration.ofMinutes(10).toNanos();
        pace.reserve("GET /flows");
        assertThat(pace.rate()).as("also where nobody called meanwhile").isEqualTo(8);
    }

    @Test
    void should_send_its_part_of_the_rate_and_no_faster_than_the_gateway_lets_it() throws Exception {
        RateLimiter pace = pace(8);
        pace.share(2);
        assertThat(pace.rate()).isEqualTo(4);
        assertThat(sentAtOnce(pace)).isEqualTo(4);
        pace.throttled(now, Duration.ofSeconds(30));
        pace.share(1);
        assertThat(pace.rate()).as("it was asked for less").isEqualTo(2);
        pace.share(16);
        assertThat(pace.rate()).isEqualTo(0.5);
        now += Duration.ofMinutes(10).toNanos();
        assertThat(sentAtOnce(pace)).as("less than one a second").isEqualTo(1);
        pace.share(1);
        assertThat(pace.rate()).isEqualTo(8);
    }

    /** How many have their turn without a wait. */
    private int sentAtOnce(RateLimiter pace) throws PlatformException {
        int sent = 0;
        while (pace.reserve("GET /flows") == 0) {
            pace.content(now);
            sent++;
        }
        return sent;
    }

    @Test
    void should_let_one_call_alone_find_out_whether_the_gateway_is_content_again() throws Exception {
        RateLimiter pace = pace(50);
        pace.throttled(pace.admit("GET /flows"), Duration.ofSeconds(30));
        now += Duration.ofSeconds(30).toNanos();

        pace.reserve("GET /flows");
        now++;
        assertThatThrownBy(() -> pace.reserve("GET /flows")).isInstanceOf(PlatformException.class)
                .hasMessageContaining("another call finds out");
        pace.throttled(now, Duration.ofSeconds(30));
        now += Duration.ofSeconds(30).toNanos();
        pace.reserve("GET /flows");
        assertThatThrownBy(() -> pace.reserve("GET /flows")).hasMessageContaining("another call finds out");
        pace.over(now);
        pace.reserve("GET /flows");
        assertThatThrownBy(() -> pace.reserve("GET /flows")).as("the one before had no answer")
                .hasMessageContaining("another call finds out");
        pace.content(now);
        pace.reserve("GET /flows");
        pace.reserve("GET /flows");
    }

    /** What a caller does next: ask for its turn, send, or read the answer. */
    private enum Next { ASK, SEND, ACCEPTED, REFUSED }

    private record Event(long time, Next next, long sent) {
    }

    /** 2000 calls in a time of their own; the gateway lets 60 through in any minute, and each takes 50 ms. */
    @ParameterizedTest
    @CsvSource({"1, 60", "4, 60", "8, 60", "1, 10", "4, 10", "8, 10", "1, 0", "4, 0", "8, 0"})
    void should_have_few_calls_refused_by_a_gateway_that_lets_few_through(int callers, int retryAfter) throws Exception {
        now = 0;
        RateLimiter pace = pace(50);
        Random seeded = new Random(Long.getLong("seed", 42));
        Duration asked = retryAfter == 0 ? null : Duration.ofSeconds(retryAfter);
        PriorityQueue<Event> events = new PriorityQueue<>(Comparator.comparingLong(Event::time));
        Deque<Long> lastMinute = new ArrayDeque<>();
        int accepted = 0;
        int refused = 0;
        for (int caller = 0; caller < callers; caller++) {
            events.add(new Event(0, Next.ASK, 0));
        }
        while (accepted < 2_000) {
            Event event = events.remove();
            now = event.time();
            random = seeded.nextDouble();
            try {
                switch (event.next()) {
                    case ASK -> events.add(new Event(now + pace.reserve("GET /flows"), Next.SEND, 0));
                    case SEND -> {
                        pace.refuseDuringPause("GET /flows");
                        lastMinute.removeIf(time -> time <= now - Duration.ofMinutes(1).toNanos());
                        boolean full = lastMinute.size() == 60;
                        if (!full) {
                            lastMinute.add(now);
                        }
                        events.add(new Event(now + Duration.ofMillis(50).toNanos(), full ? Next.REFUSED : Next.ACCEPTED, now));
                    }
                    case ACCEPTED -> {
                        accepted++;
                        pace.content(event.sent());
                        events.add(new Event(now, Next.ASK, 0));
                    }
                    default -> {
                        refused++;
                        events.add(new Event(now + pace.throttled(event.sent(), asked).toNanos(), Next.ASK, 0));
                    }
                }
            } catch (PlatformException e) {
                events.add(new Event(now + e.retryAfter().orElseThrow().toNanos(), Next.ASK, 0));
            }
        }

        assertThat(refused).as("of 2000, in %s", Duration.ofNanos(now)).isLessThanOrEqualTo(100);
        assertThat(Duration.ofNanos(now)).as("34 minutes would do").isLessThan(Duration.ofMinutes(60));
    }

    @Test
    void should_refuse_a_call_whose_turn_is_too_far_away() throws Exception {
        RateLimiter pace = pace(1);
        Thread.currentThread().interrupt();   // so that those that have a turn do not wait for it here
        PlatformException refused = null;
        for (int call = 0; call < 10 && (refused == null || refused.getMessage().contains("interrupted")); call++) {
            refused = catchThrowableOfType(PlatformException.class, () -> pace.admit("GET /flows"));
        }

        assertThat(Thread.interrupted()).isTrue();
        assertThat(refused).hasMessageContaining("aep.rate");
        assertThat(refused.getOutcome()).isEqualTo(Outcome.THROTTLED);
        assertThat(refused.retryAfter()).contains(Duration.ofSeconds(3));
    }

    private Duration throttledAgain(RateLimiter pace) {
        try {
            Duration wait = pace.throttled(pace.admit("GET /flows"), null);
            now += Duration.ofMinutes(2).toNanos();
            return wait;
        } catch (PlatformException e) {
            throw new AssertionError(e);
        }
    }

    private static PlatformException refused(RateLimiter pace) {
        return catchThrowableOfType(PlatformException.class, () -> pace.admit("GET /flows"));
    }

    private static Duration seconds(int seconds) {
        return Duration.ofSeconds(seconds);
    }

    private RateLimiter pace(int rate) throws Exception {
        Settings settings = settings(Map.of("aep.rate", String.valueOf(rate)));
        return new RateLimiter(settings, () -> now, new Jitter(SECOND, () -> random));
    }

    static Settings settings(Map<String, String> properties) throws Exception {
        Properties all = new Properties();
        all.putAll(Map.of("aep.client-id", "id", "aep.client-secret", "secret", "aep.sandbox", "dev",
                "aep.org-id", "ABCDEFGHIJKLMNOPQRSTUVWX@AdobeOrg"));
        all.putAll(properties);
        return TimedClient.settings(all);
    }
}
