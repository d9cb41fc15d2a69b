package io.github.aepdataflows.change;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.aepdataflows.Rig;
import io.github.aepdataflows.Rigs;
import io.github.aepdataflows.definition.DefinitionException;
import io.github.aepdataflows.ledger.RecordedChange;
import io.github.aepdataflows.provision.ConflictException;
import io.github.aepdataflows.simulator.Fault;
import io.github.aepdataflows.simulator.Request;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A definition that was edited: the least change is made, and what the Platform then has is what the definition says. */
class ChangeTest {

    static final String DEFINITION = """
            apiVersion: aep-dataflows/v1
            name: Changed
            description: As it was
            source:
              connector: salesforce
              baseConnectionId: 4cb0c374-d3bb-4557-b139-5712880adc55
              name: Changed source
              tableName: Account
              columns: [ { name: Id, type: string }, { name: Name, type: string }, { name: Phone, type: string }, { name: \
            LastModifiedDate, type: string, format: date-time } ]
            target:
              name: Changed target
              schema:
                title: Changed schema
                class: https://ns.adobe.com/xdm/context/profile
                fieldGroups: [ https://ns.adobe.com/xdm/context/profile-person-details, \
            https://ns.adobe.com/xdm/context/profile-personal-details ]
              dataset: { name: Changed dataset }
            mapping:
              - { source: Id, destination: _id }
              - { source: Name, destination: person.name.fullName }
            copy: { deltaColumn: { name: LastModifiedDate, dateFormat: "yyyy-MM-dd HH:mm:ss", timezone: UTC } }
            schedule: { startTime: 2035-01-01T00:00:00Z, frequency: hour, interval: 2, backfill: true }
            options: { errorDiagnosticsEnabled: true, partialIngestionPercent: 5 }
            """;

    @RegisterExtension
    static final Rigs RIGS = new Rigs();

    private Rig rig;

    @BeforeEach
    void start() throws Exception {
        rig = RIGS.start(Map.of("aep.clock", "#bean:simulatorClock"));
        assertThat(rig.provision(DEFINITION).getException()).isNull();
        ArrayNode columns = (ArrayNode) rig.resources("sourceConnections").get(0).at("/params/columns");
        rig.simulator().addTable(Rig.SANDBOX, "4cb0c374-d3bb-4557-b139-5712880adc55", "Other", columns);
    }

    @AfterEach
    void stop() throws Exception {
        rig.close();
    }

    private List<Request> writes(int since) {
        return rig.simulator().requests().all().stream().skip(since).filter(isWrite()).toList();
    }

    private static Predicate<Request> isWrite() {
        return request -> !request.method().equals("GET") && request.path().startsWith("/data/") && !request.path().endsWith("/validate");
    }

    private int now() {
        return rig.simulator().requests().all().size();
    }

    private static List<String> outcomes(JsonNode receipt, String step) {
        return StreamSupport.stream(receipt.path("steps").spliterator(), false).filter(one -> one.path("step").asText().equals(step))
                .map(one -> one.path("outcome").asText()).toList();
    }

    private String with(String passage, String replacement) {
        assertThat(DEFINITION).contains(passage);
        return DEFINITION.replace(passage, replacement);
    }

    static Stream<Arguments> updates() {
        return Stream.of(
                arguments("description: As it was", "description: As it is", "PATCH flows", "flows", "/description", "As it is"),
                arguments("name: Changed source", "name: Another source", "PATCH sourceConnections", "sourceConnections", "/name",
                "Another source"),
                arguments("name: Changed target", "name: Another target", "PATCH targetConnections", "targetConnections", "/name",
                "Another target"),
                arguments("title: Changed schema", "title: Another schema", "PATCH schemas", "schemas", "/title", "Another schema"),
                arguments("personal-details ]", "personal-details, https://ns.adobe.com/xdm/context/profile-work-details ]",
                "PATCH schemas", "schemas",
                        "/allOf/3/$ref", "https://ns.adobe.com/xdm/context/profile-work-details"),
                arguments("name: Changed dataset", "name: Another dataset", "PATCH dataSets", "dataSets", "/name", "Another dataset"),
                arguments("destination: person.name.fullName", "destination: person.name.lastName", "PUT mappingSets, PATCH flows",
                "mappingSets",
                        "/mappings/1/destination", "person.name.lastName"),
                arguments("timezone: UTC", "timezone: CET", "PATCH flows", "flows", "/transformations/0/params/deltaColumn/timezone",
                "CET"),
                arguments("2035-01-01", "2036-01-01", "PATCH flows", "flows", "/scheduleParams/startTime", "2082758400"),
                arguments("frequency: hour", "frequency: day", "PATCH flows", "flows", "/scheduleParams/frequency", "day"),
                arguments("interval: 2", "interval: 3", "PATCH flows", "flows", "/scheduleParams/interval", "3"),
                arguments("backfill: true", "backfill: false", "PATCH flows", "flows", "/scheduleParams/backfill", "false"),
                arguments("partialIngestionPercent: 5", "partialIngestionPercent: 6", "PATCH flows", "flows",
                "/options/partialIngestionPercent", "6"));
    }

