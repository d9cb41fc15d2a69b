package io.github.aepdataflows.operate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.github.aepdataflows.Rig;
import io.github.aepdataflows.files.Reports;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AuditReportTest {

    @TempDir
    Path data;

    private static AuditReport report(Rig rig) {
        return new AuditReport(rig.main().getCamelContext().getRegistry().lookupByNameAndType("aepReports", Reports.class));
    }

    private void write(String name, String content) throws Exception {
        Files.writeString(Files.createDirectories(data.resolve("reports")).resolve(name), content);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{\"time\": \"2026-03-02T1", "{\"flows\": [{\"id\"", "{\"flows\": [{\"id\": \"a\"}]", "null", "[]", "\0\0"})
    void should_show_the_report_before_one_that_was_cut(String rest) throws Exception {
        write("audit-20260302T090000.000Z.json", "{\"complete\": true, \"flows\": [{\"id\": \"a\"}]}");
        write("audit-20260302T100000.000Z.json", rest);
        try (Rig rig = Rig.start(data)) {
            assertThat(report(rig).content()).isEqualTo(Rig.json("{\"complete\": true, \"flows\": [{\"id\": \"a\"}]}"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{\"time\": \"2026-03-02T1", "{\"flows\": [{\"id\"", "null", "[]", "\0\0"})
    void should_show_the_runs_that_other_reports_than_one_that_was_cut_tell_of(String rest) throws Exception {
        write("audit-20260302T090000.000Z.json", "{\"flows\": [{\"id\": \"a\", \"runs\": {\"total\": 1}}]}");
        write("audit-20260302T100000.000Z.json", rest);
        write("audit-20260302T110000.000Z.json", "{\"flows\": [{\"id\": \"a\", \"runs\": {\"total\": 2}}]}");
        try (Rig rig = Rig.start(data)) {
            assertThat(report(rig).historyOf("a")).extracting(flow -> flow.at("/runs/total").asInt()).containsExactly(1, 2);
        }
    }

    @Test
    void should_show_no_report_of_a_clock_that_was_wrong() throws Exception {
        write("audit-20260302T090000.000Z.json", "{\"complete\": true, \"flows\": []}");
        write("audit-29990302T090000.000Z.json", "{\"complete\": false, \"flows\": []}");
        try (Rig rig = Rig.start(data)) {
            assertThat(report(rig).isComplete()).isTrue();
            assertThat(report(rig).time()).contains(Instant.parse("2026-03-02T09:00:00Z"));
        }
    }

    @Test
    void should_keep_the_most_urgent_of_very_many_flows() throws Exception {
        write("audit-20260302T090000.000Z.json", IntStream.range(0, 10_001).mapToObj(n -> "{\"id\": \"f%d\"}".formatted(n))
                .collect(Collectors.joining(",", "{\"flows\": [", "], \"missing\": [{\"id\": \"m\"}]}")));
        try (Rig rig = Rig.start(data)) {
            assertThat(report(rig).content().path("flows")).hasSize(10_000);
            assertThat(report(rig).content().at("/flows/0/id").asText()).isEqualTo("f0");
            assertThat(report(rig).content().at("/missing/0/id").asText()).isEqualTo("m");
        }
    }

    @Test
    void should_tell_a_definition_that_was_changed_from_a_dataflow_that_was() throws Exception {
        assertThat(Todo.of(Rig.json("""
            {"drift": [{"dataflow": "A", "flow": "f1", "file": "a.yaml", "steps": [{"step": "flow"}]},
              {"dataflow": "B", "flow": "f2", "file": "b.yaml", "changed": ["target.schema.fieldGroups[0].fields.opened added"],
                "steps": [{"step": "field-group"}]}]}"""))).extracting(Todo::state, Todo::dataflow, Todo::reason)
                .containsExactly(tuple("drift", "A", "its flow is not as a.yaml says"), tuple("drift", "B",
                        "its definition b.yaml was changed and not applied since: target.schema.fieldGroups[0].fields.opened added"));
    }
}
