package io.github.aepdataflows.simulator;

import static io.github.aepdataflows.simulator.Client.FLOW_SERVICE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is behind a base connection. */
class ExploreTest {

    private static final String SALESFORCE = "4cb0c374-d3bb-4557-b139-5712880adc55";
    private static final String HUBSPOT = "2fce94c1-9a93-4971-8e94-c19a93097129";
    private static final String DYNAMICS = "7d3f8a52-61c4-4e0b-9f27-0c5b8e1d4a93";
    private static final String FILES = "11111111-2222-4333-8444-555555555555";

    private Simulator simulator;
    private Client client;

    @BeforeEach
    void start() throws IOException {
        simulator = Simulator.start(Options.defaults());
        simulator.addBaseConnection("prod", FILES, "Files", "ecadc60c-7455-4d87-84dc-2a0e293d997b");
        client = Client.of(simulator);
    }

    @AfterEach
    void stop() throws IOException {
        simulator.close();
    }

    private Client.Reply explore(String id, String query) {
        return client.get(FLOW_SERVICE + "/connections/" + id + "/explore?" + query);
    }

    private JsonNode explored(String id, String query) {
        Client.Reply reply = explore(id, query);
        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
        return reply.json();
    }

    private JsonNode column(String id, String table, String name) {
        for (JsonNode column : explored(id, "objectType=table&object=" + table).at("/schema/columns")) {
            if (column.path("name").asText().equals(name)) {
                return column;
            }
        }
        throw new AssertionError("no column " + name);
    }

    private static ArrayNode columns(String... names) {
        ArrayNode columns = Json.array();
        for (String name : names) {
            columns.addObject().put("name", name).put("type", "string").putObject("xdm").put("type", "string");
        }
        return columns;
    }

    @Test
    void should_list_the_tables_of_a_source() {
        JsonNode tables = explored(SALESFORCE, "objectType=root");

        assertThat(tables.findValuesAsText("path")).contains("Account", "Contact");
        assertThat(tables).allSatisfy(table -> {
            assertThat(table.path("type").asText()).isEqualTo("table");
            assertThat(table.path("canPreview").asBoolean()).isTrue();
            assertThat(table.path("canFetchSchema").asBoolean()).isTrue();
        });
    }

    @Test
    void should_show_columns_in_the_current_form() {
        assertThat(column(SALESFORCE, "Account", "Id").toString())
            .isEqualTo("{\"name\":\"Id\",\"type\":\"string\",\"xdm\":{\"type\":\"string\"}}");
        assertThat(column(SALESFORCE, "Account", "updatedAt").toString()).isEqualTo("{\"name\":\"updatedAt\",\"type\":\"string\","
            + "\"meta:xdmType\":\"date-time\",\"xdm\":{\"type\":\"string\",\"format\":\"date-time\"}}");
        assertThat(column(SALESFORCE, "Account", "AnnualRevenue").toString())
            .isEqualTo("{\"name\":\"AnnualRevenue\",\"type\":\"double\",\"xdm\":{\"type\":\"number\"}}");
        assertThat(column(SALESFORCE, "Account", "NumberOfEmployees").path("type").asText()).isEqualTo("integer");
        assertThat(column(SALESFORCE, "Account", "IsActive").at("/xdm/type").asText()).isEqualTo("boolean");
    }

    @ParameterizedTest
    @CsvSource({SALESFORCE + ",Contact,first_name", SALESFORCE + ",Contact,email", HUBSPOT + ",Hubspot.Contacts,Portal_Id",
        HUBSPOT + ",Hubspot.Contacts,Properties_Firstname_Value", Chain.SERVICE_CLOUD_BASE + ",Account,Phone"})
    void should_know_the_columns_of_the_tutorials(String connection, String table, String name) {
        assertThat(column(connection, table, name).path("type").asText()).isEqualTo("string");
    }

    @Test
    void should_tell_the_path_of_a_table_from_its_name() {
        JsonNode table = Json.stream(explored(DYNAMICS, "objectType=ROOT"))
            .filter(each -> each.path("name").asText().equals("Opportunity Relationship")).findFirst().orElseThrow();

        assertThat(table.path("path").asText()).isEqualTo("customeropportunityrole");
        assertThat(explored(DYNAMICS, "objectType=TABLE&object=customeropportunityrole").at("/schema/columns")).isNotEmpty();
        assertThat(explore(DYNAMICS, "objectType=table&object=Opportunity%20Relationship").status()).isEqualTo(404);
    }

    @Test
    void should_preview_rows_when_asked() {
        JsonNode table = explored(SALESFORCE, "objectType=table&object=Account&preview=true&filters=e30%3D");

        assertThat(table.path("data")).isNotEmpty().allSatisfy(row -> {
            assertThat(row.path("IsActive").isBoolean()).isTrue();
            assertThat(row.path("CreatedDate").asText()).matches("\\d{4}-\\d\\d-\\d\\dT.*Z");
        });
        assertThat(explored(SALESFORCE, "objectType=table&object=Account").has("data")).isFalse();
    }

