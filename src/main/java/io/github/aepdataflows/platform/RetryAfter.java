package io.github.aepdataflows.platform;

import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.hc.core5.http.HttpMessage;

/** The {@code Retry-After} header in both its forms, seconds and HTTP date (RFC 9110, 10.2.3). */
final class RetryAfter {

    private static final Pattern SECONDS = Pattern.compile("[0-9]{1,18}");

    private RetryAfter() {
    }

    /** As the other, of an answer. */
    static Optional<Duration> of(HttpMessage answer, Clock clock, Duration cap) {
        return Optional.ofNullable(answer.getFirstHeader("Retry-After")).flatMap(header -> parse(header.getValue(), clock, cap));
    }

    /** How long to wait, at most {@code cap}; absent when the header is, or makes no sense. */
    static Optional<Duration> parse(String header, Clock clock, Duration cap) {
        if (header == null) {
            return Optional.empty();
        }
        String value = header.strip();
        try {
            Duration wait = SECONDS.matcher(value).matches()
                    ? Duration.ofSeconds(Math.min(Long.parseLong(value), cap.toSeconds() + 1))
                    : Duration.between(clock.instant(), ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME));
            return wait.isNegative() ? Optional.empty() : Optional.of(wait.compareTo(cap) > 0 ? cap : wait);
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }
}
