package io.github.aepdataflows.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.aepdataflows.Rig;
import io.github.aepdataflows.simulator.Fault;
import io.github.aepdataflows.simulator.Request;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;
import org.apache.camel.builder.NotifyBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Audits come by themselves, and one at a time. */
class AuditTurnTest {

    private static final Map<String, String> EVERY_SECOND = Map.of("aep.audit.enabled", "true", "aep.audit.cron", "0/1 * * * * ?");

    @TempDir
    Path data;

    @Test
    void should_leave_out_an_audit_while_another_is_going_on() throws Exception {
        try (Rig rig = AuditRig.start(data)) {
            rig.simulator().seedDemo(Rig.SANDBOX);
            rig.simulator().faults().on("GET", "/flows", 1, Fault.hang().afterCommit());
            CompletableFuture<Exchange> first = CompletableFuture.supplyAsync(rig::audit);
            await().atMost(Duration.ofSeconds(30)).until(() -> rig.simulator().faults().held() == 1);

            Exchange second = rig.audit();

            assertThat(second.getException()).isNull();
            assertThat(second.getMessage().getBody(String.class)).isEmpty();
            assertThat(AuditRig.begun(rig)).hasSize(1);
            rig.simulator().faults().release();
            JsonNode report = AuditRig.report(first.get(60, TimeUnit.SECONDS));
            assertThat(report.path("complete").asBoolean()).isTrue();
            assertThat(rig.names("reports")).hasSize(1);
        }
    }

    @Test
    void should_give_up_its_turn_when_an_audit_breaks_off() throws Exception {
        try (Rig rig = AuditRig.start(data)) {
            Files.createFile(rig.folder("reports"));
            assertThat(rig.audit().getException()).isNotNull();
            Files.delete(rig.folder("reports"));

            assertThat(AuditRig.audit(rig).path("complete").asBoolean()).isTrue();
        }
    }

    @Test
    void should_begin_by_itself_when_it_is_time() throws Exception {
        try (Rig rig = AuditRig.start(data, AuditRig.SMALL_PAGES, EVERY_SECOND)) {
            await().atMost(Duration.ofSeconds(30)).until(() -> rig.names("reports").size() >= 2);

            assertThat(rig.json("reports", rig.names("reports").get(0)).path("complete").asBoolean()).isTrue();
        }
    }

    @Test
    void should_not_begin_by_itself_when_it_is_switched_off() throws Exception {
        try (Rig rig = AuditRig.start(data)) {
            assertThat(rig.main().getCamelContext().getRoute("aep-audit-schedule")).isNull();
            assertThat(Thread.getAllStackTraces().keySet()).noneMatch(thread -> thread.getName().contains("Quartz"));
        }
    }

    @Test
    void should_leave_out_what_the_schedule_begins_while_the_platform_hangs() throws Exception {
        Map<String, String> notYet = Map.of("aep.audit.cron", "0/1 * * * * ?", "aep.audit.scheduled", "true");
        try (Rig rig = AuditRig.start(data, AuditRig.SMALL_PAGES, notYet)) {
            rig.simulator().faults().on("GET", "/flows", 1, Fault.hang().afterCommit());
            CompletableFuture<Exchange> hanging = CompletableFuture.supplyAsync(rig::audit);
            await().atMost(Duration.ofSeconds(30)).until(() -> rig.simulator().faults().held() == 1);
            NotifyBuilder fired = new NotifyBuilder(rig.main().getCamelContext())
                    .fromRoute("aep-audit-schedule").whenDone(2).create();

            rig.main().getCamelContext().getRouteController().startRoute("aep-audit-schedule");

            assertThat(fired.matches(30, TimeUnit.SECONDS)).isTrue();
            assertThat(AuditRig.begun(rig)).hasSize(1);
            assertThat(rig.names("reports")).isEmpty();
            rig.simulator().faults().release();
            assertThat(AuditRig.report(hanging.get(60, TimeUnit.SECONDS)).path("complete").asBoolean()).isTrue();
        }
    }

    @Test
    void should_end_one_audit_before_the_next_though_each_takes_longer_than_the_time_between_them() throws Exception {
        try (Rig rig = AuditRig.start(data, AuditRig.SMALL_PAGES.withLatency(Duration.ofMillis(60)), EVERY_SECOND)) {
            rig.simulator().seedDemo(Rig.SANDBOX);
            int before = AuditRig.begun(rig).size();
            await().atMost(Duration.ofSeconds(60)).until(() -> AuditRig.begun(rig).size() >= before + 4);
            List<Request> begun = AuditRig.begun(rig);

            // from the beginning of one audit to that of the next: runs are asked for once
            for (int audit = before; audit < before + 3; audit++) {
                long from = begun.get(audit).sequence();
                long to = begun.get(audit + 1).sequence();
                assertThat(rig.simulator().requests().where(request -> request.sequence() > from && request.sequence() < to))
                        .filteredOn(request -> !AuditRig.window(request).isEmpty() && !request.query().contains("continuationToken"))
                        .as("requests %d to %d", from, to).hasSize(1);
            }
        }
    }
}
