package io.github.aepdataflows.check;

import static io.github.aepdataflows.check.Minimal.BASE;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A check whose Platform answers late, oddly, not at all or indiscreetly; and what has changed since the last attempt. */
class OddAnswersTest {

    private static final String DEFINITION = Minimal.MINIMAL.replace("Minimal", "Odd").replaceFirst(".*source: Name.*\n", "");

    private static final String DESCRIBED = DEFINITION.replace("baseConnectionId: " + BASE, """
            baseConnection:
                name: Described
                auth:
                  specName: Basic Authentication
                  params: { environmentUrl: https://acme.example, username: svc, password: { secret: crm }, securityToken: { secret: crm \
            } }""");

    @TempDir
    Path data;

    private static List<Fault> faults(Exchange refused) {
        assertThat(refused.getException()).isInstanceOf(DefinitionException.class);
        return ((DefinitionException) refused.getException()).faults();
    }

    private Map<String, String> withSecrets() throws IOException {
        Path folder = Files.createDirectories(data.resolve("secrets"));
        Files.writeString(folder.resolve("crm"), "hunter2-of-acme");
        return Map.of("aep.secrets-dir", folder.toString());
    }

    @Test
    void should_not_wait_for_a_connection_for_ever_nor_let_others_wait_for_it() throws Exception {
        try (Rig rig = Rig.start(data, Options.defaults(), Map.of("aep.inbox.concurrency", "1", "aep.redelivery.max", "3"))) {
            rig.simulator().setConnectionState(Rig.SANDBOX, BASE, "initializing");
            rig.drop("a.yaml", DEFINITION);
            await().until(() -> rig.requests("GET", "/connections/" + BASE).size() >= 2);
            rig.drop("b.yaml", Rig.example("customer-success"));

            await().until(() -> rig.names("done").contains("b.yaml"));
            assertThat(rig.names("inbox")).containsExactly("a.yaml");
            rig.simulator().setConnectionState(Rig.SANDBOX, BASE, "enabled");
            await().until(() -> rig.names("done").contains("a.yaml"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/test", "/explore"})
    void should_not_repeat_what_a_source_says(String call) throws Exception {
        String indiscreet = "{\"errorMessage\":\"cannot log in to jdbc:sf://me:hunter2@acme.example\"}";
        try (Rig rig = Rig.start(data)) {
            rig.simulator().faults().always("GET", "/connections/" + BASE + call,
                    io.github.aepdataflows.simulator.Fault.answer(400, "application/json", indiscreet));
            rig.drop("odd.yaml", DEFINITION);
            await().until(() -> rig.names("failed").contains("odd.yaml.error.json"));

            assertThat(Files.readString(rig.folder("failed").resolve("odd.yaml.error.json"))).contains("definition")
                    .doesNotContain("hunter2");
        }
    }

    @Test
    void should_read_the_columns_that_a_corrected_mapping_needs() throws Exception {
        try (Rig rig = Rig.start(data)) {
            rig.simulator().faults().on("POST", "/dataSets", 1, io.github.aepdataflows.simulator.Fault.status(422));
            assertThat(rig.provision(DEFINITION).getException()).isNotNull();
            ArrayNode columns = (ArrayNode) rig.resources("sourceConnections").get(0).at("/params/columns").deepCopy();
            columns.addObject().put("name", "Extra").put("type", "string").putObject("xdm").put("type", "string");
            rig.simulator().addTable(Rig.SANDBOX, BASE, "Account", columns);

            Exchange done = rig.provision(DEFINITION + "  - { source: Extra, destination: person.name.fullName }\n");

            assertThat(done.getException()).isNull();
            String used = rig.resources("flows").get(0).at("/sourceConnectionIds/0").asText();
            JsonNode source = rig.resources("sourceConnections").stream().filter(each -> each.path("id").asText().equals(used)).findFirst()
                    .orElseThrow();
            assertThat(source.at("/params/columns").findValuesAsText("name")).contains("Extra");
            assertThat(rig.requests("POST", "/sourceConnections"))
                    .allSatisfy(request -> assertThat(request.text()).doesNotContain("neededColumns"));
        }
    }

    @Test
    void should_be_told_by_a_refused_validation() throws Exception {
        try (Rig rig = Rig.start(data)) {
            String schema = rig.provision(DEFINITION).getMessage().getHeader(AepHeaders.TARGET_SCHEMA_ID, String.class);
            rig.simulator().faults().always("POST", "/mappingSets/validate",
                    io.github.aepdataflows.simulator.Fault.answer(400, "application/json",
                    "{\"errorMessage\":\"the mapping is no good\"}"));

            List<Fault> faults = faults(rig.provision(DEFINITION.replace("Odd", "Second")
                    .replaceAll("(?s)  schema:\n.*?  dataset", "  schema: { id: \"" + schema + "\" }\n  dataset")));

            assertThat(faults).singleElement().satisfies(fault -> assertThat(fault.message()).contains("the mapping is no good"));
        }
    }

    @Test
    void should_doubt_what_it_remembers_after_a_call_was_repeated_too() throws Exception {
        try (Rig rig = Rig.start(data)) {
            rig.provision(DEFINITION);   // the columns are known now
            ArrayNode columns = (ArrayNode) rig.resources("sourceConnections").get(0).at("/params/columns").deepCopy();
            columns.addObject().put("name", "Extra").put("type", "string").putObject("xdm").put("type", "string");
            rig.simulator().addTable(Rig.SANDBOX, BASE, "Account", columns);
            rig.simulator().faults().on("GET", "/global/fieldgroups/_xdm.context.profile-work-details", 1,
                    io.github.aepdataflows.simulator.Fault.status(503));

            Exchange done = rig.provision(DEFINITION.replace("Odd", "Doubt")
                    .replace("person-details ]", "person-details, https://ns.adobe.com/xdm/context/profile-work-details ]")
                    + "  - { source: Extra, destination: person.name.fullName }\n");

            assertThat(done.getException()).isNull();
        }
    }

    @Test
    void should_use_the_connection_that_a_description_has_made_whatever_it_is_called_by_now() throws Exception {
        try (Rig rig = Rig.start(data, Options.defaults(), withSecrets())) {
            Exchange first = rig.provision(DESCRIBED);
            assertThat(first.getException()).isNull();
            String made = first.getMessage().getHeader(AepHeaders.BASE_CONNECTION_ID, String.class);
            rig.simulator().addBaseConnection(Rig.SANDBOX, "22222222-2222-4222-8222-222222222222", "Described",
                    "cfc0fee1-7dc0-40ef-b73e-d8b134c436f5");
            Files.delete(data.resolve("secrets/crm"));   // needed once only

            Exchange second = rig.provision(DESCRIBED.replace("name: Odd", "name: Second").replace("title: Odd", "title: Second"));

            assertThat(second.getException()).isNull();
            assertThat(second.getMessage().getHeader(AepHeaders.BASE_CONNECTION_ID)).isEqualTo(made);
            assertThat(rig.requests("GET", "/connections/22222222-2222-4222-8222-222222222222/explore")).isEmpty();
        }
    }

    @Test
    void should_say_where_the_description_stands_when_what_it_has_made_is_disabled() throws Exception {
        try (Rig rig = Rig.start(data, Options.defaults(), withSecrets())) {
            String made = rig.provision(DESCRIBED).getMessage().getHeader(AepHeaders.BASE_CONNECTION_ID, String.class);
            rig.simulator().setConnectionState(Rig.SANDBOX, made, "disabled");

            List<Fault> faults = faults(rig.provision(DESCRIBED.replace("name: Odd", "name: Second")
                    .replace("title: Odd", "title: Second")));

            assertThat(faults).singleElement().satisfies(fault -> {
                assertThat(fault.path()).isEqualTo("source.baseConnection");
                assertThat(fault.line()).isEqualTo(5);
                assertThat(fault.message()).contains(made, "disabled");
            });
        }
    }

    @Test
    void should_say_how_to_replace_a_described_connection_that_was_deleted() throws Exception {
        try (Rig rig = Rig.start(data, Options.defaults(), withSecrets())) {
            List<Fault> misspelt = faults(rig.provision(DESCRIBED.replace("tableName: Account", "tableName: Acount")));
            assertThat(misspelt).extracting(Fault::nearest).containsExactly("Account");
            String made = rig.resources("connections").stream().filter(each -> each.path("name").asText().equals("Described")).findFirst()
                    .orElseThrow().path("id").asText();
            rig.simulator().faults().always("GET", "/connections/" + made,
                    io.github.aepdataflows.simulator.Fault.answer(404, "application/json", "{\"errorMessage\":\"gone\"}"));

            assertThat(faults(rig.provision(DESCRIBED))).singleElement()
                    .satisfies(fault -> assertThat(fault.message()).contains(made, "another name"));
            assertThat(rig.provision(DESCRIBED.replace("name: Described", "name: Described again")).getException()).isNull();
        }
    }

    @Test
    void should_see_a_new_connection_through_until_it_shows() throws Exception {
        try (Rig rig = Rig.start(data, Options.defaults(), withSecrets())) {
            rig.simulator().faults().when(request -> request.method().equals("GET") && request.path().matches(".*/connections/[^/]+")
                    && rig.requests("GET", request.path().replaceFirst(".*/", "/")).size() == 2,
                    io.github.aepdataflows.simulator.Fault.answer(404, "application/json", "{}"));

            assertThat(rig.provision(DESCRIBED).getException()).isNull();
        }
    }

    @Test
    void should_look_for_adobes_field_groups_in_the_global_container() throws Exception {
        try (Rig rig = Rig.start(data)) {
            faults(rig.provision(DEFINITION.replace("https://ns.adobe.com/xdm/context/profile-person-details",
                    "https://ns.adobe.com/experience/campaign/nothing")));

            assertThat(rig.requests("GET", "/schemaregistry/global/fieldgroups/_experience.campaign.nothing")).isNotEmpty();
        }
    }

    @Test
    void should_judge_a_folder_by_a_file_that_is_no_marker() throws Exception {
        try (Rig rig = Rig.start(data)) {
            String files = "33333333-3333-4333-8333-333333333333";
            rig.simulator().addBaseConnection(Rig.SANDBOX, files, "Files", "ecadc60c-7455-4d87-84dc-2a0e293d997b");
            rig.simulator().addFile(Rig.SANDBOX, files, "/spark/out/_SUCCESS", Rig.JSON.createArrayNode());
            rig.simulator().addFile(Rig.SANDBOX, files, "/spark/out/part-0.csv",
                    (ArrayNode) Rig.json("[{\"name\":\"Id\",\"type\":\"string\",\"xdm\":{\"type\":\"string\"}}]"));
            String folder = DEFINITION.replace("salesforce", "amazon-s3").replace(BASE, files)
                    .replace("tableName: Account", "path: /spark/out");

            assertThat(faults(rig.provision(folder.replace("source: Id", "source: Idd")))).extracting(Fault::nearest).containsExactly("Id");
            assertThat(rig.provision(folder).getException()).isNull();
        }
    }

    private static io.github.aepdataflows.simulator.Fault answer(int status, String body) {
        return io.github.aepdataflows.simulator.Fault.answer(status, "application/json", body.replace('\'', '"'));
    }

    /** What the Platform does not describe cannot be wrong. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"404 | {}", "400 | {'errorMessage':'no'}", "200 | {'items':[]}", "200 | {}",
        "200 | {'items':[{'id':'cfc0fee1-7dc0-40ef-b73e-d8b134c436f5','authSpec':[]}]}",
        "200 | {'items':[{'id':'cfc0fee1-7dc0-40ef-b73e-d8b134c436f5','authSpec':'none'}]}"})
    void should_let_auth_pass_with_a_note_where_the_platform_does_not_describe_it(int status, String body) throws Exception {
        try (Rig rig = Rig.start(data, Options.defaults(), withSecrets())) {
            rig.simulator().faults().always("GET", "/connectionSpecs/cfc0fee1-7dc0-40ef-b73e-d8b134c436f5", answer(status, body));

            JsonNode report = new Minimal(rig).check(DESCRIBED.replace("specName: Basic Authentication", "specName: Tomorrow"));

            assertThat(report.path("ok").asBoolean()).as(report.toString()).isTrue();
            assertThat(report.path("notes").findValuesAsText("message")).anyMatch(note -> note.contains("auth is sent unchecked"))
                    .anyMatch(note -> note.contains("connectors.yaml lists no auth spec Tomorrow; known are OAuth2 Client Credential"));
            assertThat(rig.provision(DESCRIBED).getException()).isNull();
        }
    }

    /** The params of the definition: environmentUrl and username are texts, password and securityToken are secrets. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "{'properties':{'environmentUrl':{},'username':{},'password':{},'securityToken':{}},'required':['username']} | none | none",
        "{'properties':{'environmentUrl':{},'username':{}}} | none | .params.password,.params.securityToken",
        "{'properties':{'environmentUrl':{},'username':{}},'additionalProperties':false} | .params.password,.params.securityToken | none",
        "{'properties':{'environmentUrl':{},'userName':{},'password':{},'securityToken':{}}} | .params.username | none",
        "{'properties':{'username':{'type':'integer'}},'patternProperties':{'.*':{}}} | .params.username | none",
        "{'properties':{'username':{'enum':['svc','other'],'maxLength':3}},'patternProperties':{'.*':{}}} | none | none",
        "{'properties':{'username':{'enum':['other']}},'patternProperties':{'.*':{}}} | .params.username | none",
        "{'properties':{'password':{'type':'string','minLength':99}},'patternProperties':{'.*':{}}} | none | none",
        "{'oneOf':[{'required':['jwt']},{'required':['key']}]} | none | .params",
        "{'allOf':[{'$ref':'https://nowhere.example/schema'}]} | none | ''",
        "{'required':['jwt']} | .params | none"})
    void should_judge_params_by_the_schema_that_the_platform_has(String schema, String faults, String notes) throws Exception {
        try (Rig rig = Rig.start(data, Options.defaults(), withSecrets())) {
            rig.simulator().faults().always("GET", "/connectionSpecs/cfc0fee1-7dc0-40ef-b73e-d8b134c436f5", answer(200, """
                    {'items':[{'id':'cfc0fee1-7dc0-40ef-b73e-d8b134c436f5','authSpec':[{'name':'Other','spec':{}},
                    {'name':'Basic Authentication','spec':{'required':['one','two','three']}},
                    {'name':'Basic Authentication','spec':%s}]}]}""".formatted(schema)));

            JsonNode report = new Minimal(rig).check(DESCRIBED);

            assertThat(paths(report.path("faults"))).as(report.toString()).isEqualTo(faults);
            assertThat(paths(report.path("notes"))).as(report.toString()).isEqualTo(notes);
            assertThat(report.toString()).as("no value is repeated").doesNotContain("svc");
        }
    }

    private static String paths(JsonNode entries) {
        List<String> paths = entries.findValuesAsText("path").stream().filter(path -> path.startsWith("source.baseConnection.auth"))
                .map(path -> path.substring("source.baseConnection.auth".length())).toList();
        return paths.isEmpty() ? "none" : String.join(",", paths);
    }

    @Test
    void should_only_note_what_is_wrong_with_the_description_of_a_connection_that_exists() throws Exception {
        try (Rig rig = Rig.start(data, Options.defaults(), withSecrets())) {
            assertThat(rig.provision(DESCRIBED).getException()).isNull();
            rig.simulator().faults().always("GET", "/connectionSpecs/cfc0fee1-7dc0-40ef-b73e-d8b134c436f5", answer(200, """
                    {'items':[{'id':'cfc0fee1-7dc0-40ef-b73e-d8b134c436f5','authSpec':[
                    {'name':'OAuth2 Client Credential','spec':{}}]}]}"""));

            try (Rig later = Rig.against(rig.simulator(), data.resolve("later"), Map.of())) {
                JsonNode report = new Minimal(later).check(DESCRIBED);

                assertThat(report.path("ok").asBoolean()).as(report.toString()).isTrue();
                assertThat(report.path("notes").findValuesAsText("code")).containsExactly("1415-400");
            }
        }
    }

    @Test
    void should_refuse_a_literal_secret_that_only_the_platform_knows_to_be_one() throws Exception {
        try (Rig rig = Rig.start(data, Options.defaults(), withSecrets())) {
            rig.simulator().faults().always("GET", "/connectionSpecs/cfc0fee1-7dc0-40ef-b73e-d8b134c436f5", answer(200, """
                    {'items':[{'id':'cfc0fee1-7dc0-40ef-b73e-d8b134c436f5','authSpec':[{'name':'Basic Authentication','spec':
                    {'type':'object','properties':{'environmentUrl':{'type':'string'},'username':{'type':'string','format':'password'},
                    'password':{'type':'string'},'securityToken':{'type':'string'}}}}]}]}"""));

            assertThat(new Minimal(rig).check(DESCRIBED).path("faults")).singleElement().satisfies(fault -> {
                assertThat(fault.path("path").asText()).isEqualTo("source.baseConnection.auth.params.username");
                assertThat(fault.path("message").asText()).contains("{ secret: its-name }").doesNotContain("svc");
            });
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"{'result':'true'} | true | 0", "{'result':'false'} | false | 0", "{'result':null} | true | 1",
        "{} | true | 1"})
    void should_read_the_result_of_a_test_in_every_form(String body, boolean ok, int notes) throws Exception {
        try (Rig rig = Rig.start(data)) {
            rig.simulator().faults().always("GET", "/connections/" + BASE + "/test", answer(200, body));

            JsonNode report = new Minimal(rig).check(DEFINITION);

            assertThat(report.path("ok").asBoolean()).as(report.toString()).isEqualTo(ok);
            assertThat(report.path("notes")).hasSize(notes);
        }
    }

    @Test
    void should_let_a_form_of_columns_that_cannot_be_read_pass_with_a_note() throws Exception {
        try (Rig rig = Rig.start(data)) {
            rig.simulator().faults().always("GET", "/connections/" + BASE + "/explore", answer(200, "{'rows':{'a':1}}"));

            JsonNode report = new Minimal(rig).check(DEFINITION);

            assertThat(report.path("ok").asBoolean()).as(report.toString()).isTrue();
            assertThat(report.path("notes").findValuesAsText("message")).singleElement().asString().contains("not understood");
        }
    }

    /** Folders with a slash at the end, types in upper case, and the root by its own call. */
    @Test
    void should_read_listings_in_every_form() throws Exception {
        try (Rig rig = Rig.start(data)) {
            String files = "33333333-3333-4333-8333-333333333333";
            rig.simulator().addBaseConnection(Rig.SANDBOX, files, "Files", "ecadc60c-7455-4d87-84dc-2a0e293d997b");
            rig.simulator().faults().when(request -> request.path().endsWith(files + "/explore")
                    && request.query().equals("objectType=root"),
                    answer(200, "[{'type':'Folder','name':'landing','path':'/landing/','canPreview':false}]"));
            rig.simulator().faults().when(request -> request.path().endsWith(files + "/explore")
                    && request.query().equals("objectType=folder&object=%2Flanding"),
                    answer(200, "[{'type':'File','name':'accounts.csv','path':'/landing/accounts.csv'}]"));

            JsonNode report = new Minimal(rig).check(DEFINITION.replace("salesforce", "amazon-s3").replace(BASE, files)
                    .replace("tableName: Account", "path: /landing").replace("source: Id", "source: Idd"));

            assertThat(report.path("faults").findValuesAsText("nearest")).as(report.toString()).containsExactly("Id");
        }
    }

    /** It may mean the expression, or how it was asked about. */
    @Test
    void should_note_an_expression_whose_validation_is_refused() throws Exception {
        try (Rig rig = Rig.start(data)) {
            rig.simulator().faults().always("POST", "/languages/el/validate", answer(400, "{'errorMessage':'not an expression'}"));

            JsonNode report = new Minimal(rig).check(DEFINITION
                    + "  - { sourceType: EXPRESSION, source: lower(Name), destination: person.name.fullName }\n");

            assertThat(report.path("ok").asBoolean()).as(report.toString()).isTrue();
            assertThat(report.path("notes").findValuesAsText("message")).anyMatch(note -> note.contains("not an expression"));
        }
    }
}