    @Test
    void should_walk_the_folders_of_a_file_source() {
        assertThat(explored(FILES, "objectType=root").toString()).isEqualTo("[{\"type\":\"folder\",\"name\":\"landing\","
            + "\"path\":\"/landing\",\"canPreview\":false,\"canFetchSchema\":false}]");
        assertThat(explored(FILES, "objectType=folder&object=/landing/").findValuesAsText("path")).containsExactly(
            "/landing/archive", "/landing/accounts.csv", "/landing/accounts.json", "/landing/accounts.parquet",
            "/landing/contacts-2026-11-01.csv", "/landing/contacts-2026-11-02.csv");
        assertThat(explored(FILES, "objectType=folder&object=%2Flanding%2Farchive").findValuesAsText("type"))
            .containsExactly("file");
    }

    @ParameterizedTest
    @CsvSource({"csv,delimited", "json,JSON", "parquet,parquet"})
    void should_show_the_columns_of_a_file(String extension, String fileType) {
        JsonNode file = explored(FILES, "objectType=file&object=/landing/accounts." + extension + "&preview=true&fileType=" + fileType);

        assertThat(file.path("format").asText()).isEqualTo("flat");
        assertThat(file.at("/schema/columns").findValuesAsText("name")).containsExactly("Id", "Name", "Phone", "LastModifiedDate");
        assertThat(file.path("data")).isNotEmpty();
    }

