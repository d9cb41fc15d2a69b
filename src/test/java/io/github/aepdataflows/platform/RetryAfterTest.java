package io.github.aepdataflows.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetryAfterTest {

    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-01-01T00:00:00Z"), ZoneOffset.UTC);
    private static final Duration CAP = Duration.ofMinutes(15);

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "0 | 0", "1 | 1", " 120 | 120", "900 | 900", "901 | 900", "315360000 | 900", "99999999999999999 | 900",
        "Thu, 01 Jan 2026 00:00:30 GMT | 30", "Thu, 01 Jan 2026 02:00:00 GMT | 900", "Tue, 01 Jan 2036 00:00:00 GMT | 900"})
    void should_wait_as_long_as_asked_but_not_longer_than_the_cap(String header, long seconds) {
        assertThat(RetryAfter.parse(header, CLOCK, CAP)).contains(Duration.ofSeconds(seconds));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-1", "soon", "1.5", "Wed, 31 Dec 2025 23:59:59 GMT", "2026-01-01", "99999999999999999999999999"})
    void should_ignore_what_makes_no_sense(String header) {
        assertThat(RetryAfter.parse(header, CLOCK, CAP)).isEmpty();
    }

    @Test
    void should_have_nothing_to_say_without_the_header() {
        assertThat(RetryAfter.parse(null, CLOCK, CAP)).isEqualTo(Optional.empty());
    }
}
