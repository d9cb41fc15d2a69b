package io.github.aepdataflows.audit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.github.aepdataflows.Rig;
import io.github.aepdataflows.simulator.Dialect;
import io.github.aepdataflows.simulator.Fault;
import io.github.aepdataflows.simulator.RunKind;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RunWalkTest {

    private static final Map<String, String> STATES = Map.of("Legacy orders import", "healthy", "Legacy leads import", "partial",
            "Legacy invoices import", "failed", "Legacy returns import", "late", "Legacy coupons import", "disabled");

    @TempDir
    Path data;

    /** An empty list says nothing of flows that have run. */
    @ParameterizedTest
    @ValueSource(strings = {"shown", "empty"})
    void should_judge_alike_however_the_platform_lists_the_runs_of_all_flows(String reading) throws Exception {
        try (Rig rig = AuditRig.start(data, AuditRig.SMALL_PAGES.withDialect(Dialect.RUNS_LIST, reading), Map.of())) {
            rig.simulator().seedDemo(Rig.SANDBOX);

            JsonNode first = AuditRig.audit(rig);
            rig.simulator().clock().advance(Duration.ofHours(3));
            JsonNode second = AuditRig.audit(rig);

            assertThat(AuditRig.states(first)).isEqualTo(STATES);
            assertThat(AuditRig.states(second)).isEqualTo(STATES);
            assertThat(AuditRig.byName(second).get("Legacy orders import").at("/runs/total").asInt()).isEqualTo(3);
            assertThat(first.path("complete").asBoolean() && second.path("complete").asBoolean()).isTrue();
        }
    }

    @Test
    void should_remember_all_that_it_has_told_of_the_last_run_of_a_flow_that_has_no_other_since() throws Exception {
        try (Rig rig = AuditRig.start(data, AuditRig.SMALL_PAGES, Map.of())) {
            rig.simulator().seedDemo(Rig.SANDBOX);
            JsonNode first = AuditRig.byName(AuditRig.audit(rig)).get("Legacy orders import").path("lastRun");

            assertThat(first.path("completedAt").asText()).isNotEqualTo("null");
            assertThat(AuditRig.byName(AuditRig.audit(rig)).get("Legacy orders import").path("lastRun")).isEqualTo(first);
        }
    }

    @Test
    void should_see_a_failure_before_a_success_though_neither_the_walk_nor_the_list_of_flows_shows_runs() throws Exception {
        try (Rig rig = AuditRig.start(data, AuditRig.SMALL_PAGES.withDialect(Dialect.RUNS_LIST, "empty"), Map.of())) {
            rig.simulator().seedDemo(Rig.SANDBOX);
            ArrayNode flows = Rig.JSON.createArrayNode();
            rig.resources("flows").forEach(flow -> flows.add(flow.deepCopy().without("lastRunDetails")));
            rig.simulator().faults().when(AuditRig::isList, Fault.body("{\"items\": %s, \"_links\": {}}".formatted(flows)));
            AuditRig.audit(rig);
            rig.simulator().runs().script(AuditRig.idOf(rig, "Legacy orders import"), RunKind.COPY_FAILED);
            rig.simulator().clock().advance(Duration.ofHours(3));

            JsonNode orders = AuditRig.byName(AuditRig.audit(rig)).get("Legacy orders import");

            assertThat(orders.path("state").asText()).isEqualTo("failed");
            assertThat(orders.path("runs").path("total").asInt()).isEqualTo(3);
        }
    }
}
