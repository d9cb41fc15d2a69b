package io.github.aepdataflows.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.aepdataflows.Rig;
import io.github.aepdataflows.definition.DefinitionException;
import io.github.aepdataflows.simulator.Fault;
import io.github.aepdataflows.simulator.Options;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What lies between a definition and the Platform: exactly the fields that differ, and how the Platform lets them be settled. */
class PlanTest {

    private static final String DEFINITION = """
            apiVersion: aep-dataflows/v1
            name: Planned
            description: As it was
            source:
              connector: salesforce
              baseConnectionId: 4cb0c374-d3bb-4557-b139-5712880adc55
              name: Planned source
              description: Source as it was
              tableName: Account
              columns: [ { name: Id, type: string }, { name: Name, type: string }, { name: Phone, type: string }, { name: \
            LastModifiedDate, type: string, format: date-time } ]
            target:
              name: Planned target
              description: Target as it was
              schema:
                title: Planned schema
                description: Schema as it was
                class: https://ns.adobe.com/xdm/context/profile
                fieldGroups: [ https://ns.adobe.com/xdm/context/profile-person-details, \
            https://ns.adobe.com/xdm/context/profile-personal-details ]
              dataset: { name: Planned dataset }
            mapping:
              - { source: Id, destination: _id }
              - { source: Name, destination: person.name.fullName }
            copy: { deltaColumn: { name: LastModifiedDate, dateFormat: "yyyy-MM-dd HH:mm:ss", timezone: UTC } }
            schedule: { startTime: 2035-01-01T00:00:00Z, frequency: hour, interval: 2, backfill: true }
            options: { errorDiagnosticsEnabled: true, partialIngestionPercent: 5 }
            """;

    private static Rig rig;

    @BeforeAll
    static void start(@TempDir Path data) throws Exception {
        rig = Rig.start(data);
        assertThat(rig.provision(DEFINITION).getException()).isNull();
        ArrayNode columns = (ArrayNode) rig.resources("sourceConnections").get(0).at("/params/columns");
        rig.simulator().addTable(Rig.SANDBOX, "4cb0c374-d3bb-4557-b139-5712880adc55", "Renamed", columns);
    }

    @AfterAll
    static void stop() throws Exception {
        rig.close();
    }

    private static Exchange planned(Rig rig, String definition) {
        return rig.main().getCamelContext().createFluentProducerTemplate().to("direct:aep-plan").withBody(definition)
                .request(Exchange.class);
    }

    private static JsonNode plan(Rig rig, String definition) throws IOException {
        int before = rig.simulator().requests().all().size();
        Exchange planned = planned(rig, definition);
        assertThat(planned.getException()).isNull();
        assertThat(rig.simulator().requests().all().stream().skip(before))
                .allMatch(request -> request.method().equals("GET") || request.path().endsWith("/validate") || request.path()
                .contains("/ims/"));
        return Rig.json(planned.getMessage().getBody(String.class));
    }

    private static List<String> actions(JsonNode plan) {
        return StreamSupport.stream(plan.path("steps").spliterator(), false)
                .filter(step -> !step.path("action").asText().equals("none"))
                .map(step -> step.path("step").asText() + " " + step.path("action").asText()).toList();
    }

    private static List<String> paths(JsonNode plan) {
        return StreamSupport.stream(plan.path("steps").spliterator(), false)
                .flatMap(step -> StreamSupport.stream(step.path("changes").spliterator(), false)
                .map(change -> step.path("step").asText() + " " + change.path("path").asText())).toList();
    }

    @Test
    void should_be_empty_for_what_is_as_it_was_provisioned() throws Exception {
        JsonNode plan = plan(rig, DEFINITION);

        assertThat(plan.path("empty").asBoolean()).as(plan::toPrettyString).isTrue();
        assertThat(paths(plan)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"crm", "marketing-automation", "customer-success"})
    void should_be_all_creates_before_and_empty_after(String example, @TempDir Path data) throws Exception {
        try (Rig own = Rig.start(data)) {
            JsonNode before = plan(own, Rig.example(example));
            assertThat(before.path("steps").findValuesAsText("action")).containsOnly("create");

            own.provision(Rig.example(example));

            JsonNode after = plan(own, Rig.example(example));
            assertThat(after.path("empty").asBoolean()).as(after::toPrettyString).isTrue();
        }
    }