    @Test
    void should_change_the_tables_of_one_connection_in_one_sandbox_only() {
        simulator.addTable("prod", SALESFORCE, "Orders__c", columns("Id"));
        simulator.addTable("prod", SALESFORCE, "Contact", columns("Id"));
        simulator.removeTable("prod", SALESFORCE, "Account");

        assertThat(explored(SALESFORCE, "objectType=root").findValuesAsText("path")).contains("Orders__c", "Contact")
            .doesNotContain("Account");
        assertThat(explored(SALESFORCE, "objectType=table&object=Contact").at("/schema/columns")).hasSize(1);
        assertThat(explored(DYNAMICS, "objectType=root").findValuesAsText("path")).contains("Account").doesNotContain("Orders__c");
        assertThat(client.with("x-sandbox-name", "dev").get(FLOW_SERVICE + "/connections/" + SALESFORCE
            + "/explore?objectType=table&object=Account").status()).isEqualTo(200);
        assertThatThrownBy(() -> simulator.removeTable("prod", SALESFORCE, "Account"))
            .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> simulator.addTable("prod", "nobody", "Account", columns("Id")))
            .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("nobody");
    }

    @Test
    void should_add_a_file_with_its_folders() {
        simulator.addFile("prod", FILES, "/drop/2026/orders.csv", columns("Id", "Total"));

        assertThat(explored(FILES, "objectType=root").findValuesAsText("path")).containsExactly("/drop", "/landing");
        assertThat(explored(FILES, "objectType=folder&object=/drop").findValuesAsText("path")).containsExactly("/drop/2026");
        assertThat(explored(FILES, "objectType=file&object=/drop/2026/orders.csv&fileType=delimited")
            .at("/schema/columns").findValuesAsText("name")).containsExactly("Id", "Total");
    }

    @Test
    void should_explore_a_connection_that_was_just_created() {
        String id = Chain.id(client.post(FLOW_SERVICE + "/connections", """
            {"name": "Warehouse", "connectionSpec": {"id": "b2e08744-4f1a-40ce-af30-7abac3e23cf3", "version": "1.0"},
             "auth": {"specName": "Basic Authentication for Snowflake", "params": {"connectionString": "jdbc"}}}"""));

        assertThat(explored(id, "objectType=root").findValuesAsText("path")).containsExactly("Account", "Contact");
    }

    @ParameterizedTest
    @CsvSource({
        SALESFORCE + ",,400,1359-400",
        SALESFORCE + ",objectType=,400,1359-400",
        SALESFORCE + ",objectType=rest,400,1358-400",
        SALESFORCE + ",objectType=table,400,1337-400",
        SALESFORCE + ",objectType=table&object=Nothing,404,errorMessage",
        SALESFORCE + ",objectType=table&object=account,404,errorMessage",
        SALESFORCE + ",objectType=table&object=Account&filters=%7B,400,1389-400",
        SALESFORCE + ",objectType=table&object=Account&preview=yes,400,1337-400",
        FILES + ",objectType=file&object=/landing/accounts.csv,400,1337-400",
        FILES + ",objectType=file&object=/landing/accounts.csv&fileType=xml,400,1337-400",
        FILES + ",objectType=file&object=/landing/nothing.csv&fileType=json,404,errorMessage",
        FILES + ",objectType=folder&object=/land,404,errorMessage",
        FILES + ",objectType=folder,400,1337-400",
        "nobody,objectType=root,404,connections not found"})
    void should_refuse_to_explore(String id, String query, int status, String word) {
        Client.Reply reply = explore(id, query == null ? "" : query);

        assertThat(reply.status()).as(reply.text()).isEqualTo(status);
        assertThat(reply.text()).contains(word);
    }

    @Test
    void should_show_the_landing_zone_by_its_connection_spec() {
        String zone = FLOW_SERVICE + "/connectionSpecs/26f526f2-58f4-4712-961d-e41bf1ccc0e8/explore?";

        assertThat(client.get(zone + "objectType=root").json().findValuesAsText("path")).containsExactly("dlz-user-container/userdata1/",
            "dlz-user-container/accounts.csv", "dlz-user-container/data8.csv");
        assertThat(client.get(zone + "objectType=folder&object=dlz-user-container/userdata1/").json().findValuesAsText("path"))
            .containsExactly("dlz-user-container/userdata1/people.json");
        assertThat(client.get(zone + "objectType=file&object=dlz-user-container/data8.csv&fileType=delimited").json().at("/schema/columns"))
            .hasSize(5);
        assertThat(client.get(FLOW_SERVICE + "/connectionSpecs/cfc0fee1-7dc0-40ef-b73e-d8b134c436f5/explore?objectType=root").text())
            .contains("1336-400");
        assertThat(client.post(FLOW_SERVICE + "/connections", """
            {"name": "Zone", "connectionSpec": {"id": "26f526f2-58f4-4712-961d-e41bf1ccc0e8", "version": "1.0"}}""").text())
            .contains("1302-400");
        assertThat(client.post(FLOW_SERVICE + "/sourceConnections", """
            {"name": "Zone", "baseConnectionId": "%s", "data": {"format": "delimited"}, "params": {"path": "dlz-user-container/data8.csv"},
             "connectionSpec": {"id": "26f526f2-58f4-4712-961d-e41bf1ccc0e8", "version": "1.0"}}""".formatted(SALESFORCE)).text())
            .contains("1332-400");
    }

    @ParameterizedTest
    @CsvSource({
        "object=json&fileType=json&preview=true&sourceParams=eyJsaXN0SWQiOiAieCJ9, hierarchical",
        "object=json&fileType=json&sourceParams=e30=,                              1318-400",
        "object=json&fileType=json&sourceParams=x,                                 1337-400",
        "object=json&fileType=json,                                                1337-400",
        "object=json&fileType=parquet&sourceParams=e30=,                           1337-400"})
    void should_show_what_a_self_serve_source_answers(String query, String word) {
        simulator.addBaseConnection("prod", "33333333-2222-4333-8444-555555555555", "Mailchimp", "2e8580db-6489-4726-96de-e33f5f60295f");

        assertThat(explore("33333333-2222-4333-8444-555555555555", "objectType=rest&" + query).text()).contains(word);
        assertThat(explore("33333333-2222-4333-8444-555555555555", "objectType=root").text()).contains("1358-400");
    }

    @Test
    void should_show_views_of_dynamics_as_such() {
        assertThat(explored(DYNAMICS, "objectType=root").findValuesAsText("type")).contains("table", "view");
        assertThat(explored(DYNAMICS, "objectType=view&object=Contacts%20with%20name%20TIM").at("/schema/columns")).hasSize(3);
        assertThat(explore(DYNAMICS, "objectType=view&object=Account").status()).isEqualTo(404);
        assertThat(explored(DYNAMICS, "objectType=root").findParents("path").stream()
            .filter(each -> each.path("type").asText().equals("view")).map(each -> each.path("path").asText()))
            .containsExactly("Contacts with name TIM");
    }

    @Test
    void should_refuse_a_table_without_columns() {
        simulator.addTable("prod", SALESFORCE, "Empty", columns());

        assertThat(explore(SALESFORCE, "objectType=table&object=Empty").text()).contains("1330-400");
    }

    @Test
    void should_refuse_to_explore_the_data_lake_and_sources_that_cannot_be_reached() {
        String lake = Chain.id(client.post(FLOW_SERVICE + "/connections", """
            {"name": "Lake", "connectionSpec": {"id": "%s", "version": "1.0"}}""".formatted(Chain.DATA_LAKE)));
        simulator.setConnectionState("prod", SALESFORCE, "disabled");
        simulator.breakCredentials("prod", HUBSPOT);

        assertThat(explore(lake, "objectType=root").text()).contains("1336-400");
        assertThat(explore(SALESFORCE, "objectType=root").text()).contains("1600-400");
        assertThat(explore(HUBSPOT, "objectType=root").text()).contains("1600-400");
    }

    @Test
    void should_show_what_is_in_a_json_file_as_a_hierarchy() {
        String blob = Json.stream(client.get(FLOW_SERVICE + "/connections").json().path("items"))
            .filter(each -> each.path("name").asText().equals("blob sample")).findFirst().orElseThrow().path("id").asText();

        JsonNode file = explored(blob, "objectType=file&object=/some/path/data.json&fileType=json&preview=true");

        assertThat(file.path("format").asText()).isEqualTo("hierarchical");
        assertThat(file.at("/schema/properties/person/properties/name/type").asText()).isEqualTo("string");
        assertThat(file.at("/schema/properties/orders/items/properties/sku/type").asText()).isEqualTo("string");
        assertThat(file.at("/data/0/person/name").asText()).isNotEmpty();
        assertThat(file.at("/data/0/orders/0/price").isNumber()).isTrue();
    }
}
