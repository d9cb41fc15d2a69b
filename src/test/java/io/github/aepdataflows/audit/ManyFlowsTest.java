package io.github.aepdataflows.audit;

import static io.github.aepdataflows.audit.AuditRig.byName;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.aepdataflows.Rig;
import io.github.aepdataflows.simulator.Options;
import io.github.aepdataflows.simulator.RunKind;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ManyFlowsTest {

    private static final String NAME = "Creating a dataflow for a Customer Success connector";

    @TempDir
    Path data;

    @Test
    void should_judge_two_hundred_and_fifty_flows() throws Exception {
        try (Rig rig = AuditRig.start(data, Options.defaults(), Map.of())) {
            String example = Rig.example("customer-success");
            Message first = provision(rig, example).getMessage();
            String reusing = example.substring(0, example.indexOf("  schema:"))
                    + "  schema: { id: \"%s\" }\n  dataset: { id: \"%s\" }\n".formatted(
                            first.getHeader("AepTargetSchemaId"), first.getHeader("AepTargetDatasetId"))
                    + example.substring(example.indexOf("\nmapping:"));
            for (int number = 2; number <= 250; number++) {
                provision(rig, reusing.replace("name: " + NAME, "name: Flow " + number));
            }
            rig.simulator().runs().script("Flow 2", RunKind.PROMOTION_FAILED);
            rig.simulator().runs().script("Flow 120", RunKind.PARTIAL);
            rig.simulator().runs().script("Flow 250", RunKind.PROMOTION_FAILED);
            rig.simulator().clock().advance(Duration.ofHours(2));

            JsonNode report = AuditRig.audit(rig);

            assertThat(report.path("complete").asBoolean()).isTrue();
            assertThat(byName(report)).hasSize(250);
            assertThat(report.path("counts")).isEqualTo(Rig.json("""
                {"failed": 2, "missing": 0, "late": 0, "partial": 1, "unknown": 0, "never ran": 0, "disabled": 0, "healthy": 247}"""));
            assertThat(rig.simulator().requests().where(AuditRig::isList)).hasSize(3);
        }
    }

    private static Exchange provision(Rig rig, String definition) {
        Exchange exchange = rig.provision(definition);
        assertThat(exchange.getException()).isNull();
        return exchange;
    }
}
