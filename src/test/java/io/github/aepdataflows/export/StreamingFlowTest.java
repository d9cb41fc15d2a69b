package io.github.aepdataflows.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.aepdataflows.Rig;
import io.github.aepdataflows.Rigs;
import io.github.aepdataflows.simulator.Fault;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Streaming dataflows, which have no schedule and of which the Platform keeps no runs, are told apart from those that never ran. */
class StreamingFlowTest {

    @RegisterExtension
    static final Rigs RIGS = new Rigs();

    private static final String KINESIS = "86043421-563b-46ec-8e6c-e23184711bf6";
    private static final String KINESIS_BASE = "86043421-0000-4000-8000-000000000001";
    private static final String HTTP = "bc7b00d6-623a-4dfc-9fdb-f1240aeadaeb";
    private static final String HTTP_BASE = "bc7b00d6-0000-4000-8000-000000000001";
    private static final String WITH_MAPPING = "d69717ba-71b4-4313-b654-49f9cf126d7a";
    private static final String WITHOUT_MAPPING = "d8a6f005-7eaf-4153-983e-e8574508b877";

    private ExportRig export;
    private ByHand hand;

    @BeforeEach
    void start() throws Exception {
        export = ExportRig.oneOf(RIGS);
        hand = export.hand();
        export.rig().simulator().addBaseConnection(Rig.SANDBOX, KINESIS_BASE, "Stream of ours", KINESIS);
        export.rig().simulator().addBaseConnection(Rig.SANDBOX, HTTP_BASE, "Inlet of ours", HTTP);
    }

    @AfterEach
    void stop() throws Exception {
        export.close();
    }

    private String flow(String name, String more) {
        String schema = hand.schema();
        String target = hand.target(schema, hand.dataset(schema, name));
        boolean raw = name.equals("Kinesis");
        String source = hand.source(raw ? """
            {'name': 'Stream', 'baseConnectionId': '%s', 'data': {'format': 'json'}, 'params': {'stream': 's', 'dataType': 'raw',
             'reset': 'latest'}, 'connectionSpec': {'id': '%s', 'version': '1.0'}}""".formatted(KINESIS_BASE, KINESIS) : """
            {'name': 'Inlet', 'baseConnectionId': '%s', 'connectionSpec': {'id': '%s', 'version': '1.0'}}""".formatted(HTTP_BASE, HTTP));
        String mapping = raw ? ", 'transformations': [{'name': 'Mapping', 'params': {'mappingId': '%s', 'mappingVersion': 0}}]"
                .formatted(hand.mapping(schema, "Id", "_id")) : "";
        return hand.post("/data/foundation/flowservice/flows", """
            {'name': '%s', 'flowSpec': {'id': '%s', 'version': '1.0'}, 'sourceConnectionIds': ['%s'], 'targetConnectionIds': ['%s']%s%s}"""
            .formatted(name, raw ? WITH_MAPPING : WITHOUT_MAPPING, source, target, mapping, more)).path("id").asText();
    }

    private Map<String, String> audited() throws Exception {
        JsonNode report = Rig.json(export.rig().audit().getMessage().getBody(String.class));
        assertThat(report.path("complete").asBoolean()).as(report::toPrettyString).isTrue();
        return StreamSupport.stream(report.path("flows").spliterator(), false)
                .collect(Collectors.toMap(flow -> flow.path("name").asText(), flow -> flow.path("state").asText()));
    }

    @Test
    void should_judge_streaming_flows_by_their_own_facts() throws Exception {
        flow("Kinesis", "");
        flow("Inlet", "");
        HandMade.ONCE.by(hand);
        String stopped = flow("Stopped", "");
        hand.disable(stopped);
        export.rig().simulator().clock().advance(Duration.ofDays(1));

        assertThat(audited()).containsExactlyInAnyOrderEntriesOf(Map.of("Kinesis", "streaming", "Inlet", "streaming", "Stopped", "disabled",
                "ONCE", "never ran"));
        assertThat(export.rig().requests("GET", "/runs")).allMatch(request -> !request.query().contains(stopped));
        assertThat(export.rig().requests("GET", "/flowSpecs/" + WITHOUT_MAPPING)).as("each spec is read once").hasSize(1);
    }

