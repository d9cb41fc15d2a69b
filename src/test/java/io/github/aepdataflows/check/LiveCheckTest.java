package io.github.aepdataflows.check;

import static io.github.aepdataflows.check.Minimal.BASE;
import static io.github.aepdataflows.check.Minimal.HUBSPOT;
import static io.github.aepdataflows.check.Minimal.MINIMAL;
import static io.github.aepdataflows.check.Minimal.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.github.aepdataflows.Rig;
import io.github.aepdataflows.definition.DefinitionException;
import io.github.aepdataflows.definition.Fault;
import io.github.aepdataflows.platform.AepHeaders;
import io.github.aepdataflows.simulator.Options;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What only the Platform can tell of a definition: told before anything is created, all at once, with path, code and the nearest right
 * value.
 */
class LiveCheckTest {

    @TempDir
    Path data;

    private Rig rig;

    @BeforeEach
    void start() throws Exception {
        rig = Rig.start(data);
    }

    @AfterEach
    void stop() throws Exception {
        rig.close();
    }

    @Test
    void should_provision_what_names_only_connector_connection_table_target_and_mapping() throws Exception {
        assertThat(new Minimal(rig).check(MINIMAL).path("ok").asBoolean()).isTrue();
        assertThat(new Minimal(rig).writes()).isEmpty();

        Exchange done = rig.provision(MINIMAL);

        assertThat(done.getException()).isNull();
        JsonNode columns = rig.resources("sourceConnections").get(0).at("/params/columns");
        assertThat(columns.findValuesAsText("name")).contains("Id", "Name", "LastModifiedDate");
        JsonNode explored = explored();
        assertThat(columns).as("verbatim").isEqualTo(explored);
        assertThat(rig.resources("flows").get(0).at("/scheduleParams/frequency").asText()).isEqualTo("once");
        assertThat(rig.resources("flows").get(0).path("transformations").findValuesAsText("name")).containsExactly("Mapping");
    }

    private JsonNode explored() throws IOException {
        ArrayNode columns = (ArrayNode) Rig.json("[{\"name\":\"Only\",\"type\":\"string\",\"xdm\":{\"type\":\"string\"}}]");
        JsonNode sent = rig.resources("sourceConnections").get(0).at("/params/columns");
        rig.simulator().addTable(Rig.SANDBOX, BASE, "Other", columns);
        assertThat(rig.provision(with("tableName: Account", "tableName: Other").replace("Minimal", "Other")
                .replace("source: Id", "source: Only")
                .replaceAll(".*source: Name.*\n", "")).getException()).isNull();
        assertThat(rig.resources("sourceConnections").get(1).at("/params/columns")).isEqualTo(columns);
        return sent;
    }

    @Test
    void should_name_all_faults_at_once() throws Exception {
        List<Fault> faults = new Minimal(rig)
                .refused(with("tableName: Account",
                "tableName: Account\n  columns: [ { name: Id, type: string }, { name: Nome, type: string } ]")
                .replace("source: Name", "source: Nome").replace("fullName", "fulName")
                + "schedule: { frequency: hour, interval: 1 }\ncopy: { deltaColumn: { name: Name } }\n");

        assertThat(faults).extracting(Fault::path).containsExactly("source.columns[1].name", "mapping[1].destination",
                "copy.deltaColumn.name");
    }

    @Test
    void should_tell_faults_of_the_file_and_of_the_platform_in_one_report() throws Exception {
        JsonNode report = new Minimal(rig).check(with("fullName", "fulName") + "schedule: { frequency: minute, interval: 5 }\n");

        assertThat(report.path("faults").findValuesAsText("path")).containsExactly("copy", "mapping[1].destination", "schedule.interval");
        assertThat(report.path("faults").findValuesAsText("code")).containsExactly("1367-400", "1362-400");
        assertThat(report.at("/faults/1/nearest").asText()).isEqualTo("person.name.fullName");
        assertThat(new Minimal(rig).writes()).isEmpty();
        assertThat(new Minimal(rig).check("{}").path("faults").size()).isEqualTo(5);
    }