    @ParameterizedTest
    @MethodSource("updates")
    void should_make_the_least_change_and_none_the_next_time(String passage, String replacement, String writes, String collection,
            String path, String value)
            throws Exception {
        String edited = with(passage, replacement);
        int before = now();

        JsonNode receipt = rig.apply(edited);

        assertThat(receipt.path("outcome").asText()).isEqualTo("updated");
        assertThat(writes(before)).extracting(request -> request.method() + " " + request.path().replaceFirst("/[^/]*$", "")
                .replaceFirst(".*/", ""))
                .containsExactly(writes.split(", "));
        assertThat(rig.resources(collection)).singleElement()
                .satisfies(resource -> assertThat(resource.at(path).asText()).isEqualTo(value));
        assertThat(rig.plan(edited).path("empty").asBoolean()).as(() -> planText(edited)).isTrue();
        int after = now();
        assertThat(rig.apply(edited).path("outcome").asText()).isEqualTo("unchanged");
        assertThat(writes(after)).isEmpty();
        assertThat(rig.ledger().changes("Changed")).extracting(RecordedChange::state).containsOnly(RecordedChange.State.DONE);
    }

    private String planText(String definition) {
        try {
            return rig.plan(definition).toPrettyString();
        } catch (IOException e) {
            return e.toString();
        }
    }

    @Test
    void should_wire_the_new_version_of_a_mapping_set_into_the_flow() throws Exception {
        rig.apply(with("destination: person.name.fullName", "destination: person.name.lastName"));
        rig.apply(with("destination: person.name.fullName", "destination: person.name.firstName"));

        String flowsVersion = rig.resources("flows").get(0).at("/transformations/1/params/mappingVersion").asText();
        assertThat(flowsVersion).isEqualTo("2").isEqualTo(rig.resources("mappingSets").get(0).path("version").asText());
    }

    @Test
    void should_pause_and_resume() throws Exception {
        JsonNode paused = rig.apply(DEFINITION + "state: paused\n");
        assertThat(rig.resources("flows")).extracting(flow -> flow.path("state").asText()).containsExactly("disabled");
        assertThat(outcomes(paused, "flow")).contains("disabled");
        assertThat(rig.plan(DEFINITION + "state: paused\n").path("empty").asBoolean()).isTrue();
        assertThat(rig.plan(DEFINITION).at("/steps/5/changes/0/path").asText()).isEqualTo("state");

        JsonNode resumed = rig.apply(DEFINITION);
        assertThat(resumed.path("outcome").asText()).isEqualTo("updated");
        assertThat(rig.resources("flows")).extracting(flow -> flow.path("state").asText()).containsExactly("enabled");
    }

    @Test
    void should_make_a_paused_dataflow_that_does_not_exist_yet() throws Exception {
        String other = DEFINITION.replace("Changed", "Paused") + "state: paused\n";

        assertThat(rig.apply(other).path("outcome").asText()).isEqualTo("created");

        assertThat(rig.resources("flows").get(1).path("state").asText()).isEqualTo("disabled");
        assertThat(rig.plan(other).path("empty").asBoolean()).isTrue();
    }

