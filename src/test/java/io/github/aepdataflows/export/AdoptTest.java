package io.github.aepdataflows.export;

import static io.github.aepdataflows.export.ExportRig.report;
import static io.github.aepdataflows.export.ExportRig.text;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.aepdataflows.Rig;
import io.github.aepdataflows.Rigs;
import io.github.aepdataflows.ledger.Lease;
import io.github.aepdataflows.ledger.Ledger;
import io.github.aepdataflows.ledger.RecordedStep;
import io.github.aepdataflows.ledger.StepKey;
import io.github.aepdataflows.provision.ConflictException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an adopted flow is in the ledger, and what is refused for the sake of what is there already. */
class AdoptTest {

    @RegisterExtension
    static final Rigs RIGS = new Rigs();

    private ExportRig export;

    @BeforeEach
    void start() throws Exception {
        export = ExportRig.oneOf(RIGS);
    }

    @AfterEach
    void stop() throws Exception {
        export.close();
    }

    @Test
    void should_adopt_a_flow_that_has_been_running_for_years() throws Exception {
        String flow = HandMade.RECURRING.by(export.hand());
        export.rig().simulator().clock().advance(Duration.ofDays(3652));

        String definition = text(export.adopt(flow));

        assertThat(definition).contains("startTime: 2030-01-01T00:00:00Z");
        export.assertNothingToDo(definition, flow);
    }

    @Test
    void should_not_own_what_the_definition_names_as_existing() throws Exception {
        HandMade.TUTORIAL_2020.by(export.hand());

        text(export.adopt("TUTORIAL_2020"));

        List<RecordedStep> steps = export.rig().ledger().steps("TUTORIAL_2020");
        assertThat(steps).filteredOn(step -> !step.key().shared()).extracting(step -> step.key().step()).containsExactlyInAnyOrder(
                "source-class", "source-schema", "source-connection", "target-connection", "mapping-set", "flow");
        assertThat(steps).filteredOn(step -> step.key().shared()).extracting(step -> step.key().step() + " " + step.result().outcome())
                .containsExactly("dataset-connection reused");
        assertThat(steps).filteredOn(step -> !step.key().shared()).extracting(step -> step.result().outcome()).containsOnly("adopted");
    }

    @Test
    void should_leave_an_ad_hoc_class_that_others_use_to_all_of_them() throws Exception {
        String flow = HandMade.TUTORIAL_2020.by(export.hand());
        export.hand().contacts2020(export.rig().resources("sourceConnections").get(0).at("/data/schema/id").asText());

        String definition = text(export.adopt(flow));

        assertThat(export.rig().ledger().steps("TUTORIAL_2020")).filteredOn(step -> step.key().shared())
                .extracting(step -> step.key().step())
                .containsExactlyInAnyOrder("dataset-connection", "source-class", "source-schema");
        export.assertNothingToDo(definition, flow);
    }

    @Test
    void should_refuse_a_flow_whose_source_connection_belongs_to_another_dataflow() throws Exception {
        String first = HandMade.ONCE.by(export.hand());
        String source = export.rig().resources("flows").get(0).at("/sourceConnectionIds/0").asText();
        String schema = export.hand().schema();
        String second = export.hand().flow("SECOND", ByHand.TABLES, source, export.hand()
                .target(schema, export.hand().dataset(schema, "Second")), "",
                "'mappingId': '%s', 'mappingVersion': 0".formatted(export.hand().mapping(schema, "Id", "_id")),
                ", 'scheduleParams': {'startTime': 1893456000, 'frequency': 'once'}");
        text(export.adopt(first));

        Exchange refused = export.adopt(second);

        assertThat(refused.getException()).isInstanceOf(ConflictException.class).hasMessageContainingAll(second, "SECOND",
                "source connection " + source, "belongs to the dataflow ONCE");
        assertThat(export.rig().ledger().dataflow("SECOND")).isEmpty();
        assertThat(text(export.export(second))).contains("name: SECOND");
    }

    @Test
    void should_call_a_flow_otherwise_whose_name_is_another_dataflow_of_the_ledger() throws Exception {
        assertThat(export.rig().apply(Rig.example("customer-success").replaceFirst("(?m)^name: .*", "name: ONCE\nflowName: other"))
                .path("outcome").asText()).isEqualTo("created");
        String flow = HandMade.ONCE.by(export.hand());

        assertThat(report(export.adopt(flow)).path("dataflow").asText()).isEqualTo("ONCE " + flow.substring(0, 8));
        assertThat(export.rig().ledger().owner("flow", flow)).contains("ONCE " + flow.substring(0, 8));
    }

    @Test
    void should_refuse_what_is_still_being_made_from_a_definition() throws Exception {
        HandMade.ONCE.by(export.hand());
        Ledger ledger = export.rig().ledger();
        Lease lease = ledger.take("ONCE", "another digest", Map.of(), "once.yaml");
        ledger.begin(lease, new StepKey("ONCE", "source-connection", "another content"), "Accounts", Duration.ofSeconds(1));
        ledger.release(lease);

        assertThat(export.adopt("ONCE").getException()).isInstanceOf(ConflictException.class)
                .hasMessageContaining("being made from another definition, once.yaml, and has a source connection");
        assertThat(ledger.dataflow("ONCE").orElseThrow().digest()).isEqualTo("another digest");
    }

    @ParameterizedTest
    @ValueSource(strings = {"crm", "marketing-automation", "customer-success"})
    void should_leave_what_was_provisioned_as_it_is(String example) throws Exception {
        JsonNode receipt = Rig.json(text(export.rig().provision(Rig.example(example))));
        String flow = receipt.at("/resources/flow").asText();
        List<RecordedStep> steps = export.rig().ledger().steps(receipt.path("dataflow").asText());

        String definition = text(export.export(flow));
        JsonNode adopted = report(export.adopt(flow));

        assertThat(export.plan(definition).path("empty").asBoolean()).as(() -> definition).isTrue();
        assertThat(adopted.path("outcome").asText()).isEqualTo("unchanged");
        assertThat(adopted.path("sameDefinition").asBoolean()).isFalse();
        assertThat(export.rig().ledger().steps(receipt.path("dataflow").asText())).isEqualTo(steps);
        assertThat(Rig.json(text(export.rig().provision(Rig.example(example)))).path("outcome").asText()).isEqualTo("unchanged");
    }

    @Test
    void should_have_room_for_the_dataflows_that_are_provisioned_later() throws Exception {
        HandMade.TUTORIAL_2020.by(export.hand());
        HandMade.PATH_2020.by(export.hand());
        text(export.adopt("TUTORIAL_2020"));
        text(export.adopt("PATH_2020"));

        assertThat(Rig.json(text(export.rig().provision(Rig.example("crm")))).path("outcome").asText()).isEqualTo("created");
        assertThat(export.plan(text(export.export("TUTORIAL_2020"))).path("empty").asBoolean()).isTrue();
        assertThat(export.plan(Rig.example("crm")).path("empty").asBoolean()).isTrue();
    }
}
