package io.github.aepdataflows.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.stream.LongStream;

/**
 * When a flow runs. Read from {@code scheduleParams}, where numbers may be written as strings.
 *
 * @param start  {@code startTime}, epoch seconds on the wire
 * @param period between two runs; zero for {@code once}
 */
record Schedule(Instant start, Duration period) {

    static final Map<String, Duration> FREQUENCIES = Map.of("once", Duration.ZERO, "minute", Duration.ofMinutes(1),
        "hour", Duration.ofHours(1), "day", Duration.ofDays(1), "week", Duration.ofDays(7));

    static Schedule of(JsonNode scheduleParams) {
        Duration unit = FREQUENCIES.get(scheduleParams.path("frequency").asText());
        return new Schedule(Instant.ofEpochSecond(scheduleParams.path("startTime").asLong()),
            unit.multipliedBy(scheduleParams.path("interval").asLong(0)));
    }

    /** The newest {@code max} slots in {@code (after, until]}, the oldest first. */
    LongStream slots(Instant after, Instant until, int max) {
        if (until.isBefore(start)) {
            return LongStream.empty();
        }
        if (period.isZero()) {
            return after.isBefore(start) ? LongStream.of(0) : LongStream.empty();
        }
        long last = slot(until);
        long first = after.isBefore(start) ? 0 : slot(after) + 1;
        return LongStream.rangeClosed(Math.max(first, last - max + 1), last);
    }

    /** The first slot after a moment; empty for {@code once} when that is over. */
    Optional<Instant> next(Instant after) {
        if (after.isBefore(start)) {
            return Optional.of(start);
        }
        return period.isZero() ? Optional.empty() : Optional.of(at(slot(after) + 1));
    }

    /** The last one by then, which is not before the start. */
    private long slot(Instant by) {
        return (by.getEpochSecond() - start.getEpochSecond()) / period.getSeconds();
    }

    Instant at(long slot) {
        return start.plus(period.multipliedBy(slot));
    }
}
