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
            Duration period = switch (frequency) {
                case "minute" -> Duration.ofMinutes(interval);
                case "hour" -> Duration.ofHours(interval);
                case "day" -> Duration.ofDays(interval);
                case "week" -> Duration.ofDays(Math.multiplyExact(7, interval));
                default -> Duration.ZERO;
            };
            boolean isPeriodic = !period.isZero() && !period.isNegative();
            return isPeriodic || frequency.equals("once")
                    ? Optional.of(new RunSchedule(start, Optional.of(period).filter(each -> isPeriodic)))
                    : Optional.empty();
        } catch (DateTimeException | ArithmeticException e) {
            return Optional.empty();
        }
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