    @Test
    void should_replace_only_where_the_definition_allows_it() throws Exception {
        String edited = with("tableName: Account", "tableName: Other");
        int before = now();

        Exchange refused = rig.provision(edited);

        assertThat(refused.getException()).isInstanceOf(ConflictException.class)
                .hasMessageContaining("source-connection (params.tableName)");
        assertThat(String.valueOf(refused.getVariable("aepError"))).contains("allowReplace: true");
        assertThat(writes(before)).isEmpty();

        String old = rig.resources("flows").get(0).path("id").asText();
        JsonNode receipt = rig.apply(edited + "allowReplace: true\n");

        assertThat(receipt.path("outcome").asText()).isEqualTo("replaced");
        assertThat(rig.resources("flows")).extracting(flow -> flow.path("state").asText()).containsExactly("disabled", "enabled");
        assertThat(rig.resources("sourceConnections")).hasSize(2);
        assertThat(rig.resources("flows").get(1).at("/sourceConnectionIds/0").asText())
                .isEqualTo(rig.resources("sourceConnections").get(1).path("id").asText());
        assertThat(receipt.path("steps").toString()).contains("\"disabled\",\"id\":\"" + old + "\"");
        assertThat(receipt.at("/resources/flow").asText()).isNotEqualTo(old);
        assertThat(rig.plan(edited + "allowReplace: true\n").path("empty").asBoolean()).as(() -> planText(edited)).isTrue();

        rig.apply(DEFINITION + "allowReplace: true\n");   // and back: a third one
        assertThat(rig.resources("flows")).extracting(flow -> flow.path("state").asText())
        .containsExactly("disabled", "disabled", "enabled");
        assertThat(rig.plan(DEFINITION).path("empty").asBoolean()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"startTime: 2035-01-01T00:00:00Z, frequency: hour|startTime: 2061-01-01T00:00:00Z, frequency: hour|1366-400",
            "startTime: 2035-01-01T00:00:00Z, frequency: hour, interval: 2, backfill: true|startTime: 2061-01-01T00:00:00Z, frequency: "
            + "once|1403-400",
            "backfill: true|backfill: false|1404-400"})
    void should_replace_what_a_started_flow_does_not_allow(String change) throws Exception {
        rig.simulator().clock().advance(Duration.ofDays(3652 * 2));
        String[] words = change.split("\\|");
        String edited = with(words[0], words[1]).replace(words[1].contains("once")
                ? "copy: { deltaColumn: { name: LastModifiedDate, dateFormat: \"yyyy-MM-dd HH:mm:ss\", timezone: UTC } }\n" : "#none", "");

        Exchange refused = rig.provision(edited);
        assertThat(refused.getException()).isInstanceOf(ConflictException.class).hasMessageContaining(words[2]);

        if (words[1].startsWith("startTime")) {
            assertThat(rig.apply(edited + "allowReplace: true\n").path("outcome").asText()).isEqualTo("replaced");
            assertThat(rig.plan(edited).path("empty").asBoolean()).as(() -> planText(edited)).isTrue();
        } else {
            assertThat(rig.provision(edited + "allowReplace: true\n").getException()).as("its start lies in the past")
                    .isInstanceOf(ConflictException.class).hasMessageContaining("1360-400");
        }
    }

    @Test
    void should_refuse_a_changed_definition_with_faults_before_any_change() throws Exception {
        int before = now();

        Exchange refused = rig.provision(with("tableName: Account", "tableName: Acount")
                .replace("As it was", "As it is") + "allowReplace: true\n");

        assertThat(refused.getException()).isInstanceOf(DefinitionException.class);
        assertThat(writes(before)).isEmpty();
    }

    @Test
    void should_delete_what_was_made_and_keep_schema_and_dataset() throws Exception {
        String absent = DEFINITION + "state: absent\n";
        assertThat(rig.plan(absent).path("steps").findValuesAsText("action")).containsOnly("delete").hasSize(4);

        JsonNode receipt = rig.apply(absent);

        assertThat(receipt.path("outcome").asText()).isEqualTo("deleted");
        for (String collection : List.of("flows", "sourceConnections", "targetConnections", "mappingSets")) {
            assertThat(rig.resources(collection)).as(collection).isEmpty();
        }
        assertThat(rig.resources("schemas")).hasSize(1);
        assertThat(rig.resources("dataSets")).hasSize(1);
        assertThat(rig.plan(absent).path("empty").asBoolean()).isTrue();
        int after = now();
        assertThat(rig.apply(absent).path("outcome").asText()).isEqualTo("unchanged");
        assertThat(writes(after)).isEmpty();

        assertThat(rig.apply(DEFINITION).path("outcome").asText()).as("and back").isEqualTo("created");
        assertThat(rig.resources("flows")).hasSize(1);
        assertThat(rig.resources("dataSets")).hasSize(1);
        assertThat(rig.plan(DEFINITION).path("empty").asBoolean()).isTrue();

        JsonNode retired = rig.apply(absent + "retire: { dataset: true, schema: true }\n");
        assertThat(outcomes(retired, "target-dataset")).containsExactly("deleted");
        assertThat(rig.resources("schemas")).isEmpty();
        assertThat(rig.resources("dataSets")).isEmpty();
    }

