package io.github.aepdataflows.simulator;

import static io.github.aepdataflows.simulator.Client.FLOW_SERVICE;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class FlowLifecycleTest {

    private Simulator simulator;
    private Client client;
    private Chain chain;

    @BeforeEach
    void start() throws IOException {
        simulator = Simulator.start(Options.defaults());
        client = Client.of(simulator);
        chain = Chain.create(client);
    }

    @AfterEach
    void stop() throws IOException {
        simulator.close();
    }

    private JsonNode read(String flow) {
        return client.get(FLOW_SERVICE + "/flows/" + flow).item();
    }

    private Client.Reply patch(String flow, String path, String value) {
        return client.patch(FLOW_SERVICE + "/flows/" + flow, read(flow).path("etag").asText(),
            "[{\"op\":\"REPLACE\",\"path\":\"" + path + "\",\"value\":" + value + "}]");
    }

    private Client.Reply act(String flow, String operation) {
        return client.send("POST", FLOW_SERVICE + "/flows/" + flow + "/action?op=" + operation, "");
    }

    @Test
    void should_create_duplicates_happily() {
        assertThat(chain.flow()).isNotEqualTo(chain.flow());
        assertThat(client.get(FLOW_SERVICE + "/flows?property=name==Customers").json().path("items")).hasSize(2);
    }

    @Test
    void should_name_the_new_flow_in_the_location_header() {
        Client.Reply reply = chain.postFlow(chain.flowBody());

        assertThat(reply.headers().get("location").get(0)).endsWith("/flows/" + reply.id());
    }

    @Test
    void should_change_a_flow_and_its_etag() {
        String flow = chain.flow();
        String before = read(flow).path("etag").asText();

        Client.Reply reply = patch(flow, "/scheduleParams/interval", "\"45\"");

        assertThat(reply.status()).as(reply.text()).isEqualTo(200);
        assertThat(reply.json().path("etag").asText()).isEqualTo(read(flow).path("etag").asText()).isNotEqualTo(before);
        assertThat(read(flow).at("/scheduleParams/interval").asText()).isEqualTo("45");
        assertThat(read(flow).path("version")).isEqualTo(read(flow).path("etag"));
    }

    @Test
    void should_freeze_start_backfill_and_once_when_the_start_has_passed() {
        String flow = chain.flow();
        String later = String.valueOf(simulator.clock().instant().getEpochSecond() + 90_000);
        assertThat(patch(flow, "/scheduleParams/startTime", "\"" + later + "\"").status()).isEqualTo(200);

        simulator.clock().advance(Duration.ofHours(26));
        client = Client.of(simulator);

        assertThat(patch(flow, "/scheduleParams/startTime", "\"4102444800\"").text()).contains("1366-400");
        assertThat(patch(flow, "/scheduleParams/backfill", "false").text()).contains("1404-400");
        assertThat(client.patch(FLOW_SERVICE + "/flows/" + flow, read(flow).path("etag").asText(), """
            [{"op": "remove", "path": "/transformations/0"}, {"op": "remove", "path": "/scheduleParams/interval"},
             {"op": "remove", "path": "/scheduleParams/backfill"},
             {"op": "replace", "path": "/scheduleParams/frequency", "value": "once"}]""").text()).contains("1403-400");
        assertThat(patch(flow, "/scheduleParams/interval", "\"60\"").status()).isEqualTo(200);
    }

    @Test
    void should_disable_and_enable_a_flow_whatever_the_letter_case() {
        String flow = chain.flow();

        assertThat(act(flow, "DISABLE").status()).isEqualTo(200);
        assertThat(read(flow).path("state").asText()).isEqualTo("disabled");
        assertThat(act(flow, "enable").status()).isEqualTo(200);
        assertThat(read(flow).path("state").asText()).isEqualTo("enabled");
    }

    @Test
    void should_keep_an_incomplete_draft_and_judge_it_when_it_is_published() {
        String draft = Chain.id(client.post(FLOW_SERVICE + "/flows?mode=draft", """
            {"name": "Draft", "flowSpec": {"id": "%s", "version": "1.0"}}""".formatted(Chain.TABLES)));
        assertThat(read(draft).path("state").asText()).isEqualTo("draft");
        assertThat(act(draft, "publish").text()).contains("1320-400");
        assertThat(act(draft, "enable").text()).contains("1422-400");
    }

    @Test
    void should_publish_a_complete_draft() {
        String draft = Chain.id(client.post(FLOW_SERVICE + "/flows?mode=draft", chain.flowBody()));

        assertThat(act(draft, "publish").status()).isEqualTo(200);

        assertThat(read(draft).path("state").asText()).isEqualTo("enabled");
    }

    @Test
    void should_delete_a_flow_and_then_what_it_used() {
        String flow = chain.flow();

        assertThat(client.delete(FLOW_SERVICE + "/flows/" + flow).status()).isEqualTo(204);
        assertThat(client.get(FLOW_SERVICE + "/flows/" + flow).status()).isEqualTo(404);
        assertThat(client.delete(FLOW_SERVICE + "/sourceConnections/" + chain.sourceId()).status()).isEqualTo(204);
        assertThat(client.delete(FLOW_SERVICE + "/targetConnections/" + chain.targetId()).status()).isEqualTo(204);
        assertThat(client.delete(FLOW_SERVICE + "/connections/" + Chain.SERVICE_CLOUD_BASE + "/").status()).isEqualTo(204);
    }

    @Test
    void should_accept_numbers_and_strings_and_echo_them_as_sent() {
        String body = chain.flowBody().replace("\"15\"", "15").replace("\"true\"", "true")
            .replace("Version\": 0", "Version\": \"0\"");
        String flow = Chain.id(chain.postFlow(body));

        assertThat(read(flow).at("/scheduleParams/interval").isNumber()).isTrue();
        assertThat(read(flow).at("/scheduleParams/backfill").isBoolean()).isTrue();
        assertThat(read(flow).at("/scheduleParams/startTime").isTextual()).isTrue();
        assertThat(read(flow).at("/transformations/1/params/mappingVersion").asText()).isEqualTo("0");
    }

    @Test
    void should_accept_a_flow_that_runs_once_and_a_mapping_without_version() {
        assertThat(chain.postFlow(chain.onceFlowBody().replace(", \"mappingVersion\": 0", "")).status()).isEqualTo(201);
    }

    @Test
    void should_create_patch_test_and_mask_a_base_connection() {
        String id = Chain.id(client.post(FLOW_SERVICE + "/connections", """
            {"name": "CRM", "connectionSpec": {"id": "cfc0fee1-7dc0-40ef-b73e-d8b134c436f5", "version": "1.0"},
             "auth": {"specName": "Basic Authentication", "params": {"environmentUrl": "https://acme.example",
              "username": "svc", "password": "hidden-1", "securityToken": "hidden-2"}}}"""));
        JsonNode connection = client.get(FLOW_SERVICE + "/connections/" + id).item();
        String path = FLOW_SERVICE + "/connections/" + id;

        assertThat(connection.toString()).contains("svc").doesNotContain("hidden");
        assertThat(client.get(path + "/test").text()).isEqualTo("{\"result\":true}");
        assertThat(client.patch(path, connection.path("etag").asText(),
            "[{\"op\":\"add\",\"path\":\"/description\",\"value\":\"d\"}]").status()).isEqualTo(200);
        assertThat(client.delete(path).status()).isEqualTo(204);
    }
}
