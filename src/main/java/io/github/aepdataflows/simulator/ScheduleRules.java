package io.github.aepdataflows.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;

/** The coded rules for {@code scheduleParams} of "Flow Service errors"; its JSON Schema is checked by {@link FlowSpecs}. */
final class ScheduleRules {

    private ScheduleRules() {
    }

    static void check(JsonNode schedule, boolean form2020) {
        if (!schedule.isObject() || schedule.isEmpty()) {
            throw Refusal.flow("1317-400", "scheduleParams is missing or empty");
        }
        String frequency = Json.text(schedule, "frequency");
        boolean once = frequency.equals("once");
        if (!Schedule.FREQUENCIES.containsKey(frequency) || once && form2020) {
            throw Refusal.flow("1397-400", "The frequency " + frequency + " is not valid");
        }
        if (!once) {
            checkInterval(frequency, Json.text(schedule, "interval"));
        } else if (schedule.has("interval")) {
            throw Refusal.flow("1361-400", "A flow that runs once has no interval");
        } else if (schedule.has("backfill")) {
            throw Refusal.flow("1364-400", "A flow that runs once has no backfill");
        }
    }

    private static void checkInterval(String frequency, String interval) {
        if (!interval.matches("-?\\d{1,9}")) {
            throw Refusal.flow("1363-400", "The frequency " + frequency + " needs a whole number as interval");
        }
        int number = Integer.parseInt(interval);
        if (number < 1) {
            throw Refusal.flow("1394-400", "The interval must be at least 1");
        }
        if (frequency.equals("minute") && number < 15) {
            throw Refusal.flow("1362-400", "The interval must be at least 15 minutes");
        }
    }

    /** @param now the moment of creation; both are compared in whole seconds, the unit of startTime */
    static void checkStart(JsonNode schedule, Instant now) {
        String start = Json.text(schedule, "startTime");
        if (start.matches("\\d{1,18}") && Long.parseLong(start) < now.getEpochSecond()) {
            throw Refusal.flow("1360-400", "startTime " + start + " is in the past");
        }
    }

    /** What may no longer change once the first run was due. */
    static void checkChange(JsonNode before, JsonNode after, Instant now) {
        if (!before.isObject() || Schedule.of(before).start().isAfter(now)) {
            return;
        }
        if (!Json.text(before, "startTime").equals(Json.text(after, "startTime"))) {
            throw Refusal.flow("1366-400", "startTime has passed and cannot change");
        }
        if (!Json.text(before, "frequency").equals("once") && Json.text(after, "frequency").equals("once")) {
            throw Refusal.flow("1403-400", "The frequency cannot become once after the start");
        }
        if (!Json.text(before, "backfill").equals(Json.text(after, "backfill"))) {
            throw Refusal.flow("1404-400", "backfill cannot change after the start");
        }
    }
}
