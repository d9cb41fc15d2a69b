package io.github.aepdataflows.audit;

import static io.github.aepdataflows.audit.AuditRig.byName;
import static io.github.aepdataflows.audit.AuditRig.idOf;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.aepdataflows.Rig;
import io.github.aepdataflows.simulator.RunKind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From when on an audit reads runs: from where the one before has left off. */
class AuditWindowTest {

    private static final String ORDERS = "Legacy orders import";

    @TempDir
    Path data;

    private Rig rig;

    @BeforeEach
    void start() throws Exception {
        rig = AuditRig.start(data);
        rig.simulator().seedDemo(Rig.SANDBOX);
    }

    @AfterEach
    void stop() throws Exception {
        rig.close();
    }

    @Test
    void should_read_one_lookback_first_and_then_only_what_came_since() throws Exception {
        JsonNode first = AuditRig.audit(rig);
        rig.simulator().clock().advance(Duration.ofHours(3));
        JsonNode second = AuditRig.audit(rig);

        assertThat(byName(first).get(ORDERS).at("/runs/total").asInt()).isEqualTo(24);
        assertThat(byName(second).get(ORDERS).at("/runs/total").asInt()).isEqualTo(3);
        Instant next = Instant.parse(byName(first).get(ORDERS).path("nextSince").asText());
        assertThat(byName(second).get(ORDERS).path("since").asText()).isEqualTo(next.toString());
        assertThat(askedFrom()).containsOnly("createdAt>=" + time(first).minus(Duration.ofDays(1)).toEpochMilli(),
                "createdAt>=" + Instant.parse(first.path("runsReadTo").asText()).toEpochMilli());
    }

    @Test
    void should_judge_by_the_newest_run_when_none_came_since() throws Exception {
        AuditRig.audit(rig);
        JsonNode second = AuditRig.audit(rig);

        JsonNode invoices = byName(second).get("Legacy invoices import");
        assertThat(invoices.at("/runs/total").asInt()).isZero();
        assertThat(invoices.path("state").asText()).isEqualTo("failed");
        assertThat(byName(second).get(ORDERS).path("state").asText()).isEqualTo("healthy");
    }

    @Test
    void should_see_what_became_of_a_run_that_was_open_the_last_time() throws Exception {
        try (Rig slow = AuditRig.start(data.resolve("slow"), AuditRig.SMALL_PAGES.withRunDuration(Duration.ofMinutes(20)),
                Map.of())) {
            slow.simulator().seedDemo(Rig.SANDBOX);
            slow.simulator().runs().script(idOf(slow, ORDERS), RunKind.COPY_FAILED);
            slow.simulator().clock().set(startOf(slow, ORDERS).plus(Duration.ofHours(60)).plusSeconds(60));
            JsonNode first = byName(AuditRig.audit(slow)).get(ORDERS);
            assertThat(first.at("/runs/open").asInt()).isEqualTo(1);

            slow.simulator().clock().advance(Duration.ofMinutes(25));
            JsonNode second = byName(AuditRig.audit(slow)).get(ORDERS);

            assertThat(second.at("/runs/total").asInt()).isEqualTo(1);
            assertThat(second.at("/runs/failed").asInt()).isEqualTo(1);
            assertThat(second.at("/lastRun/id")).isEqualTo(first.at("/lastRun/id"));
        }
    }

    @Test
    void should_pass_over_a_report_that_was_cut_for_the_one_before() throws Exception {
        JsonNode first = AuditRig.audit(rig);
        rig.simulator().clock().advance(Duration.ofHours(1));
        AuditRig.audit(rig);
        Path cut = rig.folder("reports").resolve(rig.names("reports").get(1));
        Files.writeString(cut, Files.readString(cut).substring(0, 700));
        rig.simulator().clock().advance(Duration.ofHours(1));

        JsonNode third = AuditRig.audit(rig);

        assertThat(third.path("complete").asBoolean()).isTrue();
        assertThat(byName(third).get(ORDERS).path("since")).isEqualTo(byName(first).get(ORDERS).path("nextSince"));
        assertThat(byName(third).get(ORDERS).at("/runs/total").asInt()).isEqualTo(2);
    }

    /** The window of every request for runs, but not of those for the newest run of a flow. */
    private List<String> askedFrom() {
        return rig.requests("GET", "/runs").stream().map(AuditRig::window).filter(window -> !window.isEmpty()).toList();
    }

    private static Instant startOf(Rig rig, String flowName) {
        return rig.resources("flows").stream().filter(flow -> flow.path("name").asText().equals(flowName))
                .map(flow -> Instant.ofEpochSecond(flow.at("/scheduleParams/startTime").asLong())).findFirst().orElseThrow();
    }

    private static Instant time(JsonNode report) {
        return Instant.parse(report.path("time").asText());
    }
}
