package io.github.aepdataflows.provision;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.aepdataflows.Rig;
import io.github.aepdataflows.simulator.Request;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Each example sends its tutorial's bodies, field for field. What differs on purpose is listed in {@link #corrected}: ids
 * that the tutorial invents are those of the chain, and its contradictions are settled the way the Platform wants them.
 */
class SeedBodiesTest {

    private static final Map<String, String> PATHS = Map.of(
            "source-connection", "/sourceConnections", "target-schema", "/tenant/schemas", "target-dataset", "/dataSets",
            "target-connection", "/targetConnections", "mapping-set", "/mappingSets", "flow", "/flows");

    @TempDir
    Path data;

    @Test
    void should_send_the_bodies_of_the_crm_tutorial() throws Exception {
        verify("crm", Set.of("source-connection", "target-schema", "target-dataset", "target-connection", "mapping-set", "flow"));
    }

    @Test
    void should_send_the_bodies_of_the_marketing_automation_tutorial() throws Exception {
        verify("marketing-automation",
                Set.of("source-connection", "target-schema", "target-dataset", "target-connection", "mapping-set", "flow"));
    }

    @Test
    void should_send_the_bodies_of_the_customer_success_tutorial() throws Exception {
        verify("customer-success", Set.of("source-connection", "target-connection", "mapping-set", "flow"));
    }

    private void verify(String example, Set<String> steps) throws Exception {
        JsonNode seed = Rig.JSON.readTree(SeedBodiesTest.class.getResourceAsStream("/seeds/" + example + ".json"));
        try (Rig rig = Rig.start(data)) {
            Exchange done = rig.provision(Rig.example(example));
            assertThat(done.getException()).isNull();
            assertThat(seed.size()).isEqualTo(steps.size());
            for (String step : steps) {
                ObjectNode sent = sent(rig, step);
                ObjectNode expected = corrected(step, seed.path(step).deepCopy(), done);
                if (step.equals("flow")) {
                    ((ObjectNode) sent.path("scheduleParams")).remove("startTime");
                    ((ObjectNode) expected.path("scheduleParams")).remove("startTime");
                }
                assertThat(sent).as(example + ", " + step).isEqualTo(expected);
            }
        }
    }

    private static ObjectNode sent(Rig rig, String step) throws Exception {
        Request last = rig.requests("POST", PATHS.get(step)).stream().filter(request -> !request.text().contains(" source schema\""))
                .reduce((one, other) -> other).orElseThrow();   // not the ad-hoc schema
        return (ObjectNode) Rig.json(last.text());
    }

    /** The tutorial's body with the chain's own ids, and with the corrections of the Platform's documented rules. */
    private static ObjectNode corrected(String step, ObjectNode body, Exchange done) {
        switch (step) {
            case "source-connection" -> {
                if (body.at("/data/schema").isObject()) {
                    ((ObjectNode) body.at("/data/schema")).put("id", header(done, "AepSourceSchemaId"));
                }
                if (body.at("/params/tableName").asText().equals("{TABLE_PATH}")) {
                    ((ObjectNode) body.path("params")).put("tableName", "Contact");
                }
                if (!body.has("connectionSpec")) {   // the CRM tutorial leaves it out, the API requires it
                    body.putObject("connectionSpec").put("id", "cfc0fee1-7dc0-40ef-b73e-d8b134c436f5").put("version", "1.0");
                }
            }
            case "target-schema" -> withoutRepeats((ArrayNode) body.path("allOf"));
            case "target-dataset" -> ((ObjectNode) body.path("schemaRef")).put("id", header(done, "AepTargetSchemaId"));
            case "target-connection" -> {
                if (body.has("baseConnectionId")) {
                    body.put("baseConnectionId", header(done, "AepDatasetConnectionId"));
                }
                ((ObjectNode) body.at("/data/schema")).put("id", header(done, "AepTargetSchemaId"))
                        .put("version", "application/vnd.adobe.xed-full+json;version=1");   // not 1.0
                ((ObjectNode) body.path("params")).put("dataSetId", header(done, "AepTargetDatasetId"));
            }
            case "mapping-set" -> body.put("xdmSchema", header(done, "AepTargetSchemaId"));
            default -> {
                ((ObjectNode) body.path("flowSpec")).put("id", "14518937-270c-4525-bdec-c2ba7cce3860");   // CRMToAEP, not files
                ((ArrayNode) body.path("sourceConnectionIds")).removeAll().add(header(done, "AepSourceConnectionId"));
                ((ArrayNode) body.path("targetConnectionIds")).removeAll().add(header(done, "AepTargetConnectionId"));
                for (JsonNode transformation : body.path("transformations")) {
                    if (transformation.path("name").asText().equals("Mapping")) {
                        ((ObjectNode) transformation.path("params"))
                                .put("mappingId", header(done, "AepMappingSetId")).put("mappingVersion", 0);
                    }
                }
                ObjectNode schedule = (ObjectNode) body.path("scheduleParams");   // numbers and booleans, not text
                schedule.put("interval", schedule.path("interval").asInt());
                if (schedule.has("backfill")) {
                    schedule.put("backfill", schedule.path("backfill").asBoolean());
                }
            }
        }
        return body;
    }

    private static void withoutRepeats(ArrayNode references) {
        Set<JsonNode> once = new LinkedHashSet<>();
        references.forEach(once::add);
        references.removeAll().addAll(once);
    }

    private static String header(Exchange done, String name) {
        return done.getMessage().getHeader(name, String.class);
    }
}
