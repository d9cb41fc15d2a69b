package io.github.aepdataflows.audit;

import static io.github.aepdataflows.audit.Documents.json;
import static io.github.aepdataflows.audit.Documents.run;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.aepdataflows.resource.Run;
import io.github.aepdataflows.resource.RunStatus;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RunTest {

    private static final String AT = "2026-03-02T11:00:00Z";

    @ParameterizedTest
    @CsvSource({
        "scheduled, OPEN", "Waiting, OPEN", "inProgress, OPEN", "Processing, OPEN", "success, SUCCEEDED",
        "Success, SUCCEEDED", "failed, FAILED", "FAILED, FAILED", "cancelled, UNRECOGNISED", "'', UNRECOGNISED"})
    void should_know_the_spellings_of_all_documents(String text, RunStatus status) {
        assertThat(Run.of(run("r", AT, text)).status()).isEqualTo(status);
    }

    @Test
    void should_read_times_in_milliseconds_and_the_record_counts() {
        Run run = Run.of(json("""
            {"id": "r1", "createdAt": 1770000000123, "updatedAt": 1770000060456, "someNewField": {"deep": [1, 2]},
             "metrics": {"durationSummary": {"startedAtUTC": 1770000000999, "completedAtUTC": 1770000060001},
                         "recordSummary": {"inputRecordCount": 100, "outputRecordCount": 99, "failedRecordCount": 1},
                         "statusSummary": {"status": "success"}}}"""));

        assertThat(run.createdAt()).isEqualTo(1770000000123L);
        assertThat(run.startedAt()).isEqualTo(1770000000999L);
        assertThat(run.completedAt()).isEqualTo(1770000060001L);
        assertThat(run.inputRecords()).hasValue(100);
        assertThat(run.outputRecords()).hasValue(99);
        assertThat(run.failedRecords()).hasValue(1);
    }

    @Test
    void should_keep_missing_counts_unknown() {
        Run run = Run.of(run("r", AT, "success", "{'inputRecordCount': null, 'outputRecordCount': 0}"));

        assertThat(run.inputRecords()).isEqualTo(OptionalLong.empty());
        assertThat(run.outputRecords()).hasValue(0);
        assertThat(run.failedRecords()).isEqualTo(OptionalLong.empty());
    }

    @Test
    void should_take_the_start_for_the_creation_when_a_record_has_none() {
        Run run = Run.of(json("{'id': 'r', 'createdAt': null, 'metrics': {'durationSummary': {'startedAtUTC': 1770000000999}}}"));

        assertThat(run.createdAt()).isEqualTo(1770000000999L);
    }

    @Test
    void should_know_a_run_without_metrics_by_its_state() {
        assertThat(Run.of(json("{'id': 'r', 'createdAt': 1, 'state': 'inProgress'}")).status()).isEqualTo(RunStatus.OPEN);
        assertThat(Run.of(json("{'id': 'r', 'state': 'failed', 'metrics': {'statusSummary': {'status': 'success'}}}")).status())
                .isEqualTo(RunStatus.SUCCEEDED);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "{}", "null", "{'id': 7, 'createdAt': 'soon', 'metrics': null}", "{'metrics': {'statusSummary': 'fine'}, 'activities': {}}",
        "{'activities': [null, 3, {'statusSummary': {'extensions': {'errors': 'none'}}}]}"})
    void should_survive_a_record_of_any_shape(String record) {
        Run run = Run.of(json(record));

        assertThat(run.status()).isEqualTo(RunStatus.UNRECOGNISED);
        assertThat(run.errors()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"activities", "activites"})
    void should_collect_errors_of_the_run_and_of_both_activities_under_either_spelling(String activities) {
        Run run = Run.of(json("""
            {"metrics": {"statusSummary": {"status": "success", "errors": [{"code": "CONNECTOR-2001-500", "message": "run"}]}},
             "%s": [
               {"id": "copyActivity", "statusSummary": {"errors": [{"code": "CONNECTOR-3001-500", "message": "copy"}]}},
               {"id": "promotionActivity", "statusSummary": {"extensions": {"errors": [
                   {"code": "MAPPER-3700-400", "recordCount": 1, "message": "mapping"},
                   {"code": "CONNECTOR-2001-500", "message": "run"}, {"message": "no code"}]}}}]}""".formatted(activities)));

        assertThat(run.errors()).containsExactly("CONNECTOR-2001-500: run", "CONNECTOR-3001-500: copy", "MAPPER-3700-400: mapping",
                "?: no code");
    }

    @Test
    void should_call_a_success_partial_when_records_failed() {
        assertThat(Run.of(run("r", AT, "success", "{'failedRecordCount': 1}")).status()).isEqualTo(RunStatus.PARTIAL);
        assertThat(Run.of(run("r", AT, "success", "{'failedRecordCount': 0}")).status()).isEqualTo(RunStatus.SUCCEEDED);
        assertThat(Run.of(run("r", AT, "failed", "{'failedRecordCount': 1}")).status()).isEqualTo(RunStatus.FAILED);
    }

    @Test
    void should_call_a_success_partial_when_only_an_activity_lists_an_error() {
        Run run = Run.of(run("r", AT, "success", "{'failedRecordCount': 0}").setAll(Documents.object(
                "{'activities': [{'id': 'copyActivity', 'statusSummary': {'extensions': {'errors': [{'code': 'X'}]}}}]}")));

        assertThat(run.status()).isEqualTo(RunStatus.PARTIAL);
    }
}
