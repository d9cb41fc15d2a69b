package io.github.aepdataflows.simulator;

import static io.github.aepdataflows.simulator.Client.CONVERSION;
import static io.github.aepdataflows.simulator.Client.REGISTRY;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How mappings are judged and shown, and the expression language. */
class DataPrepTest {

    private static Simulator simulator;
    private static Client client;
    private static String schemaId;

    @BeforeAll
    static void start() throws IOException {
        simulator = Simulator.start(Options.defaults());
        client = Client.of(simulator);
        String fieldGroup = client.post(REGISTRY + "/tenant/fieldgroups", """
            {"title": "Origin", "meta:intendedToExtend": ["https://ns.adobe.com/xdm/context/profile"],
             "allOf": [{"properties": {"_acme": {"type": "object", "properties": {"origin": {"type": "string"}}}}}]}""")
            .json().path("$id").asText();
        schemaId = client.post(REGISTRY + "/tenant/schemas", """
            {"title": "Customers", "allOf": [{"$ref": "https://ns.adobe.com/xdm/context/profile"}, {"$ref": "%s"},
             {"$ref": "https://ns.adobe.com/xdm/context/profile-person-details"},
             {"$ref": "https://ns.adobe.com/xdm/context/profile-work-details"},
             {"$ref": "https://ns.adobe.com/xdm/context/identitymap"}]}""".formatted(fieldGroup)).json().path("$id").asText();
    }

    @AfterAll
    static void stop() throws IOException {
        simulator.close();
    }

    private static ObjectNode set(String sourceType, String source, String destination) {
        ObjectNode set = Json.object().put("name", "Set");
        set.putObject("outputSchema").putObject("schemaRef").put("id", schemaId)
            .put("contentType", "application/vnd.adobe.xed-full+json;version=1");
        ObjectNode mapping = set.putArray("mappings").addObject().put("source", source).put("destination", destination);
        if (!sourceType.isEmpty()) {
            mapping.put("sourceType", sourceType);
        }
        return set;
    }

    private static JsonNode validated(ObjectNode set) {
        Client.Reply reply = client.post(CONVERSION + "/mappingSets/validate", set.toString());
        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
        return reply.json().path("validationResponse");
    }

