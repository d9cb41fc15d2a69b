package io.github.aepdataflows.check;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.aepdataflows.Rig;
import io.github.aepdataflows.simulator.Fault;
import io.github.aepdataflows.simulator.Options;
import io.github.aepdataflows.simulator.Request;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Sources that are no plain table and no plain file: self-serve ones, the landing zone, views of Dynamics, tables with a filter. */
class OtherSourcesTest {

    private static final String MAILCHIMP = "2e8580db-6489-4726-96de-e33f5f60295f";
    private static final String REST = "4e98f16f-87d6-4ef0-bdc6-7a2b0fe76e62";
    private static final String REST_FLOW_SPEC = "6499120c-0b15-42dc-936e-847ea3c24d72";

    private static Rig rig;

    @BeforeAll
    static void start(@TempDir Path data) throws Exception {
        rig = Rig.start(data, Options.defaults(), Map.of("aep.check-lifetime", "0", "aep.flow-spec-lifetime", "0"));
        rig.simulator().addBaseConnection(Rig.SANDBOX, "11111111-d3bb-4557-b139-5712880adc55", "Mailchimp", MAILCHIMP);
        rig.simulator().addBaseConnection(Rig.SANDBOX, "22222222-d3bb-4557-b139-5712880adc55", "REST", REST);
    }

    @AfterEach
    void restore() {
        rig.simulator().faults().clear();
    }

    @AfterAll
    static void stop() throws Exception {
        rig.close();
    }

    private static JsonNode check(String definition) throws Exception {
        return new Minimal(rig).check(definition);
    }

    private static String definition(String name, String source, String... columns) {
        StringBuilder mapping = new StringBuilder();
        for (int i = 0; i < columns.length; i++) {
            mapping.append("  - { source: \"%s\", destination: %s }\n".formatted(columns[i],
                    List.of("_id", "person.name.fullName", "person.name.lastName").get(i)));
        }
        return """
            apiVersion: aep-dataflows/v1
            name: %1$s
            source: { %2$s }
            target:
              schema:
                title: %1$s
                class: https://ns.adobe.com/xdm/context/profile
                fieldGroups: [ https://ns.adobe.com/xdm/context/profile-person-details ]
              dataset: { name: %1$s }
            mapping:
            %3$s""".formatted(name, source, mapping);
    }

    private static String mailchimp(String params, String... columns) {
        return definition("Members", "connector: mailchimp-members, baseConnection: { name: Mailchimp }, params: " + params, columns);
    }

