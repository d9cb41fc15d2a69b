package io.github.aepdataflows.audit;

import static io.github.aepdataflows.audit.Documents.flow;
import static io.github.aepdataflows.audit.Documents.hourly;
import static io.github.aepdataflows.audit.Documents.run;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.aepdataflows.audit.FlowHealth.State;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Lateness against a flow's own schedule, with a grace time of 30 minutes. */
class LateFlowTest {

    private static final String ONCE = "{'startTime': 1893456000, 'frequency': 'once'}";
    private static final String WEEKLY = "{'startTime': '1893456000', 'frequency': 'week', 'interval': '1'}";

    @ParameterizedTest
    @CsvSource({"2026-03-02T12:29:59.999Z, HEALTHY", "2026-03-02T12:30:00Z, LATE", "2026-03-02T12:30:00.001Z, LATE"})
    void should_wait_for_a_run_until_the_grace_time_is_over(Instant now, State state) {
        assertThat(judge(now, hourly("f"), run("r", "2026-03-02T11:00:00Z", "success")).state()).isEqualTo(state);
    }

    @Test
    void should_say_which_run_is_missing_and_which_was_the_last() {
        assertThat(judge("2026-03-02T14:45:00Z", hourly("f"), run("r", "2026-03-02T11:00:00Z", "success")).reason())
                .isEqualTo("a run was due at 2026-03-02T14:00:00Z, but the last one came at 2026-03-02T11:00:00Z");
    }

    @Test
    void should_take_a_run_that_came_at_the_very_moment_for_punctual() {
        assertThat(judge("2026-03-02T12:45:00Z", hourly("f"), run("r", "2026-03-02T12:00:00Z", "success")).state())
                .isEqualTo(State.HEALTHY);
    }

    @ParameterizedTest
    @CsvSource({"2030-01-08T00:29:59Z, HEALTHY", "2030-01-08T00:30:00Z, LATE"})
    void should_know_weeks(Instant now, State state) {
        assertThat(judge(now, flow("f", WEEKLY), run("r", "2030-01-01T00:00:00Z", "success")).state()).isEqualTo(state);
    }

    @Test
    void should_never_call_a_flow_late_that_ran_once() {
        assertThat(judge("2031-01-01T00:00:00Z", flow("f", ONCE), run("r", "2030-01-01T00:00:05Z", "success")).state())
                .isEqualTo(State.HEALTHY);
    }

    @Test
    void should_not_expect_a_run_before_the_schedule_starts() {
        assertThat(judge("2029-12-31T00:00:00Z", flow("f", WEEKLY), run("r", "2029-01-01T00:00:00Z", "success")).state())
                .isEqualTo(State.HEALTHY);
    }

    @ParameterizedTest
    @CsvSource({"2026-03-02T12:29:59Z, HEALTHY, its last run succeeded",
        "2026-03-02T12:30:01Z, LATE, its run of 2026-03-02T11:00:00Z is still inProgress"})
    void should_give_an_open_run_one_period_and_the_grace_time_though_others_have_come_since(Instant now, State state, String reason) {
        FlowHealth health = judge(now, hourly("f"), run("r1", "2026-03-02T11:00:00Z", "inProgress"),
                run("r2", "2026-03-02T12:00:00Z", "success"));

        assertThat(health.state()).isEqualTo(state);
        assertThat(health.reason()).isEqualTo(reason);
    }

    @ParameterizedTest
    @CsvSource({"2030-01-02T00:29:59Z, HEALTHY", "2030-01-02T00:30:01Z, LATE"})
    void should_give_the_run_of_a_flow_that_runs_once_a_day_and_the_grace_time(Instant now, State state) {
        assertThat(judge(now, flow("f", ONCE), run("r", "2030-01-01T00:00:00Z", "inProgress")).state()).isEqualTo(state);
    }

    @Test
    void should_not_guess_lateness_from_a_run_without_times() {
        JsonNode timeless = Documents.object("{'id': 'r', 'createdAt': null, 'metrics': {'statusSummary': {'status': 'success'}}}");

        assertThat(judge("2026-03-02T12:45:00Z", hourly("f"), timeless).state()).isEqualTo(State.HEALTHY);
    }

    @Test
    void should_not_guess_lateness_without_a_schedule() {
        assertThat(judge("2026-03-02T12:45:00Z", flow("f", "{'frequency': 'month'}"), run("r", "2020-01-01T00:00:00Z", "success")).state())
                .isEqualTo(State.HEALTHY);
    }

    private static FlowHealth judge(String now, JsonNode flow, JsonNode... runs) {
        return judge(Instant.parse(now), flow, runs);
    }

    private static FlowHealth judge(Instant now, JsonNode flow, JsonNode... runs) {
        return new FlowJudge(now, Duration.ofMinutes(30), now.minus(Duration.ofDays(7)))
                .judge(flow, List.of(runs), Optional.empty(), now.minus(Duration.ofDays(1)), false);
    }
}
