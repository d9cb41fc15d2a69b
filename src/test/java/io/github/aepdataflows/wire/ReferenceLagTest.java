package io.github.aepdataflows.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.aepdataflows.Rig;
import io.github.aepdataflows.simulator.Dialect;
import io.github.aepdataflows.simulator.Fault;
import io.github.aepdataflows.simulator.Options;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What was made a moment ago is not known yet to the service that is asked next. */
class ReferenceLagTest {

    private static final String DEFINITION = """
            apiVersion: aep-dataflows/v1
            name: %s
            source:
              connector: salesforce
              baseConnectionId: 4cb0c374-d3bb-4557-b139-5712880adc55
              tableName: Account
              columns: [ { name: Id, type: string }, { name: Name, type: string } ]
            target:
              profile: true
              schema:
                title: %1$s
                class: https://ns.adobe.com/xdm/context/profile
                fieldGroups: [ https://ns.adobe.com/xdm/context/profile-person-details, \
            https://ns.adobe.com/xdm/context/profile-personal-details ]
                identities: [ { path: personalEmail.address, namespace: Email, primary: true } ]
              dataset: { name: %1$s }
            mapping: [ { source: Id, destination: personalEmail.address } ]
            schedule: { startTime: 2035-01-01T00:00:00Z, frequency: once }
            """;

    @TempDir
    private Path data;

    private static JsonNode refusal(Rig rig) throws Exception {
        return Rig.json(rig.provision(DEFINITION.formatted("Lag")).getVariable("aepError", String.class));
    }

    static Stream<String> refusals() {
        return Dialect.UNKNOWN_REFERENCE.readings().stream();
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void should_be_waited_for_however_it_is_refused(String refusal) throws Exception {
        Options options = Options.defaults().withReferenceLag(Duration.ofMillis(300)).withDialect(Dialect.UNKNOWN_REFERENCE, refusal);
        try (Rig rig = Rig.start(data, options, Map.of("aep.settle-window", "60000"))) {
            JsonNode receipt = rig.apply(DEFINITION.formatted("Lag"));

            assertThat(receipt.path("outcome").asText()).as(receipt.toPrettyString()).isEqualTo("created");
            for (String collection : List.of("sourceConnections", "schemas", "descriptors", "dataSets", "targetConnections", "mappingSets",
                    "flows")) {
                assertThat(rig.resources(collection)).as(collection).hasSize(1);
            }
        }
    }

    @Test
    void should_be_an_error_with_advice_once_the_settle_window_is_over() throws Exception {
        Options options = Options.defaults().withReferenceLag(Duration.ofDays(1)).withDialect(Dialect.UNKNOWN_REFERENCE, "nameless");
        try (Rig rig = Rig.start(data, options, Map.of("aep.settle-window", "1000"))) {
            JsonNode error = refusal(rig);

            assertThat(error.path("category").asText()).as(error.toPrettyString()).isEqualTo("rejected");
            assertThat(error.path("advice").asText()).as(error.toPrettyString())
                    .contains("It was repeated for 1 s").contains("These exist");
            assertThat(rig.resources("schemas")).hasSize(1);
        }
    }

    @Test
    void should_not_be_suspected_where_a_refusal_says_something_else() throws Exception {
        try (Rig rig = Rig.start(data, Options.defaults(), Map.of("aep.settle-window", "600000"))) {
            rig.simulator().faults().on("POST", "/data/foundation/catalog/dataSets", 1,
                    Fault.answer(400, "application/json", "{\"title\": \"BadRequest\", \"detail\": \"the name is too long\"}"));

            assertThat(refusal(rig).path("message").asText()).contains("the name is too long");
            assertThat(rig.requests("POST", "/dataSets")).hasSize(1);
        }
    }
}
