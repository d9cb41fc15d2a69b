package io.github.aepdataflows.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.Logger;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Property;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class BreakerTest {

    private static final Duration PAUSE = Duration.ofSeconds(30);

    private final List<String> sent = new ArrayList<>();
    private long now = Long.MAX_VALUE - 5;   // it wraps
    private Breaker breaker;

    @BeforeEach
    void closed() throws Exception {
        breaker = new Breaker(RateLimiterTest.settings(Map.of()), () -> now, new Jitter(Duration.ofSeconds(1), () -> 0.5));
    }

    @ParameterizedTest
    @EnumSource(value = Outcome.class, names = {"NOT_SENT", "UNKNOWN"})
    void should_open_after_ten_calls_in_vain_and_then_send_nothing(Outcome outcome) {
        fail(outcome, 30);
        assertThat(sent).hasSize(10);
        sent.clear();

        for (String method : new String[] {"GET", "POST"}) {
            PlatformException refused = refused(method);
            assertThat(refused.getOutcome()).isEqualTo(Outcome.NOT_SENT);
            assertThat(refused.isWithheld()).isTrue();
            assertThat(refused.retryAfter()).contains(PAUSE.plusMillis(500));
        }
        assertThat(sent).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(value = Outcome.class, mode = EnumSource.Mode.EXCLUDE, names = {"NOT_SENT", "UNKNOWN"})
    void should_take_any_clear_refusal_for_a_sign_of_life(Outcome outcome) {
        fail(outcome, 100);

        assertThat(refused("POST")).isNull();
    }

    @ParameterizedTest
    @CsvSource({"14,false", "15,true"})
    void should_open_when_three_quarters_of_the_last_twenty_calls_were_in_vain(int failures, boolean open) {
        for (int good = failures; good < 20; good++) {
            assertThat(refused("GET")).isNull();
        }
        fail(Outcome.UNKNOWN, failures);

        assertThat(refused("GET") != null).isEqualTo(open);
    }

    @Test
    void should_not_count_what_we_held_back_ourselves() {
        for (int call = 0; call < 100; call++) {
            assertThatThrownBy(() -> breaker.around("GET /flows", true, () -> {
                throw PlatformException.withheld(Outcome.NOT_SENT, "GET /flows", "not now", null);
            })).hasMessageContaining("not now");
        }

        assertThat(refused("GET")).isNull();
    }

    @Test
    void should_let_one_read_through_after_the_pause_and_no_create_before_it_succeeded() throws Exception {
        open();
        now += PAUSE.toNanos() - 1;
        assertThat(refused("GET")).isNotNull();
        now += 2;
        assertThat(refused("POST")).as("not even as the first").isNotNull();

        breaker.around("GET /flows", true, () -> {
            assertThat(refused("GET").retryAfter()).contains(PAUSE.plusMillis(500));
            assertThat(refused("POST").getOutcome()).isEqualTo(Outcome.NOT_SENT);
            return sent.add("probe");
        });

        assertThat(sent).containsExactly("probe");
        assertThat(refused("POST")).isNull();
        assertThat(refused("GET")).isNull();
    }

    @Test
    void should_tell_how_long_it_is_to_the_next_probe() {
        open();
        now += Duration.ofSeconds(12).toNanos();

        assertThat(refused("GET").retryAfter()).contains(Duration.ofMillis(18_500));
    }

    @Test
    void should_pause_again_when_the_probe_failed() {
        open();
        for (int probe = 0; probe < 5; probe++) {
            now += PAUSE.toNanos() + 1;
            fail(Outcome.UNKNOWN, 1);
            assertThat(refused("GET").retryAfter()).contains(PAUSE.plusMillis(500));
        }

        assertThat(sent).hasSize(5);
    }

    @Test
    void should_give_the_permission_back_whatever_becomes_of_the_probe() {
        open();
        now += PAUSE.toNanos() + 1;
        for (Throwable end : List.of(new StackOverflowError(), new IllegalStateException(),
                PlatformException.withheld(Outcome.THROTTLED, "GET /flows", "not now", null))) {
            assertThatThrownBy(() -> breaker.around("GET /flows", true, () -> {
                throw BreakerTest.<RuntimeException>sneaky(end);
            })).isSameAs(end);
        }

        assertThat(refused("GET")).as("there is still a probe to be had").isNull();
        assertThat(refused("POST")).isNull();
    }

    @Test
    void should_say_in_one_line_that_it_opened_and_in_another_that_it_closed() {
        Lines lines = new Lines();
        Logger log = (Logger) LogManager.getLogger("aep.platform");
        lines.start();
        log.addAppender(lines);
        try {
            open();
            for (int probe = 0; probe < 3; probe++) {
                now += PAUSE.toNanos() + 1;
                fail(Outcome.UNKNOWN, 1);
                refused("POST");
            }
            now += PAUSE.toNanos() + 1;
            refused("GET");

            assertThat(lines.seen).containsExactly(
                    "WARN The Platform, or its token service, does not answer: nothing is sent but one read every 30.0 s, until it does",
                    "INFO The Platform answers again");
        } finally {
            log.removeAppender(lines);
        }
    }

    private void open() {
        fail(Outcome.NOT_SENT, 10);
        sent.clear();
    }

    private void fail(Outcome outcome, int times) {
        for (int call = 0; call < times; call++) {
            catchThrowableOfType(PlatformException.class, () -> breaker.around("GET /flows", true, () -> {
                sent.add("GET");
                throw PlatformException.noAnswer(outcome, "GET /flows", "down", null);
            }));
        }
    }

    /** What a call that would succeed is refused with; null when it is let through. */
    private PlatformException refused(String method) {
        return catchThrowableOfType(PlatformException.class,
                () -> breaker.around(method + " /flows", method.equals("GET"), () -> sent.add(method)));
    }

    @SuppressWarnings("unchecked")
    private static <E extends Throwable> E sneaky(Throwable throwable) throws E {
        throw (E) throwable;
    }

    private static final class Lines extends AbstractAppender {

        private final List<String> seen = new CopyOnWriteArrayList<>();

        private Lines() {
            super("lines", null, null, true, Property.EMPTY_ARRAY);
        }

        @Override
        public void append(LogEvent event) {
            seen.add(event.getLevel() + " " + event.getMessage().getFormattedMessage());
        }
    }
}