    @Test
    void should_refuse_a_connection_that_is_disabled_or_whose_test_fails_and_take_it_once_that_is_mended() throws Exception {
        rig.simulator().setConnectionState(Rig.SANDBOX, BASE, "disabled");
        assertThat(new Minimal(rig).refused(MINIMAL)).singleElement().extracting(Fault::message).asString()
                .contains("is disabled; enable it");

        rig.simulator().setConnectionState(Rig.SANDBOX, BASE, "enabled");
        assertThat(rig.provision(MINIMAL).getException()).isNull();

        rig.simulator().breakCredentials(Rig.SANDBOX, HUBSPOT);
        String hubspot = with("connector: salesforce", "connector: hubspot").replace(BASE, HUBSPOT).replace("Minimal", "Hubspot");
        assertThat(new Minimal(rig).refused(hubspot)).singleElement().extracting(Fault::code).isEqualTo("1308-400");
    }

    @Test
    void should_look_again_before_it_refuses_for_what_it_only_remembers() throws Exception {
        assertThat(rig.provision(MINIMAL).getException()).isNull();   // the columns of Account are known now
        String later = with("source: Name", "source: Region").replace("Minimal", "Later");
        assertThat(rig.provision(later).getException()).isInstanceOf(DefinitionException.class);
        JsonNode columns = rig.resources("sourceConnections").get(0).at("/params/columns").deepCopy();
        ((ArrayNode) columns).addObject().put("name", "Region").put("type", "string").putObject("xdm").put("type", "string");

        rig.simulator().addTable(Rig.SANDBOX, BASE, "Account", (ArrayNode) columns);

        assertThat(rig.provision(later).getException()).isNull();
    }

    @Test
    void should_wait_for_a_connection_that_is_being_made() throws Exception {
        try (Rig slow = Rig.start(data.resolve("slow"), Options.defaults(), Map.of("aep.redelivery.max", "500"))) {
            slow.simulator().setConnectionState(Rig.SANDBOX, BASE, "initializing");
            var waiting = slow.main().getCamelContext().createFluentProducerTemplate().to("direct:aep-provision").withBody(MINIMAL)
                    .asyncRequest(Exchange.class);
            await().until(() -> slow.requests("GET", "/connections/" + BASE).size() > 2);
            assertThat(waiting).isNotDone();

            slow.simulator().setConnectionState(Rig.SANDBOX, BASE, "enabled");

            waiting.get();
            assertThat(slow.resources("flows")).hasSize(1);
        }
    }

    @Test
    void should_use_connection_schema_and_dataset_by_their_names() throws Exception {
        Exchange first = rig.provision(MINIMAL);
        String byNames = """
                apiVersion: aep-dataflows/v1
                name: By names
                source:
                  connector: salesforce
                  baseConnection: { name: Salesforce }
                  tableName: Contact
                target:
                  schema: { title: Minimal }
                  dataset: { name: Minimal, existing: true }
                mapping:
                  - { source: Id, destination: _id }
                """;

        Exchange done = rig.provision(byNames);

        assertThat(done.getException()).isNull();
        for (String header : List.of(AepHeaders.BASE_CONNECTION_ID, AepHeaders.TARGET_SCHEMA_ID, AepHeaders.TARGET_DATASET_ID)) {
            assertThat(done.getMessage().getHeader(header)).as(header).isEqualTo(first.getMessage().getHeader(header)).isNotNull();
        }
        assertThat(rig.resources("schemas")).hasSize(1);
        assertThat(rig.resources("dataSets")).hasSize(1);
        assertThat(Rig.json(done.getMessage().getBody(String.class)).path("steps").findValuesAsText("outcome"))
                .containsExactly("created", "given", "given", "created", "created", "created");
    }

    @Test
    void should_refuse_names_that_several_have() throws Exception {
        rig.simulator().addBaseConnection(Rig.SANDBOX, "11111111-1111-4111-8111-111111111111", "Salesforce",
                "cfc0fee1-7dc0-40ef-b73e-d8b134c436f5");

        List<Fault> faults = new Minimal(rig).refused(with("baseConnectionId: " + BASE, "baseConnection: { name: Salesforce }"));

        assertThat(faults).singleElement().satisfies(fault -> assertThat(fault.message())
                .contains("2 base connections", BASE, "11111111-1111-4111-8111-111111111111"));
    }