    static Stream<Arguments> changes() {
        return Stream.of(
                arguments("description: As it was", "description: As it is", "flow update", "flow description"),
                arguments("name: Planned source", "name: Another source", "source-connection update", "source-connection name"),
                arguments("Source as it was", "Source as it is", "source-connection update", "source-connection description"),
                arguments("tableName: Account", "tableName: Renamed", "source-connection replace, flow replace", null),
                arguments("{ name: Phone, type: string }, ", "", "source-connection replace, flow replace", null),
                arguments("name: Planned target", "name: Another target", "target-connection update", "target-connection name"),
                arguments("Target as it was", "Target as it is", "target-connection update", "target-connection description"),
                arguments("title: Planned schema", "title: Another schema", "target-schema update", "target-schema title"),
                arguments("Schema as it was", "Schema as it is", "target-schema update", "target-schema description"),
                arguments("personal-details ]", "personal-details, https://ns.adobe.com/xdm/context/profile-work-details ]",
                "target-schema update", "target-schema references"),
                arguments(", https://ns.adobe.com/xdm/context/profile-personal-details ]", " ]", "", "target-schema references"),
                arguments("name: Planned dataset", "name: Another dataset", "target-dataset update", "target-dataset name"),
                arguments("destination: person.name.fullName", "destination: person.name.lastName", "mapping-set update, flow update",
                "mapping-set mappings[1].destination"),
                arguments("source: Name, destination: person.name", "source: Phone, destination: person.name",
                "mapping-set update, flow update", "mapping-set mappings[1].source"),
                arguments("destination: _id }", "destination: _id, identity: true }", "mapping-set update, flow update",
                "mapping-set mappings[0].identity"),
                arguments("timezone: UTC", "timezone: CET", "flow update", "flow transformations[0].params.deltaColumn.timezone"),
                arguments("name: LastModifiedDate, dateFormat", "name: updatedAt, dateFormat", "flow update",
                "flow transformations[0].params.deltaColumn.name"),
                arguments("2035-01-01", "2036-01-01", "flow update", "flow scheduleParams.startTime"),
                arguments("frequency: hour", "frequency: day", "flow update", "flow scheduleParams.frequency"),
                arguments("interval: 2", "interval: 3", "flow update", "flow scheduleParams.interval"),
                arguments("backfill: true", "backfill: false", "flow update", "flow scheduleParams.backfill"),
                arguments("errorDiagnosticsEnabled: true", "errorDiagnosticsEnabled: false", "flow update",
                "flow options.errorDiagnosticsEnabled"),
                arguments("partialIngestionPercent: 5", "partialIngestionPercent: 6", "flow update",
                "flow options.partialIngestionPercent"));
    }

    @ParameterizedTest
    @MethodSource("changes")
    void should_name_the_one_field_that_was_changed(String passage, String replacement, String actions, String path) throws Exception {
        assertThat(DEFINITION).contains(passage);

        JsonNode plan = plan(rig, DEFINITION.replace(passage, replacement));

        assertThat(String.join(", ", actions(plan))).as(plan::toPrettyString).isEqualTo(actions);
        if (path != null) {
            assertThat(paths(plan)).containsExactly(path);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"2035-01-01 2036-01-01 1366-400", "true,0 false 1404-400"})
    void should_call_impossible_what_a_started_flow_does_not_allow(String change, @TempDir Path data) throws Exception {
        try (Rig own = Rig.start(data, Options.defaults(), Map.of("aep.clock", "#bean:simulatorClock"))) {
            own.provision(DEFINITION);
            own.simulator().clock().advance(Duration.ofDays(3652 * 2));
            String[] words = change.split(" ");
            String wanted = words[0].startsWith("true") ? DEFINITION.replace("backfill: true", "backfill: false")
                    : DEFINITION.replace(words[0], "2060-01-01");

            JsonNode plan = plan(own, wanted);

            assertThat(actions(plan)).containsExactly(words[1].equals("2036-01-01") ? "flow replace" : "flow impossible");
            assertThat(plan.path("steps").findValuesAsText("reason")).singleElement().asString().contains(words[2]);
        }
    }

    @Test
    void should_see_what_somebody_else_has_changed_or_deleted(@TempDir Path data) throws Exception {
        try (Rig own = Rig.start(data)) {
            own.provision(DEFINITION);
            String flow = own.resources("flows").get(0).path("id").asText();
            JsonNode theirs = own.resources("flows").get(0).deepCopy();
            ((ObjectNode) theirs.path("scheduleParams")).put("interval", "7");
            own.simulator().faults().always("GET", "/flows/" + flow, Fault.body("{\"items\":[" + theirs + "]}"));
            own.simulator().faults().always("GET", "/mappingSets/" + own.resources("mappingSets").get(0).path("id").asText(),
                    Fault.status(404));

            JsonNode plan = plan(own, DEFINITION);

            assertThat(actions(plan)).containsExactly("mapping-set replace", "flow update");
            assertThat(plan.at("/steps/5/changes/0/is").asText()).isEqualTo("7");
            assertThat(plan.at("/steps/5/changes/0/wanted").asInt()).isEqualTo(2);
        }
    }

    @Test
    void should_not_mind_in_which_order_the_platform_tells_things(@TempDir Path data) throws Exception {
        try (Rig own = Rig.start(data)) {
            own.provision(DEFINITION);
            for (String collection : List.of("flows", "mappingSets", "sourceConnections")) {
                ObjectNode theirs = own.resources(collection).get(0).deepCopy();
                for (ArrayNode array : List.of(theirs.withArray("/transformations"), theirs.withArray("/mappings"),
                        theirs.withArray("/params/columns"))) {
                    List<JsonNode> elements = new ArrayList<>();
                    array.forEach(elements::add);
                    Collections.reverse(elements);
                    array.removeAll().addAll(elements);
                }
                own.simulator().faults().always("GET", "/" + collection + "/" + theirs.path("id").asText(), Fault.body(theirs.toString()));
            }

            assertThat(plan(own, DEFINITION).path("empty").asBoolean()).isTrue();
        }
    }

    @Test
    void should_plan_nothing_for_a_definition_with_faults() {
        assertThat(planned(rig, DEFINITION.replace("interval: 2", "interval: 0")).getException()).isInstanceOf(DefinitionException.class);
        assertThat(planned(rig, DEFINITION.replace("tableName: Account", "tableName: Acount")).getException())
                .isInstanceOf(DefinitionException.class);
    }
}
