package io.github.aepdataflows.simulator;

import static io.github.aepdataflows.simulator.Client.FLOW_SERVICE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The states, the credentials and the test of base connections. */
class ConnectionTest {

    private static final String SALESFORCE = "cfc0fee1-7dc0-40ef-b73e-d8b134c436f5";
    private static final String BODY = """
        {"name": "CRM", "connectionSpec": {"id": "cfc0fee1-7dc0-40ef-b73e-d8b134c436f5", "version": "1.0"},
         "auth": {"specName": "Basic Authentication", "params": {"environmentUrl": "https://example.org",
          "username": "u", "password": "p", "securityToken": "t", "apiVersion": 52}}}""";

    private Simulator simulator;
    private Client client;

    @BeforeEach
    void start() throws IOException {
        simulator = Simulator.start(Options.defaults());
        client = Client.of(simulator);
    }

    @AfterEach
    void stop() throws IOException {
        simulator.close();
    }

    private String path(String id) {
        return FLOW_SERVICE + "/connections/" + id;
    }

    private String created() {
        return path(Chain.id(client.post(FLOW_SERVICE + "/connections", BODY)));
    }

    private String etag(String path) {
        return client.get(path).item().path("etag").asText();
    }

    @Test
    void should_pass_the_test_only_while_it_is_enabled() {
        String path = path(Chain.SERVICE_CLOUD_BASE);
        String etag = etag(path);
        assertThat(client.get(path + "/test").text()).isEqualTo("{\"result\":true}");

        simulator.setConnectionState("prod", Chain.SERVICE_CLOUD_BASE, "disabled");

        assertThat(client.get(path + "/test").text()).isEqualTo("{\"result\":false}");
        assertThat(client.get(path).item().path("state").asText()).isEqualTo("disabled");
        assertThat(etag(path)).isNotEqualTo(etag);
        assertThat(client.with("x-sandbox-name", "dev").get(path + "/test").text()).isEqualTo("{\"result\":true}");
        assertThatThrownBy(() -> simulator.setConnectionState("prod", "nobody", "enabled"))
            .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void should_stay_in_a_state_that_would_end_by_itself() {
        simulator.setConnectionState("prod", Chain.SERVICE_CLOUD_BASE, "initializing");
        simulator.clock().advance(Duration.ofHours(1));

        assertThat(client.get(path(Chain.SERVICE_CLOUD_BASE)).item().path("state").asText()).isEqualTo("initializing");
    }

    @Test
    void should_fail_the_test_until_the_broken_credentials_are_replaced() {
        String path = created();
        simulator.breakCredentials("prod", path.substring(path.lastIndexOf('/') + 1));

        assertThat(client.get(path + "/test").text()).isEqualTo("{\"result\":false}");
        assertThat(client.get(path).item().path("state").asText()).isEqualTo("enabled");
        assertThat(client.patch(path, etag(path), """
            [{"op": "replace", "path": "/auth/params/password", "value": "wrong"}]""").status()).as("nobody tries it").isEqualTo(200);
        assertThat(client.get(path + "/test").text()).isEqualTo("{\"result\":false}");
        assertThat(client.patch(path, etag(path), """
            [{"op": "replace", "path": "/auth/params/password", "value": "new"}]""").status()).isEqualTo(200);
        assertThat(client.get(path + "/test").text()).isEqualTo("{\"result\":true}");
    }

    @Test
    void should_take_other_credentials_as_a_whole_or_one_by_one_and_merge_nothing() {
        String path = created();
        String etag = etag(path);

        assertThat(client.patch(path, etag, """
            [{"op": "replace", "path": "/auth/params", "value": {"environmentUrl": "e", "username": "other",
             "password": "p"}}]""").status()).isEqualTo(200);

        assertThat(client.get(path).item().at("/auth/params").toString())
            .isEqualTo("{\"environmentUrl\":\"e\",\"username\":\"other\",\"password\":\"*****\"}");
        assertThat(etag(path)).isNotEqualTo(etag);
        assertThat(client.get(path + "/test").text()).as("its security token is gone").isEqualTo("{\"result\":false}");
        assertThat(client.patch(path, etag, """
            [{"op": "replace", "path": "/auth/params/username", "value": "late"}]""").status()).isEqualTo(412);
        assertThat(client.patch(path, etag(path), """
            [{"op": "add", "path": "/auth/params/securityToken", "value": "t"}]""").status()).isEqualTo(200);
        assertThat(client.get(path + "/test").text()).isEqualTo("{\"result\":true}");
        assertThat(client.patch(path, etag(path), """
            [{"op": "replace", "path": "/auth/specName", "value": "OAuth2 Client Credential"}]""").status()).isEqualTo(400);
    }

    @Test
    void should_be_initializing_before_it_can_be_tested_and_explored() throws IOException {
        try (Simulator slow = Simulator.start(Options.defaults().withAsyncDelay(Duration.ofMinutes(5)))) {
            client = Client.of(slow);
            String path = created();
            assertThat(client.get(path).item().path("state").asText()).isEqualTo("initializing");
            assertThat(client.get(path + "/test").text()).isEqualTo("{\"result\":false}");
            assertThat(client.get(path + "/explore?objectType=root").text()).contains("1600-400");

            slow.clock().advance(Duration.ofMinutes(6));

            assertThat(client.get(path + "/test").text()).isEqualTo("{\"result\":true}");
            assertThat(client.get(path + "/explore?objectType=root").status()).isEqualTo(200);
        }
    }

    @Test
    void should_mask_secrets_and_show_the_rest() {
        JsonNode params = client.get(created()).item().at("/auth/params");

        assertThat(params.path("username").asText()).isEqualTo("u");
        assertThat(params.path("apiVersion").asInt()).isEqualTo(52);
        assertThat(params.path("password").asText()).isEqualTo("*****");
        assertThat(params.path("securityToken").asText()).isEqualTo("*****");
    }

    @Test
    void should_describe_the_parameters_of_each_way_to_sign_in() {
        JsonNode basic = client.get(FLOW_SERVICE + "/connectionSpecs/" + SALESFORCE).item().at("/authSpec/0");

        assertThat(basic.path("name").asText()).isEqualTo("Basic Authentication");
        assertThat(basic.at("/spec/properties/username").toString()).isEqualTo("{\"type\":\"string\"}");
        assertThat(basic.at("/spec/properties/password").toString()).isEqualTo("{\"type\":\"string\",\"format\":\"password\"}");
        assertThat(basic.at("/spec/properties").has("apiVersion")).isTrue();
        assertThat(basic.at("/spec/required").toString()).doesNotContain("apiVersion");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "Basic Authentication | Basic | 1415-400",
        "\"securityToken\": \"t\", | | 1304-400",
        "\"securityToken\": \"t\" | \"securityToken\": \"\" | 1304-400",
        "52 | null | 1304-400",
        "52 | [52] | 1304-400",
        "52 | {\"major\": 52} | 1304-400",
        "\"p\" | \"wrong\" | 1308-400",
        "https://example.org | wrong | 1308-400"})
    void should_refuse_credentials(String old, String changed, String code) {
        String body = BODY.replace(old, changed == null ? "" : changed);
        assertThat(body).isNotEqualTo(BODY);

        Client.Reply reply = client.post(FLOW_SERVICE + "/connections", body);

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.text()).contains(code);
        assertThat(client.get(FLOW_SERVICE + "/connections?property=name==CRM").json().path("items")).isEmpty();
    }
}