    @Test
    void should_retire_a_dataflow_of_the_2020_form_with_its_ad_hoc_schema() throws Exception {
        rig.apply(Rig.example("crm"));
        rig.apply(Rig.example("crm") + "state: absent\nretire: { schema: true, dataset: true }\n");

        assertThat(rig.resources("classes")).isEmpty();
        assertThat(rig.resources("schemas")).hasSize(1);   // the other dataflow's
        assertThat(rig.resources("flows")).hasSize(1);
        assertThat(rig.resources("connections").stream().filter(connection -> connection.path("name").asText()
                .equals("Dataset base connection")))
                .as("is shared").hasSize(1);
    }

    @Test
    void should_not_delete_a_dataset_that_others_write_to() throws Exception {
        String dataset = rig.resources("dataSets").get(0).path("viewId").asText();
        String other = DEFINITION.replace("Changed", "Other").replace("{ name: Other dataset }", "{ id: " + dataset + " }")
                .replaceFirst("(?s)title: Other schema.*?dataset:", "id: " + rig.resources("schemas").get(0).path("$id")
                .asText() + "\n  dataset:");
        rig.apply(other);

        Exchange refused = rig.provision(DEFINITION + "state: absent\nretire: { dataset: true }\n");

        assertThat(refused.getException()).isInstanceOf(ConflictException.class).hasMessageContaining("other target connections");
        assertThat(rig.resources("dataSets")).hasSize(1);
        assertThat(rig.resources("flows")).extracting(flow -> flow.path("name").asText()).containsExactly("Other");
    }

    @Test
    void should_leave_a_mapping_set_where_the_platform_does_not_delete_one() throws Exception {
        rig.simulator().faults().always("DELETE", "/mappingSets/[0-9a-f]+", Fault.status(405));

        JsonNode receipt = rig.apply(DEFINITION + "state: absent\n");

        assertThat(outcomes(receipt, "mapping-set")).containsExactly("left");
        assertThat(rig.plan(DEFINITION + "state: absent\n").path("empty").asBoolean()).isTrue();
    }

    @Test
    void should_keep_what_somebody_else_has_changed_meanwhile() throws Exception {
        String flow = rig.resources("flows").get(0).path("id").asText();
        rig.simulator().faults().on("PATCH", "/flows/" + flow, 1, Fault.status(412));

        JsonNode receipt = rig.apply(with("interval: 2", "interval: 3"));

        assertThat(receipt.path("outcome").asText()).isEqualTo("updated");
        assertThat(rig.requests("PATCH", "/flows/" + flow)).hasSize(2)
                .allSatisfy(patch -> assertThat(patch.header("if-match")).isPresent());
        rig.simulator().faults().always("PATCH", "/flows/" + flow, Fault.status(412));
        assertThat(rig.provision(with("interval: 2", "interval: 4")).getException()).isInstanceOf(ConflictException.class);
        assertThat(rig.requests("PATCH", "/flows/" + flow)).hasSize(5);
    }

    @Test
    void should_settle_what_somebody_else_has_changed_when_the_same_definition_comes_again() throws Exception {
        String flow = rig.resources("flows").get(0).path("id").asText();
        ObjectNode theirs = rig.resources("flows").get(0).deepCopy();
        ((ObjectNode) theirs.path("scheduleParams")).put("interval", "7");
        theirs.put("foreign", "stays");
        rig.simulator().faults().on("GET", "/flows/" + flow, 1, Fault.body("{\"items\":[" + theirs + "]}"));

        JsonNode receipt = rig.apply(DEFINITION);

        assertThat(receipt.path("outcome").asText()).isEqualTo("unchanged");   // by the fresh look before the change it is as it should be
        assertThat(rig.resources("flows").get(0).at("/scheduleParams/interval").asText()).isEqualTo("2");
    }

    @Test
    void should_make_a_deleted_resource_anew_only_where_that_is_allowed() throws Exception {
        String flow = rig.resources("flows").get(0).path("id").asText();
        rig.simulator().faults().always("GET", "/flows/" + flow, Fault.status(404));

        assertThat(rig.provision(DEFINITION).getException()).isInstanceOf(ConflictException.class).hasMessageContaining("does not exist");
        assertThat(rig.apply(DEFINITION + "allowReplace: true\n").path("outcome").asText()).isEqualTo("replaced");
        assertThat(rig.resources("flows")).hasSize(2);
        assertThat(rig.resources("sourceConnections")).hasSize(1);
    }

