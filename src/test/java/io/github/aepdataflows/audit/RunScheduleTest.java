package io.github.aepdataflows.audit;

import static io.github.aepdataflows.audit.Documents.json;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RunScheduleTest {

    private static final Instant START = Instant.parse("2030-01-01T00:00:00Z");   // 1893456000

    @ParameterizedTest
    @CsvSource({"minute, 15, PT15M", "hour, 2, PT2H", "day, 1, PT24H", "week, 2, PT336H"})
    void should_know_every_frequency(String frequency, int interval, Duration period) {
        assertThat(schedule("{'startTime': 1893456000, 'frequency': '%s', 'interval': %d}".formatted(frequency, interval)))
                .contains(new RunSchedule(START, Optional.of(period)));
    }

    @Test
    void should_read_numbers_that_are_written_as_text() {
        assertThat(schedule("{'startTime': '1893456000', 'frequency': 'minute', 'interval': '30', 'backfill': 'true'}"))
                .contains(new RunSchedule(START, Optional.of(Duration.ofMinutes(30))));
    }

    @Test
    void should_give_a_flow_that_runs_once_no_period() {
        assertThat(schedule("{'startTime': 1893456000, 'frequency': 'once'}")).contains(new RunSchedule(START, Optional.empty()));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "null", "{}", "[]", "'hourly'",
        "{'frequency': 'hour', 'interval': 1}",
        "{'startTime': 'tomorrow', 'frequency': 'hour', 'interval': 1}",
        "{'startTime': 1893456000, 'frequency': 'month', 'interval': 1}",
        "{'startTime': 1893456000, 'interval': 1}",
        "{'startTime': 1893456000, 'frequency': 'hour'}",
        "{'startTime': 1893456000, 'frequency': 'hour', 'interval': 0}",
        "{'startTime': 1893456000, 'frequency': 'day', 'interval': -1}",
        "{'startTime': 1893456000, 'frequency': 'week', 'interval': 9223372036854775807}",
        "{'startTime': 9223372036854775807, 'frequency': 'hour', 'interval': 1}"
    })
    void should_say_nothing_about_a_schedule_that_it_does_not_understand(String scheduleParams) {
        assertThat(schedule(scheduleParams)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(nullValues = "none", value = {
        "2029-12-31T23:59:59.999Z, none",
        "2030-01-01T00:00:00Z, 2030-01-01T00:00:00Z",
        "2030-01-01T01:59:59.999Z, 2030-01-01T00:00:00Z",
        "2030-01-01T02:00:00Z, 2030-01-01T02:00:00Z",
        "2030-06-01T13:00:00Z, 2030-06-01T12:00:00Z"})
    void should_find_the_last_time_a_run_was_due(Instant now, Instant due) {
        RunSchedule everyTwoHours = new RunSchedule(START, Optional.of(Duration.ofHours(2)));

        assertThat(everyTwoHours.lastDue(now)).isEqualTo(Optional.ofNullable(due));
    }

    @Test
    void should_have_a_flow_that_runs_once_due_at_its_start_for_ever() {
        assertThat(new RunSchedule(START, Optional.empty()).lastDue(START.plus(Duration.ofDays(999)))).contains(START);
    }

    private static Optional<RunSchedule> schedule(String scheduleParams) {
        return RunSchedule.of(json(scheduleParams));
    }
}
