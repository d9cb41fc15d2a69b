package io.github.aepdataflows.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LastReportTest {

    private static final Instant NEXT = Instant.parse("2026-03-02T09:00:00Z");
    private static final Instant NOW = Instant.parse("2026-03-02T09:30:00Z");

    @TempDir
    Path folder;
    private Path older;

    @BeforeEach
    void older() throws IOException {
        older = Files.writeString(folder.resolve("older.json"), """
                {"sandbox": "dev", "runsReadTo": "2026-03-02T08:50:00Z",
                 "flows": [{"id": "a", "state": "healthy", "lastRun": {"id": "r", "status": "success", "startedAt": "2026-03-02T08:00:00Z"},
                            "nextSince": "2026-03-02T09:00:00Z"},
                           {"id": "b", "state": "failed", "lastRun": {"id": "s", "status": "failed", "startedAt": "2026-03-02T08:00:00Z"},
                            "nextSince": "soon"}],
                 "missing": [{"id": "c"}], "notSeen": [{"id": "d", "nextSince": "2026-03-02T09:00:00Z"}]}""");
    }

    @Test
    void should_know_from_where_on_to_read_and_what_was_told() {
        LastReport last = LastReport.newest(List.of(older), "dev", NOW);

        assertThat(last.runsReadTo()).contains(Instant.parse("2026-03-02T08:50:00Z"));
        assertThat(last.flows()).containsExactlyInAnyOrder("a", "b", "d");
        assertThat(last.nextSince("a")).contains(NEXT);
        assertThat(last.nextSince("b")).as("edited").isEmpty();
        assertThat(last.nextSince("d")).contains(NEXT);
        assertThat(last.lastRun("a").orElseThrow().id()).isEqualTo("r");
        assertThat(last.lastRun("b")).as("of a flow that was not in order").isEmpty();
        assertThat(last.list("missing").findValuesAsText("id")).containsExactly("c");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "null", "[]", "{", "{\"sandbox\": \"dev\"", "{\"sandbox\": \"dev\", \"flows\": [{\"id\"",
        "{\"sandbox\": \"dev\", \"flows\": [{\"id\": \"x\"}]", "{\"sandbox\": \"dev\", \"missing\": [", "\0\0\0"})
    void should_pass_over_a_report_that_was_cut(String rest) throws IOException {
        Path newer = Files.writeString(folder.resolve("newer.json"), rest);

        assertThat(LastReport.newest(List.of(newer, older), "dev", NOW).nextSince("a")).contains(NEXT);
    }

    @Test
    void should_pass_over_a_report_from_a_time_to_come() throws IOException {
        Path newer = Files.writeString(folder.resolve("newer.json"), "{\"time\": \"2099-01-01T00:00:00Z\", \"sandbox\": \"dev\"}");

        assertThat(LastReport.newest(List.of(newer, older), "dev", NOW).nextSince("a")).contains(NEXT);
    }

    @Test
    void should_know_nothing_where_the_newest_is_of_another_sandbox_or_there_is_none() {
        assertThat(LastReport.newest(List.of(older), "prod", NOW).flows()).isEmpty();
        assertThat(LastReport.newest(List.of(folder.resolve("gone.json")), "dev", NOW).flows()).isEmpty();
    }
}
