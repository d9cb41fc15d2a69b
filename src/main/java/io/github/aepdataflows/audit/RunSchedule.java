package io.github.aepdataflows.audit;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * When a flow's runs are due, from its {@code scheduleParams}: start in epoch seconds, numbers perhaps as text.
 *
 * @param period between two runs; absent for a flow that runs once
 */
record RunSchedule(Instant start, Optional<Duration> period) {

    /** Absent when the schedule is none that we understand: then nothing can be said about lateness. */
    static Optional<RunSchedule> of(JsonNode scheduleParams) {
        String frequency = scheduleParams.path("frequency").asText();
        long interval = scheduleParams.path("interval").asLong(0);
        long startTime = scheduleParams.path("startTime").asLong(0);
        if (startTime <= 0) {
            return Optional.empty();
        }
        try {
            Instant start = Instant.ofEpochSecond(startTime);
            return switch (frequency) {
                case "once" -> Optional.of(new RunSchedule(start, Optional.empty()));
                case "minute" -> every(start, Duration.ofMinutes(interval));
                case "hour" -> every(start, Duration.ofHours(interval));
                case "day" -> every(start, Duration.ofDays(interval));
                case "week" -> every(start, Duration.ofDays(Math.multiplyExact(7, interval)));
                default -> Optional.empty();
            };
        } catch (DateTimeException | ArithmeticException e) {
            return Optional.empty();
        }
    }

    private static Optional<RunSchedule> every(Instant start, Duration period) {
        return period.isZero() || period.isNegative() ? Optional.empty() : Optional.of(new RunSchedule(start, Optional.of(period)));
    }

    /** The last time at or before the given one at which a run was due; absent before the start. */
    Optional<Instant> lastDue(Instant time) {
        if (time.isBefore(start)) {
            return Optional.empty();
        }
        return Optional.of(period.map(each -> start.plus(each.multipliedBy(Duration.between(start, time).dividedBy(each))))
                .orElse(start));
    }
}