    @ParameterizedTest
    @ValueSource(strings = {"_id", "person", "person.name.fullName", "_repo.createDate", "_acme.origin", "organizations",
        "organizations[0]", "organizations[*]", "identityMap", "identityMap.ECID", "identityMap.ECID[0].id",
        "identityMap.e\\.mail[*].primary", "workAddress.postalCode"})
    void should_pass_a_destination_that_the_schema_has(String destination) {
        assertThat(validated(set("ATTRIBUTE", "Name", destination)).toString())
            .isEqualTo("[{\"status\":\"SUCCESS\",\"errors\":null}]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"nothing", "person.name.nothing", "Person.name", "person..name", "person.name.", ".person", "_acme.x",
        "personalEmail.address", "organizations.name", "organizations[0].name", "organizations[x]", "organizations[0",
        "person[0].name", "identityMap.ECID.id", "identityMap.ECID[0].nothing", "person.name.fullName.x"})
    void should_fail_a_destination_that_the_schema_has_not(String destination) {
        JsonNode entry = validated(set("ATTRIBUTE", "Name", destination)).path(0);

        assertThat(entry.path("status").asText()).isEqualTo("FAILED");
        assertThat(entry.at("/errors/0/destination").asText()).isEqualTo(destination);
        assertThat(entry.at("/errors/0/source").asText()).isEqualTo("Name");
        assertThat(entry.at("/errors/0/sourceType").asText()).isEqualTo("ATTRIBUTE");
        assertThat(entry.at("/errors/0/exception").asText()).isNotEmpty();
        assertThat(entry.at("/errors/0").has("columnName")).isTrue();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "lower(Email) | true",
        "iif(a.equalsIgnoreCase('x (1'), concat(\"a\", ${my (field}), nullify()) | true",
        "'it\\'s' | true",
        "a + b | true",
        "(a and (b)) | true",
        "map_get_values(m, [\"a\", 'b'])[0] | true",
        "lowercase(Email) | false",
        "lower(Email | false",
        "lower Email) | false",
        "lower(Email] | false",
        "concat('a, b) | false",
        "concat(${a, b) | false",
        "lower() | false",
        "lower(a, b) | false",
        "substr(Name, 0) | false",
        "date(a, 'yyyy,MM', now()) | true",
        "make_timestamp(1, 2, 3, 4, 5, 6, 7, 'UTC') | true",
        "concat(lower(a), trim(b), 'x', ${y}) | true",
        "iif(a.equals('b'), coalesce(a, b, c), nullify()) | true",
        "uuid(1) | false",
        "get_url_host(md5(a, 'UTF-8')) | true"})
    void should_judge_expressions_alike_in_a_set_and_alone(String expression, boolean good) {
        String body = Json.object().put("expression", expression).toString();

        assertThat(client.post(CONVERSION + "/languages/el/validate", body).text()).isEqualTo(String.valueOf(good));
        assertThat(validated(set("EXPRESSION", expression, "_id")).at("/0/status").asText())
            .isEqualTo(good ? "SUCCESS" : "FAILED");
        assertThat(validated(set("STATIC", expression, "_id")).at("/0/status").asText()).isEqualTo("SUCCESS");
    }

    @Test
    void should_know_the_longest_expression() {
        String longest = "'" + "x".repeat(4094) + "'";

        assertThat(validated(set("EXPRESSION", longest, "_id")).at("/0/status").asText()).isEqualTo("SUCCESS");
        assertThat(validated(set("EXPRESSION", longest + " ", "_id")).at("/0/status").asText()).isEqualTo("FAILED");
    }

    @Test
    void should_answer_for_each_mapping_in_their_order_and_read_the_old_form() {
        JsonNode entries = client.post(CONVERSION + "/mappingSets/validate", """
            {"xdmSchema": "%s", "xdmVersion": "1.0", "mappings": [
             {"sourceAttribute": "a", "destinationXdmPath": "_id"}, {"sourceAttribute": "a"},
             {"sourceAttribute": "b", "destinationXdmPath": "nothing"}]}""".formatted(schemaId)).json().path("validationResponse");

        assertThat(entries.findValuesAsText("status")).containsExactly("SUCCESS", "FAILED", "FAILED");
        assertThat(entries.at("/2/errors/0/destination").asText()).isEqualTo("nothing");
    }

    @Test
    void should_refuse_to_validate_without_a_schema_or_mappings() {
        String validate = CONVERSION + "/mappingSets/validate";

        assertThat(client.post(validate, set("", "a", "_id").toString().replace("/schemas/", "/schemes/")).status()).isEqualTo(400);
        assertThat(client.post(validate, "{\"mappings\": [{\"source\": \"a\", \"destination\": \"_id\"}]}").status()).isEqualTo(400);
        assertThat(client.post(validate, set("", "a", "_id").put("mappings", "none").toString()).status()).isEqualTo(400);
    }

    @ParameterizedTest
    @CsvSource({"ATTRIBUTE,text/x.schema-path", "EXPRESSION,text/x.aep-xl", "STATIC,STATIC", "text/x.aep-xl,text/x.aep-xl",
        "text/plain,STATIC", "'',text/x.schema-path"})
    void should_show_the_kind_of_a_source_as_the_platform_does(String sent, String shown) {
        String id = client.post(CONVERSION + "/mappingSets", set(sent, "Name", "_id").toString()).id();

        assertThat(client.get(CONVERSION + "/mappingSets/" + id).json().at("/mappings/0/sourceType").asText()).isEqualTo(shown);
    }

    @ParameterizedTest
    @ValueSource(strings = {"attribute", "COLUMN", "text/x.other"})
    void should_refuse_other_kinds_of_sources(String sourceType) {
        Client.Reply reply = client.post(CONVERSION + "/mappingSets", set(sourceType, "Name", "_id").toString());

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.text()).contains("sourceType");
        assertThat(validated(set(sourceType, "Name", "_id")).at("/0/status").asText()).isEqualTo("FAILED");
    }

    @Test
    void should_create_a_set_whose_destinations_do_not_exist() {
        assertThat(client.post(CONVERSION + "/mappingSets", set("ATTRIBUTE", "Name", "nothing").toString()).status()).isEqualTo(200);
    }

    @Test
    void should_list_functions_and_operators() {
        assertThat(client.get(CONVERSION + "/languages/el/functions").json().findValuesAsText("function"))
            .hasSizeGreaterThan(95).contains("concat", "lower", "iif", "equals", "equalsIgnoreCase", "nullify", "map_get_values");
        assertThat(client.get(CONVERSION + "/languages/el/operators").json().findValuesAsText("name")).contains("==", "&&");
        assertThat(client.post(CONVERSION + "/languages/el/validate", "{}").status()).isEqualTo(400);
    }
}
