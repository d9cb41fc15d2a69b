package io.github.aepdataflows.audit;

import static io.github.aepdataflows.audit.AuditRig.byName;
import static io.github.aepdataflows.audit.AuditRig.idOf;
import static io.github.aepdataflows.audit.AuditRig.states;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.aepdataflows.Rig;
import io.github.aepdataflows.simulator.Fault;
import io.github.aepdataflows.simulator.Request;
import io.github.aepdataflows.simulator.RunKind;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What one audit says of dataflows that others made and of ours, two on a page. */
class AuditStatesTest {

    private static final String CRM = "Dataflow between a CRM system and Platform";

    @TempDir
    Path data;

    @Test
    void should_tell_each_state_from_the_others() throws Exception {
        try (Rig rig = AuditRig.start(data, AuditRig.BY_FLOW, Map.of())) {
            rig.simulator().seedDemo(Rig.SANDBOX);
            provision(rig, "Endless");
            provision(rig, "Promotion fails");
            provision(rig, "Odd");
            rig.simulator().runs().script("Endless", RunKind.RUNNING);
            rig.simulator().runs().script("Promotion fails", RunKind.SUCCESS, RunKind.PROMOTION_FAILED);
            rig.simulator().faults().when(AuditRig.runsOf(idOf(rig, "Odd")), Fault.body("""
                {"items": [{"id": "odd-run", "createdAt": %d, "brandNew": {}, "metrics": {"statusSummary": {"status": "cancelled"}}}]}"""
                    .formatted(rig.simulator().clock().instant().plus(Duration.ofHours(3)).toEpochMilli())));
            rig.simulator().clock().advance(Duration.ofHours(3));
            provision(rig, "New");

            JsonNode report = AuditRig.audit(rig);

            assertThat(states(report)).containsExactlyInAnyOrderEntriesOf(Map.of(
                    "Legacy orders import", "healthy", "Legacy leads import", "partial", "Legacy invoices import", "failed",
                    "Legacy returns import", "late", "Legacy coupons import", "disabled", "Endless", "late",
                    "Promotion fails", "failed", "Odd", "unknown", "New", "never ran"));
            assertThat(report.path("complete").asBoolean()).isTrue();
            assertThat(report.path("counts")).isEqualTo(Rig.json("""
                {"failed": 2, "missing": 0, "late": 2, "partial": 1, "unknown": 1, "never ran": 1, "draft": 0, "disabled": 1,
                 "streaming": 0, "healthy": 1}"""));
            Map<String, JsonNode> flows = byName(report);
            assertThat(reason(flows, "Legacy leads import"))
                    .matches("\\d+ of \\d+ runs lost records \\(7 in the last\\): CONNECTOR-2001-500: .*");
            assertThat(reason(flows, "Legacy invoices import")).contains("runs failed, the last at", "Error occurred at copy activity.");
            assertThat(reason(flows, "Legacy returns import")).startsWith("a run was due at ");
            assertThat(reason(flows, "Legacy coupons import")).isEqualTo("its state is disabled");
            assertThat(reason(flows, "Endless")).endsWith("is still inProgress");
            assertThat(reason(flows, "Promotion fails")).contains("Error occurred at promotion activity.");
            assertThat(reason(flows, "Odd")).isEqualTo("run odd-run has the unrecognised status \"cancelled\"");
            assertThat(reason(flows, "New")).startsWith("its first run is due at ");
        }
    }

    @Test
    void should_count_runs_and_records_over_all_pages() throws Exception {
        try (Rig rig = AuditRig.start(data)) {
            rig.simulator().seedDemo(Rig.SANDBOX);

            Map<String, JsonNode> flows = byName(AuditRig.audit(rig));

            // hourly for two days, of which the first audit reads one
            assertThat(flows.get("Legacy orders import").path("runs")).isEqualTo(Rig.json("""
                {"total": 24, "succeeded": 24, "partial": 0, "failed": 0, "open": 0, "unrecognised": 0,
                 "inputRecords": 2400, "outputRecords": 2400, "failedRecords": 0}"""));
            assertThat(flows.get("Legacy leads import").path("runs")).isEqualTo(Rig.json("""
                {"total": 24, "succeeded": 12, "partial": 12, "failed": 0, "open": 0, "unrecognised": 0,
                 "inputRecords": 2400, "outputRecords": 2316, "failedRecords": 84}"""));
            assertThat(flows.get("Legacy orders import").at("/lastRun/status").asText()).isEqualTo("success");
            assertThat(flows.get("Legacy orders import").at("/lastRun/id").asText()).isEqualTo(newestRunOf(rig, "Legacy orders import"));
        }
    }

    @Test
    void should_know_our_own_dataflows_whether_they_have_a_receipt_or_not() throws Exception {
        try (Rig rig = AuditRig.start(data)) {
            rig.simulator().seedDemo(Rig.SANDBOX);
            for (String name : new String[] {"crm", "customer-success", "marketing-automation"}) {
                assertThat(rig.provision(Rig.example(name)).getException()).isNull();
            }

            JsonNode report = AuditRig.audit(rig);

            assertThat(report.path("flows")).hasSize(8);
            assertThat(report.path("flows")).allSatisfy(flow ->
                    assertThat(flow.path("ours").asBoolean()).isEqualTo(!flow.path("name").asText().startsWith("Legacy")));
        }
    }

    @Test
    void should_only_read() throws Exception {
        try (Rig rig = AuditRig.start(data)) {
            rig.simulator().seedDemo(Rig.SANDBOX);

            AuditRig.audit(rig);

            assertThat(rig.simulator().requests().all()).filteredOn(request -> request.path().startsWith("/data/"))
                    .hasSizeGreaterThan(5).extracting(Request::method).containsOnly("GET");
            assertThat(rig.simulator().requests().all()).filteredOn(request -> !request.path().startsWith("/data/"))
                    .extracting(Request::path).containsOnly("/ims/token/v3");
        }
    }

    @Test
    void should_leave_the_report_that_it_returns_in_the_reports_folder() throws Exception {
        try (Rig rig = AuditRig.start(data)) {
            rig.simulator().seedDemo(Rig.SANDBOX);

            JsonNode report = AuditRig.audit(rig);

            assertThat(rig.names("reports")).singleElement().asString().matches("audit-\\d{8}T\\d{6}\\.\\d{3}Z\\.json");
            assertThat(rig.json("reports", rig.names("reports").get(0))).isEqualTo(report);
            assertThat(report.path("sandbox").asText()).isEqualTo(Rig.SANDBOX);
        }
    }

    private static void provision(Rig rig, String name) throws Exception {
        String definition = Rig.example("crm").replace("name: " + CRM, "name: " + name)
                .replace("Target schema for CRM", name + " schema").replace("Target Dataset for CRM data", name + " dataset");
        assertThat(rig.provision(definition).getException()).isNull();
    }

    private static String newestRunOf(Rig rig, String flowName) {
        String flow = idOf(rig, flowName);
        return rig.resources("runs").stream().filter(run -> run.path("flowId").asText().equals(flow))
                .max((a, b) -> Long.compare(a.path("createdAt").asLong(), b.path("createdAt").asLong()))
                .map(run -> run.path("id").asText()).orElseThrow();
    }

    private static String reason(Map<String, JsonNode> flows, String name) {
        return flows.get(name).path("reason").asText();
    }
}