    @Test
    void should_believe_only_an_answer_that_is_about_the_resource() throws Exception {
        String flow = rig.resources("flows").get(0).path("id").asText();
        String others = "{\"id\":\"4cb0c374-d3bb-4557-b139-5712880adc55\",\"etag\":\"x\"}";
        rig.simulator().faults().on("PATCH", "/flows/" + flow, 1, Fault.answer(200, "application/json", others));
        rig.apply(with("interval: 2", "interval: 3"));
        assertThat(rig.resources("flows").get(0).at("/scheduleParams/interval").asText()).isEqualTo("3");

        rig.simulator().faults().on("POST", "/flows/" + flow + "/action", 1, Fault.answer(200, "application/json", others));
        rig.apply(with("interval: 2", "interval: 3") + "state: paused\n");
        assertThat(rig.resources("flows").get(0).path("state").asText()).isEqualTo("disabled");

        rig.simulator().faults().on("DELETE", "/flows/" + flow, 1, Fault.html());
        assertThat(rig.apply(DEFINITION + "state: absent\n").path("outcome").asText()).isEqualTo("deleted");
        assertThat(rig.resources("flows")).isEmpty();
    }

    @Test
    void should_not_say_that_a_change_was_not_applied_when_nobody_knows() throws Exception {
        String flow = rig.resources("flows").get(0).path("id").asText();
        rig.simulator().faults().on("PATCH", "/flows/" + flow, 1, Fault.status(412).afterCommit());   // a proxy has sent it twice

        rig.apply(with("interval: 2", "interval: 3"));

        assertThat(rig.requests("PATCH", "/flows/" + flow)).hasSize(1);
        assertThat(rig.ledger().changes("Changed")).extracting(RecordedChange::state).containsOnly(RecordedChange.State.DONE);
    }

    /** A new flow was given up while nobody knew whether it was made, and the definition before it comes again. */
    @Test
    void should_not_leave_two_flows_running_when_a_replacement_of_unknown_outcome_is_taken_back() throws Exception {
        rig.simulator().clock().advance(Duration.ofDays(3652 * 2));
        String edited = with("2035-01-01", "2061-01-01") + "allowReplace: true\n";
        rig.simulator().faults().on("POST", "/flows", 1, Fault.reset().afterCommit());
        rig.simulator().faults().when(request -> request.method().equals("GET") && request.path().endsWith("/flows")
                && rig.requests("POST", "/flows").size() > 1, Fault.status(503));
        assertThat(rig.provision(edited).getException()).isNotNull();
        rig.simulator().faults().clear();
        assertThat(rig.resources("flows")).hasSize(2);

        assertThat(rig.provision(DEFINITION).getException()).isInstanceOf(ConflictException.class).hasMessageContaining("not known yet");

        rig.apply(edited);
        assertThat(rig.resources("flows")).extracting(flow -> flow.path("state").asText()).containsExactly("disabled", "enabled");
    }

    @Test
    void should_add_a_field_group_beside_one_of_somebody_else() throws Exception {
        String groups = "/schemaregistry/tenant/schemas/";
        ObjectNode theirs = rig.resources("schemas").get(0).deepCopy();
        theirs.withArray("allOf").addObject().put("$ref", "https://ns.adobe.com/xdm/context/profile-segmentation");
        rig.simulator().faults().always("GET", groups + "[^/]+", Fault.body(theirs.toString()));   // as it looks since they added it
        String edited = with("personal-details ]", "personal-details, https://ns.adobe.com/xdm/context/profile-work-details ]");

        assertThat(rig.plan(edited).path("steps").toString()).contains("\"target-schema\"").doesNotContain("impossible");
        rig.apply(edited);

        assertThat(rig.requests(request -> request.method().equals("PATCH") && request.path().contains(groups)))
                .singleElement().satisfies(patch -> assertThat(patch.text()).contains("/allOf/-", "profile-work-details"));
    }

    @Test
    void should_keep_the_tags_that_somebody_else_gave_a_schema() throws Exception {
        ObjectNode theirs = rig.resources("schemas").get(0).deepCopy();
        theirs.withArray("meta:immutableTags").add("theirs");
        rig.simulator().faults().always("GET", "/tenant/schemas/[^/]+", Fault.body(theirs.toString()));
        String profiled = with("  schema:\n", "  profile: true\n  schema:\n")
                .replace("destination: _id }", "destination: _id, identity: true }")
                .replace("personal-details ]", "personal-details, https://ns.adobe.com/xdm/context/identitymap ]");

        rig.provision(profiled);

        assertThat(rig.requests(request -> request.method().equals("PATCH") && request.path()
                .contains("/tenant/schemas/")))
                .filteredOn(patch -> !patch.text().contains("identitymap"))
                .isNotEmpty().allSatisfy(patch -> assertThat(patch.text()).contains("/meta:immutableTags/-").contains("union"));
    }
}