    @Test
    void should_say_that_the_last_operation_of_a_streaming_flow_failed() throws Exception {
        String flow = flow("Inlet", "");
        ObjectNode failed = export.rig().resources("flows").get(0).deepCopy();
        ((ObjectNode) failed.path("lastOperation")).putObject("status").put("value", "failed").putArray("errors").addObject()
                .put("code", "1234");
        export.rig().simulator().faults().when(request -> request.method().equals("GET") && request.path().endsWith("/flows"),
                Fault.body("{\"items\": [" + failed + "]}"));

        assertThat(audited()).isEqualTo(Map.of("Inlet", "failed"));
        assertThat(flow).isNotEmpty();
    }

    @Test
    void should_believe_the_platforms_flow_spec_rather_than_a_list_of_ids() throws Exception {
        flow("Inlet", "");
        export.rig().simulator().faults().always("GET", "/flowSpecs/" + WITHOUT_MAPPING,
                Fault.body("{\"items\": [{\"id\": \"" + WITHOUT_MAPPING + "\", \"scheduleSpec\": {\"name\": \"PeriodicSchedule\"}}]}"));

        assertThat(audited()).isEqualTo(Map.of("Inlet", "never ran"));
    }

    @Test
    void should_name_what_it_is_in_the_list() throws Exception {
        flow("Inlet", "");
        HandMade.DRAFT.by(hand);
        HandMade.DISABLED.by(hand);
        HandMade.ONCE.by(hand);

        JsonNode list = Rig.json(ExportRig.text(ExportRig.request(export.rig(), "direct:aep-export-list", "")));

        assertThat(list.findValuesAsText("state")).containsExactly("streaming", "draft", "disabled", "enabled");
        assertThat(list.findValuesAsText("streaming")).containsExactly("true");
    }

    @ParameterizedTest
    @ValueSource(strings = {"Kinesis", "Inlet"})
    void should_refuse_to_export_it_and_say_why(String name) {
        flow(name, "");

        assertThat(export.export(name).getException()).isInstanceOf(ExportException.class)
                .hasMessageContaining("it streams, and a definition describes dataflows that run on a schedule")
                .hasMessageNotContaining("transformations");
    }

    @Test
    void should_refuse_a_definition_of_a_streaming_source() throws Exception {
        String definition = Rig.example("customer-success");
        List<String> wrong = List.of(definition.replaceFirst("connector: .*", "connector: amazon-kinesis"),
                """
                apiVersion: aep-dataflows/v1
                name: Streamed
                source:
                  connectionSpecId: %s
                  flowSpec: Stream data with optional transformation
                  baseConnectionId: %s
                  params: { stream: s, dataType: raw }
                target:
                  schema:
                    title: Streamed
                    class: https://ns.adobe.com/xdm/context/profile
                    fieldGroups: [ https://ns.adobe.com/xdm/context/profile-person-details ]
                  dataset: { name: Streamed }
                mapping: [ { source: Id, destination: _id } ]
                """.formatted(KINESIS, KINESIS_BASE));
        for (String each : wrong) {
            JsonNode report = Rig.json(ExportRig.text(ExportRig.request(export.rig(), "direct:aep-check", each)));
            assertThat(report.path("faults").findValuesAsText("message")).as(report::toPrettyString)
                    .anyMatch(message -> message.contains("streams, and a definition describes dataflows that run on a schedule"));
        }
    }

    @Test
    void should_hold_no_schedule_for_a_streaming_flow() {
        assertThatThrownBy(() -> flow("Inlet", ", 'scheduleParams': {'startTime': 1893456000, 'frequency': 'once'}"))
                .hasMessageContaining("has no schedule");
    }
}