    @Test
    void should_refuse_a_dataset_of_another_schema() throws Exception {
        Exchange first = rig.provision(MINIMAL);
        Exchange second = rig.provision(with("tableName: Account", "tableName: Account").replace("Minimal", "Second"));
        String schema = second.getMessage().getHeader(AepHeaders.TARGET_SCHEMA_ID, String.class);
        String dataset = first.getMessage().getHeader(AepHeaders.TARGET_DATASET_ID, String.class);

        List<Fault> faults = new Minimal(rig).refused("""
                apiVersion: aep-dataflows/v1
                name: Mixed up
                source: { connector: salesforce, baseConnectionId: %s, tableName: Account }
                target: { schema: { id: "%s" }, dataset: { id: %s } }
                mapping: [ { source: Id, destination: _id } ]
                """.formatted(BASE, schema, dataset));

        assertThat(faults).singleElement().satisfies(fault -> {
            assertThat(fault.path()).isEqualTo("target.dataset.id");
            assertThat(fault.code()).isEqualTo("1425-400");
            assertThat(fault.nearest()).isEqualTo(first.getMessage().getHeader(AepHeaders.TARGET_SCHEMA_ID, String.class));
        });
    }

    @Test
    void should_map_expressions_and_constants_in_the_new_form() throws Exception {
        String computing = with("- { source: Name, destination: person.name.fullName }", """
                - { source: Name, destination: person.name.fullName }
                  - { sourceType: EXPRESSION, source: "concat(Name, Phone)", destination: person.name.courtesyTitle }
                  - { sourceType: STATIC, source: unknown, destination: person.gender }""");

        assertThat(rig.provision(computing).getException()).isNull();

        JsonNode set = rig.resources("mappingSets").get(0);
        assertThat(set.path("name").asText()).isEqualTo("Minimal mapping");
        assertThat(set.path("mappings").findValuesAsText("source")).containsExactly("Id", "Name", "concat(Name, Phone)", "unknown");
        assertThat(rig.requests("POST", "/mappingSets").get(0).text()).contains("outputSchema").doesNotContain("sourceAttribute");
        assertThat(rig.requests("POST", "/mappingSets/validate")).hasSize(1);
        rig.provision(computing.replace("Minimal", "Again"));   // a set of its own, by its own schema
        assertThat(rig.resources("mappingSets")).hasSize(2);
    }

    @Test
    void should_refuse_an_expression_that_data_prep_refuses() throws Exception {
        Exchange first = rig.provision(MINIMAL);
        String schema = first.getMessage().getHeader(AepHeaders.TARGET_SCHEMA_ID, String.class);

        List<Fault> faults = new Minimal(rig).refused("""
                apiVersion: aep-dataflows/v1
                name: Computing
                source: { connector: salesforce, baseConnectionId: %s, tableName: Account }
                target: { schema: { id: "%s" }, dataset: { name: Computed } }
                mapping:
                  - { source: Id, destination: _id }
                  - { sourceType: EXPRESSION, source: "concat(Name", destination: person.name.fullName }
                """.formatted(BASE, schema));

        assertThat(faults).singleElement().satisfies(fault -> {
            assertThat(fault.path()).isEqualTo("mapping[1]");
            assertThat(fault.line()).isEqualTo(7);
        });
    }

    @Test
    void should_refuse_an_expression_onto_a_schema_that_is_still_to_be_made() throws Exception {
        List<Fault> faults = new Minimal(rig).refused(with("- { source: Name, destination: person.name.fullName }", """
                - { sourceType: EXPRESSION, source: "concat(Name", destination: person.name.fullName }
                  - { sourceType: EXPRESSION, source: "lower(Name)", destination: person.gender }
                  - { sourceType: EXPRESSION, source: "lowre(Name)", destination: person.name.courtesyTitle }"""));

        assertThat(faults).extracting(Fault::path).containsExactly("mapping[1].source", "mapping[3].source");
    }

    @Test
    void should_map_into_a_field_group_of_the_tenant() throws Exception {
        rig.provision(MINIMAL.replace("Minimal", "Before"));
        String id = custom("Loyalty");
        String definition = with("[ https://ns.adobe.com/xdm/context/profile-person-details ]",
                "[ https://ns.adobe.com/xdm/context/profile-person-details, \"" + id + "\" ]")
                .replace("person.name.fullName", "_acme.tier");

        assertThat(new Minimal(rig).refused(definition.replace("_acme.tier", "_acme.teir"))).singleElement().extracting(Fault::nearest)
                .isEqualTo("_acme.tier");
        assertThat(rig.provision(definition).getException()).isNull();
        assertThat(rig.resources("schemas").get(1).path("allOf").findValuesAsText("$ref")).contains(id);
    }

