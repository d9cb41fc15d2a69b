package io.github.aepdataflows.audit;

import static io.github.aepdataflows.audit.Documents.NOON;
import static io.github.aepdataflows.audit.Documents.hourly;
import static io.github.aepdataflows.audit.Documents.json;
import static io.github.aepdataflows.audit.Documents.page;
import static io.github.aepdataflows.audit.Documents.run;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
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
        audit.addFlows(page("2", hourly("a"), hourly("b")));
        audit.addFlows(page("", hourly("b"), hourly("c")));

        assertThat(audit.getFlows()).extracting(FlowRuns::flowId).containsExactly("a", "b", "c");
    }

    @Test
    void should_count_a_run_once_that_appears_on_two_pages() {
        FlowRuns runs = audit.runsOf(hourly("a"));
        runs.addPage(page("2", run("r1", "2026-03-02T10:00:00Z", "success"), run("r2", "2026-03-02T11:00:00Z", "success")));
        runs.addPage(page("", run("r2", "2026-03-02T11:00:00Z", "success"), run("r3", "2026-03-02T12:00:00Z", "success")));
        audit.judge(runs);

        assertThat(report().at("/flows/0/runs/total").asInt()).isEqualTo(3);
    }

    @Test
    void should_report_a_complete_pass() {
        audit.addFlows(page("", hourly("a"), hourly("b")));
        audit.judge(runs(audit, hourly("a"), run("r", "2026-03-02T12:00:00Z", "success", "{'inputRecordCount': 3}")));
        audit.judge(runs(audit, hourly("b"), run("s", "2026-03-02T12:00:00Z", "failed")));

        assertThat(report()).isEqualTo(json("""
            {"time": "2026-03-02T12:00:00Z", "sandbox": "dev", "complete": true, "problems": [],
             "counts": {"failed": 1, "missing": 0, "late": 0, "partial": 0, "unknown": 0, "never ran": 0, "draft": 0, "disabled": 0,
              "streaming": 0, "healthy": 1},
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
                "since": "2026-03-01T12:00:00Z", "nextSince": "2026-03-02T12:00:00.001Z"}],
             "retries": [], "missing": [], "twins": [], "left": [], "drift": [], "compared": []}"""));
    }

    @Test
    void should_say_that_the_list_of_flows_was_not_read_to_its_end() {
        audit.incomplete("the list of flows: 503 try later");

        assertThat(report().path("complete").asBoolean()).isFalse();
        assertThat(report().path("problems")).isEqualTo(json("['the list of flows: 503 try later']"));
    }

    @Test
    void should_be_incomplete_when_the_list_of_flows_repeats_itself() throws Exception {
        audit.addFlows(page("again", hourly("a")));
        audit.addFlows(page("again", hourly("a")));

        assertThat(audit.getFlowList().next()).isNull();
        assertThat(report().path("complete").asBoolean()).isFalse();
        assertThat(report().path("problems")).isEqualTo(json("['the Platform keeps returning the same page']"));
    }

    @Test
    void should_call_a_flow_unknown_and_read_again_from_the_same_point_when_its_runs_repeat_themselves() {
        FlowRuns runs = audit.runsOf(hourly("a"));
        runs.addPage(page("again", run("r", "2026-03-02T12:00:00Z", "success")));
        runs.addPage(page("again", run("r", "2026-03-02T12:00:00Z", "success")));
        audit.judge(runs);

        JsonNode flow = report().at("/flows/0");
        assertThat(flow.path("state").asText()).isEqualTo("unknown");
        assertThat(flow.path("reason").asText()).isEqualTo("its runs could not be read: the Platform keeps returning the same page");
        assertThat(flow.path("nextSince").asText()).isEqualTo(DAY_AGO.toString());
        assertThat(report().path("problems")).isEqualTo(json("['runs of flow a: the Platform keeps returning the same page']"));
    }

    @Test
    void should_read_runs_from_where_the_last_report_says_and_those_of_a_new_flow_from_the_lookback() {
        Audit next = audit("{'flows': [{'id': 'a', 'nextSince': '2026-03-02T09:15:00Z'}]}");

        assertThat(next.runsOf(hourly("a")).since()).isEqualTo(Instant.parse("2026-03-02T09:15:00Z"));
        assertThat(next.runsOf(hourly("b")).since()).isEqualTo(DAY_AGO);
    }

    @Test
    void should_carry_an_open_run_over_to_the_next_audit() {
        audit.judge(runs(audit, hourly("a"), run("r", "2026-03-02T11:00:00Z", "inProgress"), run("s", "2026-03-02T12:00:00Z", "success")));

        Audit next = audit(report().toString());

        assertThat(next.runsOf(hourly("a")).since()).isEqualTo(Instant.parse("2026-03-02T11:00:00Z"));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "{}", "{'flows': 'none'}", "{'flows': [{'id': 'a'}]}", "{'flows': [{'id': 'a', 'nextSince': null}]}",
        "{'flows': [{'id': 'a', 'nextSince': 'yesterday'}]}", "{'flows': [null, 3]}"})
    void should_fall_back_to_the_lookback_when_somebody_edited_the_last_report(String edited) {
        assertThat(audit(edited).runsOf(hourly("a")).since()).isEqualTo(DAY_AGO);
    }

    @Test
    void should_show_one_line_for_each_flow_and_no_control_characters() {
        audit.judge(runs(audit, hourly("b").put("name", "evil\nname\u001b[31m"), run("r", "2026-03-02T12:00:00Z", "failed")));
        audit.judge(runs(audit, hourly("x").put("name", "n".repeat(99)), run("s", "2026-03-02T12:00:00Z", "success")));

        assertThat(audit.getTable()).hasSize(3).noneMatch(line -> line.matches(".*\\p{Cntrl}.*"));
        assertThat(audit.getTable().get(1)).startsWith("failed     yes   evil?name?[31m").contains("its last run failed");
        assertThat(audit.getTable().get(2)).startsWith("healthy    no    " + "n".repeat(49) + "… ");
        assertThat(audit.summary()).isEqualTo("2 dataflows: 1 failed, 1 healthy; complete");
        assertThat(audit.isAlarming()).isTrue();
    }

    @Test
    void should_say_in_a_line_that_the_pass_was_not_complete() {
        audit.unread(audit.runsOf(hourly("a")), "no answer");

        assertThat(audit.summary()).isEqualTo("1 dataflows: 1 unknown; INCOMPLETE: runs of flow a: no answer");
    }

    @Test
    void should_be_alarmed_by_nothing_when_all_is_well() {
        audit.judge(runs(audit, hourly("x"), run("s", "2026-03-02T12:00:00Z", "success")));

        assertThat(audit.isAlarming()).isFalse();
    }

    @Test
    void should_remember_where_to_read_on_for_flows_that_could_not_be_listed() {
        Audit blind = audit("{'sandbox': 'dev', 'flows': [{'id': 'a', 'nextSince': '2026-03-02T07:00:00Z'}]}");
        blind.incomplete("503");
        Audit next = audit(blind.report("dev"));

        assertThat(next.runsOf(hourly("a")).since()).isEqualTo(Instant.parse("2026-03-02T07:00:00Z"));
    }

    @Test
    void should_call_a_flow_missing_that_the_ledger_has_and_a_complete_list_does_not() throws Exception {
        audit.addFlows(page("", hourly("a")));
        audit.compareFlows();

        assertThat(report().path("flows")).isEqualTo(json("""
            [{"id": "b", "name": "Flow b", "ours": true, "state": "missing",
              "reason": "the Platform does not list it any more; its definition with allowReplace: true makes it again",
              "lastRun": null,
              "runs": {"total": 0, "succeeded": 0, "partial": 0, "failed": 0, "open": 0, "unrecognised": 0,
                       "inputRecords": null, "outputRecords": null, "failedRecords": null},
              "since": "2026-03-01T12:00:00Z", "nextSince": "2026-03-01T12:00:00Z"}]"""));
        assertThat(report().path("complete").asBoolean()).isTrue();
        assertThat(audit.isAlarming()).isTrue();
        assertThat(audit.summary()).isEqualTo("1 dataflows: 1 missing; complete");
    }

    @Test
    void should_call_no_flow_missing_when_the_list_was_not_read_to_its_end() throws Exception {
        audit.addFlows(page("again", hourly("a")));
        audit.incomplete("the list of flows: 503 try later");
        audit.compareFlows();
        assertThat(report().path("flows")).isEmpty();

        Audit repeating = audit(null);
        repeating.addFlows(page("again", hourly("a")));
        repeating.addFlows(page("again", hourly("a")));
        repeating.compareFlows();
        assertThat(repeating.judgements()).isEmpty();
    }

    @Test
    void should_show_what_is_missing_next_after_what_failed() throws Exception {
        audit.judge(runs(audit, hourly("c"), run("r", "2026-03-02T12:00:00Z", "failed")));
        audit.judge(runs(audit, hourly("d"), run("s", "2026-03-01T13:00:00Z", "success")));
        audit.compareFlows();

        assertThat(audit.judgements()).extracting(FlowHealth::state)
                .containsExactly(FlowHealth.State.FAILED, FlowHealth.State.MISSING, FlowHealth.State.LATE);
    }

    @Test
    void should_name_a_flow_of_the_same_name_that_the_ledger_does_not_know() throws Exception {
        audit.addFlows(page("", hourly("b"), hourly("x").put("name", "Flow b"), hourly("y")));
        audit.compareFlows();

        assertThat(report().path("twins")).isEqualTo(json("""
            [{"step": "flow", "dataflow": "Flow b", "id": "b", "others": ["x"]}]"""));
        assertThat(audit.isAlarming()).isTrue();
        assertThat(audit.getWarnings()).containsExactly("the flow b of dataflow Flow b has a duplicate that the ledger does not know: x. "
                + "Nothing was touched; what nobody uses can be deleted at the Platform");
        assertThat(audit.summary()).isEqualTo("0 dataflows; 1 resources with a duplicate; complete");
    }

    @Test
    void should_not_say_what_is_ours_when_the_ledger_could_not_be_read() throws Exception {
        Audit blind = new Audit(NOON, Duration.ofMinutes(30), Duration.ofDays(1), LastReport.NONE, Inventory.unread(), Drift.none(),
                Set.of());
        blind.problem("what is ours: the ledger is not open");
        blind.addFlows(page("", hourly("b")));
        blind.compareFlows();
        blind.judge(runs(blind, hourly("b"), run("s", "2026-03-02T12:00:00Z", "success")));

        JsonNode report = json(blind.report("dev"));
        assertThat(report.at("/flows/0/ours").isNull()).isTrue();
        assertThat(blind.getTable().get(1)).startsWith("healthy    ?     Flow b");
        assertThat(report.path("complete").asBoolean()).isFalse();
        assertThat(report.path("problems")).isEqualTo(json("['what is ours: the ledger is not open']"));
        assertThat(blind.getListings()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void should_read_the_runs_of_a_flow_of_which_neither_the_walk_nor_the_list_shows_any(boolean shownOfAnother) {
        ObjectNode other = hourly("a");
        other.set("lastRunDetails", json("{'id': 'r', 'startedAtUTC': %d}".formatted(NOON.toEpochMilli())));
        audit.addFlows(shownOfAnother ? page("", hourly("b"), other) : page("", hourly("b")));
        audit.addRuns(page(""));
        audit.judgeWalked();

        FlowRuns runs = audit.getFlows().get(0);
        assertThat(runs.next()).isNotNull();
        runs.addPage(page("", run("r1", "2026-03-02T11:00:00Z", "failed"), run("r2", "2026-03-02T12:00:00Z", "success")));
        audit.judge(runs);
        assertThat(report().at("/flows/0/state").asText()).isEqualTo("failed");
    }

    @Test
    void should_read_on_from_now_though_a_run_seems_to_be_from_later() {
        audit.addFlows(page("", hourly("b")));
        audit.addRuns(page("", run("r1", "2026-03-02T11:00:00Z", "success").put("flowId", "b"),
                run("r2", "2036-03-02T11:00:00Z", "success").put("flowId", "b")));
        audit.judgeWalked();

        assertThat(report().path("runsReadTo").asText()).isEqualTo("2026-03-02T10:50:00Z");
        assertThat(report().at("/flows/0/nextSince").asText()).isEqualTo("2026-03-02T12:00:00Z");
    }

    @Test
    void should_not_go_by_times_of_the_last_report_that_are_to_come() {
        Audit next = audit("{'runsReadTo': '2036-03-02T11:00:00Z', 'flows': [{'id': 'b', 'nextSince': '2036-03-02T11:00:00Z'}]}");

        assertThat(next.runsOf(hourly("b")).since()).isEqualTo(DAY_AGO);
        assertThat(next.runWalk().readTo()).isEqualTo(DAY_AGO);
    }

    static LastReport last(String report) {
        try {
            return LastReport.read(new StringReader(report));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Audit audit(String lastReport) {
        LastReport last = lastReport == null ? LastReport.NONE : last(json(lastReport).toString());
        return new Audit(NOON, Duration.ofMinutes(30), Duration.ofDays(1), last,
                new Inventory(Map.of("flow", Map.of("b", "Flow b")), List.of(), List.of(), (step, id) -> Optional.empty()), Drift.none(),
                Set.of());
    }

    private static FlowRuns runs(Audit audit, JsonNode flow, JsonNode... runs) {
        FlowRuns read = audit.runsOf(flow);
        read.addPage(page("", runs));
        return read;
    }

    private JsonNode report() {
        return json(audit.report("dev"));
    }
}
