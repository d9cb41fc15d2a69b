package io.github.aepdataflows.audit;

import static io.github.aepdataflows.audit.Documents.NOON;
import static io.github.aepdataflows.audit.Documents.hourly;
import static io.github.aepdataflows.audit.Documents.json;
import static io.github.aepdataflows.audit.Documents.page;
import static io.github.aepdataflows.audit.Documents.run;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.aepdataflows.platform.Paging;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AuditTest {

    private static final Instant DAY_AGO = NOON.minus(Duration.ofDays(1));

    private final Audit audit = audit(null);

    @Test
    void should_count_a_flow_once_that_appears_on_two_pages() {
        Paging paging = new Paging();
        audit.addFlows(page("2", hourly("a"), hourly("b")), paging);
        audit.addFlows(page("", hourly("b"), hourly("c")), paging);

        assertThat(audit.flows()).extracting(flow -> flow.path("id").asText()).containsExactly("a", "b", "c");
    }

    @Test
    void should_count_a_run_once_that_appears_on_two_pages() {
        FlowRuns runs = new FlowRuns();
        Paging paging = new Paging();
        runs.addPage(page("2", run("r1", "2026-03-02T10:00:00Z", "success"), run("r2", "2026-03-02T11:00:00Z", "success")), paging);
        runs.addPage(page("", run("r2", "2026-03-02T11:00:00Z", "success"), run("r3", "2026-03-02T12:00:00Z", "success")), paging);
        audit.judge(hourly("a"), runs);

        assertThat(report().at("/flows/0/runs/total").asInt()).isEqualTo(3);
    }

    @Test
    void should_report_a_complete_pass() {
        audit.addFlows(page("", hourly("a"), hourly("b")), new Paging());
        audit.judge(hourly("a"), runs(run("r", "2026-03-02T12:00:00Z", "success", "{'inputRecordCount': 3}")));
        audit.judge(hourly("b"), runs(run("s", "2026-03-02T12:00:00Z", "failed")));

        assertThat(report()).isEqualTo(json("""
            {"time": "2026-03-02T12:00:00Z", "sandbox": "dev", "complete": true, "problems": [],
             "counts": {"failed": 1, "late": 0, "partial": 0, "unknown": 0, "never ran": 0, "disabled": 0, "healthy": 1},
             "flows": [
               {"id": "b", "name": "Flow b", "ours": true, "state": "failed",
                "reason": "its last run failed at 2026-03-02T12:00:00Z",
                "lastRun": {"id": "s", "status": "failed", "startedAt": null, "completedAt": null},
                "runs": {"total": 1, "succeeded": 0, "partial": 0, "failed": 1, "open": 0, "unrecognised": 0,
                         "inputRecords": null, "outputRecords": null, "failedRecords": null},
                "since": "2026-03-01T12:00:00Z", "nextSince": "2026-03-02T12:00:00.001Z"},
               {"id": "a", "name": "Flow a", "ours": false, "state": "healthy", "reason": "its last run succeeded",
                "lastRun": {"id": "r", "status": "success", "startedAt": null, "completedAt": null},
                "runs": {"total": 1, "succeeded": 1, "partial": 0, "failed": 0, "open": 0, "unrecognised": 0,
                         "inputRecords": 3, "outputRecords": null, "failedRecords": null},
                "since": "2026-03-01T12:00:00Z", "nextSince": "2026-03-02T12:00:00.001Z"}]}"""));
    }

    @Test
    void should_say_that_the_list_of_flows_was_not_read_to_its_end() {
        audit.incomplete(new IOException("503 try later"));

        assertThat(report().path("complete").asBoolean()).isFalse();
        assertThat(report().path("problems")).isEqualTo(json("['the list of flows: 503 try later']"));
    }

    @Test
    void should_be_incomplete_when_the_list_of_flows_repeats_itself() {
        Paging paging = new Paging();
        audit.addFlows(page("again", hourly("a")), paging);
        audit.addFlows(page("again", hourly("a")), paging);

        assertThat(paging.isMore()).isFalse();
        assertThat(report().path("complete").asBoolean()).isFalse();
        assertThat(report().path("problems")).isEqualTo(json("['the Platform keeps returning the same page']"));
    }

    @Test
    void should_call_a_flow_unknown_and_read_again_from_the_same_point_when_its_runs_repeat_themselves() {
        FlowRuns runs = new FlowRuns();
        Paging paging = new Paging();
        runs.addPage(page("again", run("r", "2026-03-02T12:00:00Z", "success")), paging);
        runs.addPage(page("again", run("r", "2026-03-02T12:00:00Z", "success")), paging);
        audit.judge(hourly("a"), runs);

        JsonNode flow = report().at("/flows/0");
        assertThat(flow.path("state").asText()).isEqualTo("unknown");
        assertThat(flow.path("reason").asText()).isEqualTo("its runs could not be read: the Platform keeps returning the same page");
        assertThat(flow.path("nextSince").asText()).isEqualTo(DAY_AGO.toString());
        assertThat(report().path("problems")).isEqualTo(json("['runs of flow a: the Platform keeps returning the same page']"));
    }

    @Test
    void should_read_runs_from_where_the_last_report_says_and_those_of_a_new_flow_from_the_lookback() {
        Audit next = audit("{'flows': [{'id': 'a', 'nextSince': '2026-03-02T09:15:00Z'}]}");

        assertThat(next.since(hourly("a"))).isEqualTo(Instant.parse("2026-03-02T09:15:00Z").toEpochMilli());
        assertThat(next.since(hourly("b"))).isEqualTo(DAY_AGO.toEpochMilli());
    }

    @Test
    void should_carry_an_open_run_over_to_the_next_audit() {
        audit.judge(hourly("a"), runs(run("r", "2026-03-02T11:00:00Z", "inProgress"), run("s", "2026-03-02T12:00:00Z", "success")));

        Audit next = audit(report().toString());

        assertThat(next.since(hourly("a"))).isEqualTo(Instant.parse("2026-03-02T11:00:00Z").toEpochMilli());
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "{}", "{'flows': 'none'}", "{'flows': [{'id': 'a'}]}", "{'flows': [{'id': 'a', 'nextSince': null}]}",
        "{'flows': [{'id': 'a', 'nextSince': 'yesterday'}]}", "{'flows': [null, 3]}"})
    void should_fall_back_to_the_lookback_when_somebody_edited_the_last_report(String edited) {
        assertThat(audit(edited).since(hourly("a"))).isEqualTo(DAY_AGO.toEpochMilli());
    }

    @Test
    void should_show_one_line_for_each_flow_and_no_control_characters() {
        audit.judge(hourly("b").put("name", "evil\nname\u001b[31m"), runs(run("r", "2026-03-02T12:00:00Z", "failed")));
        audit.judge(hourly("x").put("name", "n".repeat(99)), runs(run("s", "2026-03-02T12:00:00Z", "success")));

        assertThat(audit.table()).hasSize(3).noneMatch(line -> line.matches(".*\\p{Cntrl}.*"));
        assertThat(audit.table().get(1)).startsWith("failed     yes   evil name [31m").contains("its last run failed");
        assertThat(audit.table().get(2)).startsWith("healthy    no    " + "n".repeat(49) + "… ");
        assertThat(audit.summary()).isEqualTo("2 dataflows: 1 failed, 1 healthy; complete");
        assertThat(audit.isAlarming()).isTrue();
    }

    @Test
    void should_say_in_a_line_that_the_pass_was_not_complete() {
        audit.unread(hourly("a"), new IOException("no answer"));

        assertThat(audit.summary()).isEqualTo("1 dataflows: 1 unknown; INCOMPLETE: runs of flow a: no answer");
    }

    @Test
    void should_be_alarmed_by_nothing_when_all_is_well() {
        audit.judge(hourly("x"), runs(run("s", "2026-03-02T12:00:00Z", "success")));

        assertThat(audit.isAlarming()).isFalse();
    }

    @Test
    void should_remember_where_to_read_on_for_flows_that_could_not_be_listed() {
        Audit blind = audit("{'sandbox': 'dev', 'flows': [{'id': 'a', 'nextSince': '2026-03-02T07:00:00Z'}]}");
        blind.incomplete(new IOException("503"));
        Audit next = audit(blind.report("dev").toString());

        assertThat(next.since(hourly("a"))).isEqualTo(Instant.parse("2026-03-02T07:00:00Z").toEpochMilli());
    }

    private static Audit audit(String lastReport) {
        Optional<JsonNode> last = Optional.ofNullable(lastReport).map(Documents::json);
        return new Audit(NOON, Duration.ofMinutes(30), Duration.ofDays(1), last, Set.of("b"));
    }

    private static FlowRuns runs(JsonNode... runs) {
        FlowRuns read = new FlowRuns();
        read.addPage(page("", runs), new Paging());
        return read;
    }

    private JsonNode report() {
        return json(audit.report("dev").toString());
    }
}
