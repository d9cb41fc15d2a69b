package io.github.aepdataflows.audit;

import static io.github.aepdataflows.audit.AuditRig.byName;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.aepdataflows.Rig;
import io.github.aepdataflows.export.ByHand;
import io.github.aepdataflows.simulator.Options;
import io.github.aepdataflows.simulator.RunKind;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ManyFlowsTest {

    private static final String NAME = "Creating a dataflow for a Customer Success connector";

    @TempDir
    Path data;

    @Test
    void should_judge_two_hundred_and_fifty_flows_without_a_request_for_each() throws Exception {
        try (Rig rig = AuditRig.start(data, Options.defaults(), Map.of())) {
            assertThat(rig.provision(Rig.example("customer-success")).getException()).isNull();
            String flow = rig.requests("POST", "/flows").get(0).text();
            ByHand hand = new ByHand(rig.simulator());
            for (int number = 2; number <= 250; number++) {   // of others, from the same source to the same dataset
                hand.postJson("/data/foundation/flowservice/flows",
                        flow.replace("\"name\":\"" + NAME + "\"", "\"name\":\"Flow " + number + "\""));
            }
            rig.simulator().runs().script("Flow 2", RunKind.PROMOTION_FAILED);
            rig.simulator().runs().script("Flow 120", RunKind.PARTIAL);
            rig.simulator().runs().script("Flow 250", RunKind.PROMOTION_FAILED);
            rig.simulator().clock().advance(Duration.ofHours(2));

            JsonNode report = AuditRig.audit(rig);

            assertThat(report.path("complete").asBoolean()).isTrue();
            assertThat(byName(report)).hasSize(250);
            assertThat(report.path("counts")).isEqualTo(Rig.json("""
                {"failed": 2, "missing": 0, "late": 0, "partial": 1, "unknown": 0, "never ran": 0, "draft": 0, "disabled": 0,
                 "streaming": 0, "healthy": 247}"""));
            assertThat(rig.simulator().requests().where(AuditRig::isList)).hasSize(3);
            int runs = rig.resources("runs").size();
            assertThat(rig.requests("GET", "/runs")).hasSize((runs + 99) / 100);

            int before = rig.requests().size();
            JsonNode second = AuditRig.audit(rig);   // none has come since

            assertThat(second.path("counts")).isEqualTo(report.path("counts"));
            assertThat(rig.requests().subList(before, rig.requests().size())).filteredOn(request -> request.path().endsWith("/runs"))
                    .as("the walk goes over the last minutes again; and the newest run of each that is not healthy").hasSize(3 + 3);
        }
    }
}