    @Test
    void should_ask_a_self_serve_source_by_its_own_parameters_what_it_answers() throws Exception {
        assertThat(check(mailchimp("{ listId: \"a+b/c\" }", "list_id", "members[0].merge_fields.FNAME")).path("faults")).isEmpty();

        List<Request> asked = rig.requests("GET", "/explore");
        String query = asked.get(asked.size() - 1).query();
        assertThat(query).startsWith("objectType=rest&object=json&fileType=json&preview=true&sourceParams=");
        String params = URLDecoder.decode(query.substring(query.lastIndexOf("sourceParams=") + 13), StandardCharsets.UTF_8);
        assertThat(new String(Base64.getDecoder().decode(params), StandardCharsets.UTF_8)).isEqualTo("{\"listId\":\"a+b/c\"}");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "{ list: x }       | list_id                        | source.params      | the source needs listId",
        "{ listID: x }     | list_id                        | source.params.listID | the source has no such parameter",
        "{ listId: [ x ] } | list_id                        | source.params.listId | is not what the Platform describes",
        "{ listId: x }     | members[0].merge_fields.FNAMEE | mapping[0].source  | has no column members[0].merge_fields.FNAMEE"})
    void should_refuse_what_the_platform_or_the_source_does_not_describe(String params, String column, String path, String words)
            throws Exception {
        assertThat(check(mailchimp(params, column)).path("faults")).as(params).anySatisfy(fault -> {
            assertThat(fault.path("path").asText()).isEqualTo(path);
            assertThat(fault.path("message").asText()).contains(words);
        });
    }

    @Test
    void should_check_parameters_that_are_objects() throws Exception {
        String right = definition("REST", "connector: generic-rest, baseConnection: { name: REST }, params: { urlParams: { path: /people },"
                + " contentPath: { path: items }, paginationParams: { type: NONE }, scheduleParams: {} }", "Id", "address.city");

        assertThat(check(right).path("faults")).isEmpty();
        assertThat(check(right.replace("type: NONE", "type: SOME")).at("/faults/0/path").asText())
                .isEqualTo("source.params.paginationParams");
        rig.apply(right + "schedule: { frequency: hour, interval: 1 }\n");
        List<ObjectNode> made = rig.resources("sourceConnections");
        assertThat(made.get(made.size() - 1).at("/params/urlParams/path").asText()).isEqualTo("/people");
    }

    @Test
    void should_let_pass_a_self_serve_source_that_shows_nothing() throws Exception {
        rig.simulator().faults().always("GET", "/connections/11111111-d3bb-4557-b139-5712880adc55/explore", Fault.body("{\"data\": []}"));
        JsonNode report = check(mailchimp("{ listId: x }", "anything"));

        assertThat(report.path("ok").asBoolean()).as(report.toString()).isTrue();
        assertThat(report.path("notes").findValuesAsText("message")).anyMatch(note -> note.contains("does not show what it has"));
    }

    /** The documents print the id with one name, and the name with other ids. */
    @ParameterizedTest
    @CsvSource({"PartnerRestToAEP, 6499120c-0b15-42dc-936e-847ea3c24d72", "RestStorageToAEP, 00000000-0000-4000-8000-000000000001"})
    void should_find_the_flow_spec_that_runs_a_self_serve_source_by_either_reading(String name, String id) throws Exception {
        String running = "{\"id\": \"%s\", \"name\": \"%s\", \"sourceConnectionSpecIds\": [\"%s\"]}".formatted(id, name, MAILCHIMP);
        String other = "{\"id\": \"%s\", \"name\": \"RestStorageToAEP\", \"sourceConnectionSpecIds\": []}"
                .formatted("00000000-0000-4000-8000-000000000002");
        rig.simulator().faults().always("GET", "/flowSpecs", Fault.body("{\"items\": [%s, %s]}".formatted(other, running)));

        JsonNode report = check(mailchimp("{ listId: x }", "list_id"));

        assertThat(report.path("ok").asBoolean()).as(report.toString()).isTrue();
        assertThat(report.path("notes").findValuesAsText("message").stream().anyMatch(note -> note.contains("by flow spec " + name)))
                .isEqualTo(!name.equals("RestStorageToAEP"));
    }

    @Test
    void should_refuse_a_self_serve_source_that_no_flow_spec_runs() throws Exception {
        rig.simulator().faults().always("GET", "/flowSpecs", Fault.body("{\"items\": [{\"id\": \"%s\", \"name\": \"RestStorageToAEP\","
                .formatted(REST_FLOW_SPEC) + " \"sourceConnectionSpecIds\": []}]}"));

        assertThat(check(mailchimp("{ listId: x }", "list_id")).at("/faults/0/message").asText()).contains("does not run sources");
    }

    private static String zone(String path, String... columns) {
        return definition("Zone", "connector: landing-zone, path: " + path, columns);
    }

    @ParameterizedTest
    @CsvSource({
        "dlz-user-container/data8.csv,             FirstName, 0",
        "dlz-user-container/*.csv,                 Id,        0",
        "dlz-user-container,                       Id,        0",
        "dlz-user-container/userdata1/people.csv,  Id,        1",
        "dlz-user-container/userdata1,             Id,        0",
        "dlz-user-container/tomorrow.csv,          Id,        1",
        "dlz-user-container/userdata2/people.csv,  Id,        1"})
    void should_look_into_the_landing_zone_by_its_connection_spec(String path, String column, int notes) throws Exception {
        JsonNode report = check(zone(path, column));

        assertThat(report.path("ok").asBoolean()).as(report.toString()).isTrue();
        assertThat(report.path("notes")).as(report.toString()).hasSize(notes);
        assertThat(rig.requests("GET", "/connectionSpecs/26f526f2-58f4-4712-961d-e41bf1ccc0e8/explore")).isNotEmpty();
    }

    @Test
    void should_refuse_a_column_that_a_file_of_the_landing_zone_does_not_have() throws Exception {
        assertThat(check(zone("dlz-user-container/data8.csv", "FristName")).at("/faults/0/nearest").asText()).isEqualTo("FirstName");
        String json = zone("dlz-user-container/userdata1/people.json", "address.citi").replace("path:", "format: json, path:");
        assertThat(check(json).at("/faults/0/nearest").asText()).isEqualTo("address.city");
    }

    @ParameterizedTest
    @CsvSource({"'baseConnection: { name: Salesforce }', source.baseConnection",
        "'baseConnectionId: 11111111-d3bb-4557-b139-5712880adc55', source.baseConnectionId"})
    void should_refuse_a_base_connection_of_the_landing_zone(String base, String path) throws Exception {
        String definition = zone("dlz-user-container/data8.csv", "Id").replace("path:", base + ", path:");

        for (String each : List.of(definition, definition.replace("connector: landing-zone",
                "connectionSpecId: 26f526f2-58f4-4712-961d-e41bf1ccc0e8, flowSpec: CloudStorageToAEP"))) {
            assertThat(check(each).path("faults")).singleElement().satisfies(fault -> {
                assertThat(fault.path("path").asText()).isEqualTo(path);
                assertThat(fault.path("code").asText()).isEqualTo("1332-400");
            });
        }
    }

    /** Its whole life: made without a base connection, unchanged, changed, exported with an empty plan, paused and deleted. */
    @Test
    void should_provision_a_dataflow_of_the_landing_zone() throws Exception {
        String definition = zone("dlz-user-container/data8.csv", "Id") + "schedule: { frequency: day, interval: 1 }\n";
        JsonNode receipt = rig.apply(definition);
        List<ObjectNode> made = rig.resources("sourceConnections");

        assertThat(receipt.path("outcome").asText()).isEqualTo("created");
        assertThat(made.get(made.size() - 1).has("baseConnectionId")).isFalse();
        assertThat(rig.apply(definition).path("outcome").asText()).isEqualTo("unchanged");
        assertThat(rig.apply(definition.replace("interval: 1", "interval: 2")).path("outcome").asText()).isEqualTo("updated");
        assertThat(Rig.json(rig.audit().getMessage().getBody(String.class)).path("flows").findValuesAsText("name")).contains("Zone");
        String exported = rig.main().getCamelContext().createFluentProducerTemplate().to("direct:aep-export")
                .withBody(receipt.at("/resources/flow").asText()).request(String.class);
        assertThat(exported).contains("connector: landing-zone").doesNotContain("baseConnection");
        assertThat(rig.plan(exported).path("empty").asBoolean()).isTrue();
        String portable = rig.main().getCamelContext().createFluentProducerTemplate().to("direct:aep-export")
                .withBody(receipt.at("/resources/flow").asText()).withVariable("aepExportPortable", true).request(String.class);
        assertThat(portable).contains("connector: landing-zone").doesNotContain("baseConnection");
        assertThat(rig.apply(definition.replace("name: Zone\nsource", "name: Zone\nstate: paused\nsource")).path("outcome").asText())
                .isEqualTo("updated");
        assertThat(rig.apply(definition.replace("name: Zone\nsource", "name: Zone\nstate: absent\nsource")).path("outcome").asText())
                .isEqualTo("deleted");
    }

    private static String view(String source, String column) {
        return definition("TIM", "connector: microsoft-dynamics, baseConnection: { name: Microsoft Dynamics }, " + source, column);
    }

    @Test
    void should_tell_views_of_dynamics_from_tables() throws Exception {
        String view = "tableName: Contacts with name TIM, params: { entityType: view }";

        assertThat(check(view(view, "fullname")).path("faults")).isEmpty();
        assertThat(check(view(view, "fulname")).at("/faults/0/nearest").asText()).isEqualTo("fullname");
        assertThat(check(view(view.replace(", params: { entityType: view }", ""), "fullname")).at("/faults/0/path").asText())
                .isEqualTo("source.tableName");
        assertThat(check(view(view.replace("TIM", "TOM"), "fullname")).at("/faults/0/nearest").asText())
                .isEqualTo("Contacts with name TIM");
    }

    private static String filtered(String connector, String base, String filters) {
        return definition("Filtered", "connector: %s, baseConnection: { name: %s }, tableName: Account, filters: %s"
                .formatted(connector, base, filters), "Id");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "\"Industry = 'Retail' and NumberOfEmployees in (1, 2)\"             | '' | ''",
        "\"industry = 'Retail'\"                                             | '' | ''",
        "\"Industri = 'Retail'\"                                             | no column Industri | Industry",
        "{ type: PQL, format: pql/json, value: { nodeType: fnApply, fnName: startsWith, params: [ { nodeType: fieldLookup,"
            + " fieldName: Name } ] } } | does not filter by startsWith | ''"})
    void should_check_a_filter_by_what_the_connection_spec_and_the_table_have(String filters, String words, String nearest)
            throws Exception {
        JsonNode report = check(filtered("salesforce", "Salesforce", filters));

        assertThat(report.path("ok").asBoolean()).as(report.toString()).isEqualTo(words.isEmpty());
        if (!words.isEmpty()) {
            assertThat(report.at("/faults/0/message").asText()).contains(words);
            assertThat(report.at("/faults/0/nearest").asText()).isEqualTo(nearest);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "\"NumberOfEmployees > 'many'\"                          | NumberOfEmployees is integer, and is compared with \"many\"",
        "\"not (Id = 'a' and NumberOfEmployees in (1, '2'))\"    | NumberOfEmployees is integer, and is compared with \"2\"",
        "\"Industry = 7\"                                        | Industry is string, and is compared with 7"})
    void should_note_a_value_of_a_filter_that_is_of_another_type_than_its_column(String filters, String words) throws Exception {
        JsonNode report = check(filtered("salesforce", "Salesforce", filters));

        assertThat(report.path("ok").asBoolean()).isTrue();
        assertThat(report.path("notes").findValuesAsText("message")).anyMatch(note -> note.contains(words));
    }

    @Test
    void should_refuse_a_secret_among_the_parameters_of_a_source() throws Exception {
        rig.simulator().faults().always("GET", "/connectionSpecs/" + MAILCHIMP, Fault.body("{\"items\": [{\"id\": \"" + MAILCHIMP + "\", "
                + "\"sourceSpec\": {\"spec\": {\"properties\": {\"listId\": {\"type\": \"string\"}, \"pin\": {\"type\": \"string\", "
                + "\"format\": \"password\"}}}}}]}"));

        JsonNode report = check(mailchimp("{ listId: \"1\", pin: \"4711\" }", "id"));

        assertThat(report.at("/faults/0/path").asText()).as(report.toString()).isEqualTo("source.params.pin");
        assertThat(report.toString()).contains("is a secret").doesNotContain("4711");
    }

    @Test
    void should_say_whether_a_source_can_filter_its_rows() throws Exception {
        String definition = filtered("servicenow", "ServiceNow", "\"Industry = 'Retail'\"");
        assertThat(check(definition).path("notes").findValuesAsText("message")).anyMatch(note -> note.contains("does not say whether"));

        rig.simulator().faults().on("GET", "/connectionSpecs/eb13cb25-47ab-407f-ba89-c0125281c563", 1, Fault.body(
                "{\"items\": [{\"id\": \"eb13cb25-47ab-407f-ba89-c0125281c563\", \"attributes\": {\"filterAtSource\": {"
                + "\"logicalOperators\": [\"and\"]}}}]}"));
        assertThat(check(definition).path("notes").findValuesAsText("message")).anyMatch(note -> note.contains("whether this source "
                + "filters by ="));

        rig.simulator().faults().always("GET", "/connectionSpecs/eb13cb25-47ab-407f-ba89-c0125281c563", Fault.body(
                "{\"items\": [{\"id\": \"eb13cb25-47ab-407f-ba89-c0125281c563\", \"attributes\": {\"filterAtSource\": {\"enabled\":"
                + " false}}}]}"));
        assertThat(check(definition).at("/faults/0/code").asText()).isEqualTo("1353-400");
    }

    @Test
    void should_say_how_a_file_is_compressed_when_it_is_looked_into() throws Exception {
        String definition = definition("Packed", "connector: azure-blob, baseConnection: { name: blob sample }, columnDelimiter: \"|\","
                + " compressionType: gzip, path: /landing/accounts.csv", "Id");

        assertThat(check(definition).path("faults")).isEmpty();

        List<Request> asked = rig.requests("GET", "/explore");
        assertThat(asked.get(asked.size() - 1).query()).endsWith("&fileType=delimited&columnDelimiter=%7C&compressionType=gzip");
    }

    @ParameterizedTest
    @CsvSource({"person.address.city, ''", "person.address.citi, person.address.city", "orders[0].sku, ''"})
    void should_check_what_is_nested_in_a_parquet_file(String column, String nearest) throws Exception {
        JsonNode report = check(definition("Nested", "connector: azure-blob, baseConnection: { name: blob sample }, format: parquet,"
                + " path: /some/path/nested.parquet", column));

        assertThat(report.path("ok").asBoolean()).as(report.toString()).isEqualTo(nearest.isEmpty());
        assertThat(report.at("/faults/0/nearest").asText()).isEqualTo(nearest);
    }
}