    /** A field group that somebody made by hand. */
    private String custom(String title) throws Exception {
        return Rig.json(new RawRequests(rig).send("POST", "/schemaregistry/tenant/fieldgroups", """
                {"type": "object", "title": "%s", "meta:intendedToExtend": ["https://ns.adobe.com/xdm/context/profile"],
                 "definitions": {"customFields": {"properties": {"_acme": {"type": "object", "properties": {"tier": {"type": "string"}}}}}},
                 "allOf": [{"$ref": "#/definitions/customFields"}]}""".formatted(title)).body()).path("$id").asText();
    }

    @Test
    void should_enable_schema_and_dataset_for_profile_on_request_only() throws Exception {
        rig.provision(MINIMAL);
        Exchange done = rig.provision(with("person-details ]", "person-details, https://ns.adobe.com/xdm/context/identitymap ]")
                .replace("Minimal", "Profile").replace("target:", "target:\n  profile: true"));

        assertThat(done.getException()).isNull();
        assertThat(rig.resources("schemas").get(0).has("meta:immutableTags")).isFalse();
        assertThat(rig.resources("schemas").get(1).path("meta:immutableTags")).hasToString("[\"union\"]");
        assertThat(rig.resources("dataSets").get(0).path("tags").has("unifiedProfile")).isFalse();
        assertThat(rig.resources("dataSets").get(1).at("/tags/unifiedProfile")).hasToString("[\"enabled:true\"]");
        assertThat(rig.resources("dataSets").get(1).at("/tags/unifiedIdentity")).hasToString("[\"enabled:true\"]");

        List<Fault> faults = new Minimal(rig).refused(MINIMAL.replaceAll("(?m)^    (class|fieldGroups).*\n", "")
                .replace("name: Minimal", "name: Plain")
                .replace("target:", "target:\n  profile: true"));
        assertThat(faults).extracting(Fault::path).containsExactly("target.profile");
    }

    private static String described(String params) {
        return with("baseConnectionId: " + BASE, "baseConnection: { name: Made, auth: { specName: Basic Authentication, params: { "
                + "environmentUrl: https://acme.example, username: svc, " + params + " } } }");
    }

    @Test
    void should_check_all_that_the_source_need_not_tell_before_a_described_connection_is_made_and_the_rest_then() throws Exception {
        try (Rig keeper = Rig.start(data.resolve("keeper"), Options.defaults(),
                Map.of("aep.secrets-dir", secrets("crm-password", "crm-token").toString()))) {
            String known = described("password: { secret: crm-password }, securityToken: { secret: crm-token }");
            Exchange unknownSecret = keeper.provision(known.replace("crm-token", "crm-tokem"));
            assertThat(((DefinitionException) unknownSecret.getException()).faults()).singleElement().satisfies(fault -> {
                assertThat(fault.path()).isEqualTo("source.baseConnection.auth.params.securityToken");
                assertThat(fault.message()).contains("there is no secret crm-tokem");
            });
            Exchange unknownField = keeper.provision(known.replace("fullName", "fulName"));
            assertThat(unknownField.getException()).isInstanceOf(DefinitionException.class);
            assertThat(keeper.requests("POST", "/flowservice/connections")).as("nothing is made for either").isEmpty();

            Exchange unknownTable = keeper.provision(known.replace("tableName: Account", "tableName: Acount"));
            assertThat(((DefinitionException) unknownTable.getException()).faults()).singleElement().extracting(Fault::nearest)
                    .isEqualTo("Account");
            assertThat(keeper.requests("POST", "/flowservice/connections")).hasSize(1);
            assertThat(keeper.resources("sourceConnections")).isEmpty();

            Exchange done = keeper.provision(known);
            assertThat(done.getException()).isNull();
            assertThat(keeper.requests("POST", "/flowservice/connections")).as("it is used again").hasSize(1);
            assertThat(keeper.resources("sourceConnections").get(0).at("/params/columns").findValuesAsText("name")).contains("Id", "Name");
        }
    }

    private Path secrets(String... names) throws IOException {
        Path folder = Files.createDirectories(data.resolve("secrets"));
        for (String name : names) {
            Files.writeString(folder.resolve(name), "value of " + name);
        }
        return folder;
    }
}
