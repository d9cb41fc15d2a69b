package io.github.aepdataflows.audit;

import static io.github.aepdataflows.audit.Documents.NOON;
import static io.github.aepdataflows.audit.Documents.flow;
import static io.github.aepdataflows.audit.Documents.hourly;
import static io.github.aepdataflows.audit.Documents.run;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.aepdataflows.audit.FlowHealth.Counts;
import io.github.aepdataflows.audit.FlowHealth.LastRun;
import io.github.aepdataflows.audit.FlowHealth.State;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FlowJudgeTest {

    private static final Instant SINCE = NOON.minus(Duration.ofHours(6));

    @Test
    void should_call_a_flow_healthy_whose_runs_all_succeeded() {
        FlowHealth health = judge(hourly("f"), run("r2", "2026-03-02T12:00:00Z", "success"),
                run("r1", "2026-03-02T11:00:00Z", "Success"));

        assertThat(health.state()).isEqualTo(State.HEALTHY);
        assertThat(health.reason()).isEqualTo("its last run succeeded");
        assertThat(health.lastRun()).isEqualTo(new LastRun("r2", "success", null, null));
    }

    @Test
    void should_call_a_flow_healthy_that_is_running_now() {
        FlowHealth health = judge(hourly("f"), run("r", "2026-03-02T12:00:00Z", "inProgress"));

        assertThat(health.state()).isEqualTo(State.HEALTHY);
        assertThat(health.reason()).isEqualTo("its last run is inProgress");
    }

    @Test
    void should_call_a_flow_failed_when_any_run_failed_and_tell_the_first_error_of_the_newest() {
        JsonNode failed = run("r2", "2026-03-02T11:00:00Z", "failed").setAll(Documents.object("""
            {"activities": [{"id": "copyActivity", "statusSummary": {"extensions": {"errors": [
                {"code": "CONNECTOR-3001-500", "message": "The source could not be read."}]}}}]}"""));

        FlowHealth health = judge(hourly("f"), run("r1", "2026-03-02T10:00:00Z", "failed"), failed,
                run("r3", "2026-03-02T12:00:00Z", "success"));

        assertThat(health.state()).isEqualTo(State.FAILED);
        assertThat(health.reason()).isEqualTo(
                "2 of 3 runs failed, the last at 2026-03-02T11:00:00Z: CONNECTOR-3001-500: The source could not be read.");
        assertThat(health.lastRun().id()).isEqualTo("r3");
    }

    @Test
    void should_call_a_flow_partial_when_a_success_lost_records() {
        FlowHealth health = judge(hourly("f"), run("r1", "2026-03-02T11:00:00Z", "success", "{'failedRecordCount': 7}"),
                run("r2", "2026-03-02T12:00:00Z", "success", "{'failedRecordCount': 0}"));

        assertThat(health.state()).isEqualTo(State.PARTIAL);
        assertThat(health.reason()).isEqualTo("1 of 2 runs lost records (7 in the last)");
    }

    @Test
    void should_call_a_success_with_errors_partial_though_nobody_knows_how_many_records_it_lost() {
        JsonNode run = run("r", "2026-03-02T12:00:00Z", "success").setAll(Documents.object(
                "{'activites': [{'statusSummary': {'extensions': {'errors': [{'code': 'INGEST-1212-400', 'message': 'm'}]}}}]}"));

        FlowHealth health = judge(hourly("f"), run);

        assertThat(health.state()).isEqualTo(State.PARTIAL);
        assertThat(health.reason()).isEqualTo("its last run lost records (unknown how many): INGEST-1212-400: m");
    }

    @Test
    void should_not_speak_of_lost_records_where_none_was() {
        JsonNode run = run("r", "2026-03-02T12:00:00Z", "success", "{'failedRecordCount': 0}").setAll(Documents.object(
                "{'activites': [{'statusSummary': {'extensions': {'errors': [{'code': 'INGEST-1', 'message': 'm'}]}}}]}"));

        FlowHealth health = judge(hourly("f"), run);

        assertThat(health.state()).isEqualTo(State.PARTIAL);
        assertThat(health.reason()).isEqualTo("its last run succeeded in part, without failed records: INGEST-1: m");
    }

    @ParameterizedTest
    @ValueSource(strings = {"disabled", "disabling", "delete-finalizing"})
    void should_call_a_flow_disabled_that_is_not_to_run(String state) {
        FlowHealth health = judge(hourly("f").put("state", state), run("r", "2026-03-02T07:00:00Z", "failed"));

        assertThat(health.state()).isEqualTo(State.DISABLED);
        assertThat(health.reason()).isEqualTo("its state is " + state);
        assertThat(health.runs().failed()).isEqualTo(1);
    }

    @Test
    void should_tell_a_draft_from_a_flow_that_was_stopped() {
        FlowHealth health = judge(hourly("f").put("state", "draft"));

        assertThat(health.state()).isEqualTo(State.DRAFT);
        assertThat(health.reason()).isEqualTo("it is a draft, and runs nothing until it is published");
    }

    @ParameterizedTest
    @ValueSource(strings = {"enabled", "initializing", "enabling", "updating", "enabled-finalizing"})
    void should_judge_a_flow_in_any_working_state(String state) {
        assertThat(judge(hourly("f").put("state", state), run("r", "2026-03-02T12:00:00Z", "success")).state())
                .isEqualTo(State.HEALTHY);
    }

    @Test
    void should_call_a_flow_unknown_whose_state_is_new_to_us() {
        FlowHealth health = judge(hourly("f").put("state", "paused"), run("r", "2026-03-02T12:00:00Z", "success"));

        assertThat(health.state()).isEqualTo(State.UNKNOWN);
        assertThat(health.reason()).isEqualTo("its state \"paused\" is not recognised");
    }

    @Test
    void should_call_a_flow_unknown_that_has_no_state() {
        assertThat(judge(Documents.object("{'id': 'f'}")).state()).isEqualTo(State.UNKNOWN);
    }

    @Test
    void should_name_a_run_whose_status_is_new_to_us() {
        FlowHealth health = judge(hourly("f"), run("r1", "2026-03-02T11:00:00Z", "cancelled"),
                run("r2", "2026-03-02T12:00:00Z", "success"));

        assertThat(health.state()).isEqualTo(State.UNKNOWN);
        assertThat(health.reason()).isEqualTo("run r1 has the unrecognised status \"cancelled\"");
    }

    @Test
    void should_put_the_most_urgent_state_first() {
        JsonNode failed = run("r1", "2026-03-02T07:00:00Z", "failed");
        JsonNode partial = run("r2", "2026-03-02T08:00:00Z", "success", "{'failedRecordCount': 1}");
        JsonNode odd = run("r3", "2026-03-02T09:00:00Z", "odd");
        JsonNode inTime = run("r4", "2026-03-02T12:00:00Z", "success");

        assertThat(judge(hourly("f"), failed, partial, odd).state()).isEqualTo(State.FAILED);
        assertThat(judge(hourly("f"), partial, odd).state()).isEqualTo(State.LATE);
        assertThat(judge(hourly("f"), partial, odd, inTime).state()).isEqualTo(State.PARTIAL);
        assertThat(judge(hourly("f"), odd, inTime).state()).isEqualTo(State.UNKNOWN);
    }

    @Test
    void should_judge_a_flow_without_new_runs_by_its_newest_one() {
        FlowHealth health = judge(hourly("f"), List.of(), Optional.of(run("old", "2026-03-01T07:00:00Z", "failed")));

        assertThat(health.state()).isEqualTo(State.FAILED);
        assertThat(health.lastRun().id()).isEqualTo("old");
        assertThat(health.runs().total()).isZero();
    }

    @Test
    void should_say_when_the_first_run_of_a_flow_was_due_that_never_came() {
        FlowHealth health = judge(hourly("f"));

        assertThat(health.state()).isEqualTo(State.NEVER_RAN);
        assertThat(health.reason()).isEqualTo("its first run was due at 2026-03-02T00:00:00Z and never came");
        assertThat(health.lastRun()).isNull();
    }

    @Test
    void should_say_when_the_first_run_of_a_flow_is_due_that_starts_in_the_future() {
        FlowHealth health = judge(flow("f", "{'startTime': 1893456000, 'frequency': 'week', 'interval': 1}"));

        assertThat(health.state()).isEqualTo(State.NEVER_RAN);
        assertThat(health.reason()).isEqualTo("its first run is due at 2030-01-01T00:00:00Z");
    }

    @Test
    void should_say_that_a_schedule_is_not_understood() {
        assertThat(judge(flow("f", "{'frequency': 'month'}")).reason()).isEqualTo("it has no schedule that is understood");
    }

    @Test
    void should_add_up_the_counts_that_are_known() {
        FlowHealth health = judge(hourly("f"),
                run("r1", "2026-03-02T07:00:00Z", "success", "{'inputRecordCount': 10, 'outputRecordCount': 10, 'failedRecordCount': 0}"),
                run("r2", "2026-03-02T08:00:00Z", "success", "{'inputRecordCount': 5, 'failedRecordCount': 2}"),
                run("r3", "2026-03-02T09:00:00Z", "failed"),
                run("r4", "2026-03-02T10:00:00Z", "odd"),
                run("r5", "2026-03-02T11:00:00Z", "waiting"),
                run("r6", "2026-03-02T12:00:00Z", "inProgress"));

        assertThat(health.runs()).isEqualTo(new Counts(6, 1, 1, 1, 2, 1, 15L, 10L, 2L));
    }

    @Test
    void should_leave_counts_unknown_that_no_run_tells() {
        assertThat(judge(hourly("f"), run("r", "2026-03-02T12:00:00Z", "success")).runs())
                .isEqualTo(new Counts(1, 1, 0, 0, 0, 0, null, null, null));
    }

    @Test
    void should_have_the_next_audit_read_from_just_after_the_newest_run_whatever_our_clock_says() {
        assertThat(judge(hourly("f"), run("r", "2026-03-02T11:59:00Z", "success")).nextSince())
                .isEqualTo(Instant.parse("2026-03-02T11:59:00.001Z"));
    }

    @Test
    void should_have_the_next_audit_read_from_the_same_point_when_there_was_no_run() {
        assertThat(judge(hourly("f")).nextSince()).isEqualTo(SINCE);
    }

    @Test
    void should_have_the_next_audit_read_from_the_oldest_open_run() {
        FlowHealth health = judge(hourly("f"), run("r3", "2026-03-02T12:00:00Z", "waiting"),
                run("r2", "2026-03-02T11:00:00Z", "inProgress"), run("r1", "2026-03-02T10:00:00Z", "success"));

        assertThat(health.nextSince()).isEqualTo(Instant.parse("2026-03-02T11:00:00Z"));
    }

    @Test
    void should_stop_following_a_run_that_never_ends() {
        FlowHealth health = judge(hourly("f"), run("r2", "2026-03-02T11:59:00Z", "success"),
                run("r1", "2026-03-01T11:00:00Z", "inProgress"));

        assertThat(health.state()).isEqualTo(State.LATE);
        assertThat(health.nextSince()).isEqualTo(Instant.parse("2026-03-02T11:59:00.001Z"));
    }

    @Test
    void should_not_send_the_next_audit_back_to_1970_for_an_open_run_without_times() {
        FlowHealth health = judge(hourly("f"), Documents.object("{'id': 'r', 'metrics': {'statusSummary': {'status': 'inProgress'}}}"));

        assertThat(health.nextSince()).isEqualTo(SINCE);
    }

    @Test
    void should_keep_the_next_audit_from_passing_over_runs_that_could_not_be_read() {
        FlowHealth health = FlowJudge.unread(hourly("f"), SINCE, true, "502 Bad gateway");

        assertThat(health.state()).isEqualTo(State.UNKNOWN);
        assertThat(health.reason()).isEqualTo("its runs could not be read: 502 Bad gateway");
        assertThat(health.nextSince()).isEqualTo(SINCE);
        assertThat(health.runs()).isEqualTo(new Counts(0, 0, 0, 0, 0, 0, null, null, null));
    }

    private static FlowHealth judge(JsonNode flow, JsonNode... runs) {
        return judge(flow, List.of(runs), Optional.empty());
    }

    private static FlowHealth judge(JsonNode flow, List<JsonNode> runs, Optional<JsonNode> newest) {
        return new FlowJudge(NOON, Duration.ofMinutes(30), NOON.minus(Duration.ofDays(1))).judge(flow, runs, newest, SINCE, false);
    }
}
