package io.github.aepdataflows.simulator;

import static io.github.aepdataflows.simulator.Client.FLOW_SERVICE;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TokenEndpointTest {

    private static final String FORM = "application/x-www-form-urlencoded";
    private static final String GOOD =
        "grant_type=client_credentials&client_id=simulator&client_secret=s3cr%26t%2B100%25&scope=openid,session";

    @Test
    void should_hand_out_a_bearer_token_with_its_lifetime_in_seconds() throws IOException {
        try (Simulator simulator = Simulator.start(Options.defaults().withTokenLifetime(Duration.ofHours(1)))) {
            Client.Reply reply = new Client(simulator, Map.of("Content-Type", FORM)).send("POST", "/ims/token/v3", GOOD);

            assertThat(reply.status()).isEqualTo(200);
            assertThat(reply.json().path("token_type").asText()).isEqualTo("bearer");
            assertThat(reply.json().path("expires_in").asLong()).isEqualTo(3600);
            assertThat(simulator.tokenRequests()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "client_credentials | simulator | password         | invalid_scope        | application/x-www-form-urlencoded",
        "password           | simulator | openid           | unsupported_grant_type | application/x-www-form-urlencoded",
        "client_credentials | somebody  | openid           | invalid_client       | application/x-www-form-urlencoded",
        "client_credentials | simulator | openid           | invalid_request      | application/json"})
    void should_refuse_what_ims_refuses(String grant, String client, String scope, String error, String contentType)
        throws IOException {
        try (Simulator simulator = Simulator.start(Options.defaults())) {
            Client.Reply reply = new Client(simulator, Map.of("Content-Type", contentType)).send("POST", "/ims/token/v3",
                "grant_type=" + grant + "&client_id=" + client + "&client_secret=s3cr%26t%2B100%25&scope=" + scope);

            assertThat(reply.status()).isEqualTo(400);
            assertThat(reply.json().path("error").asText()).isEqualTo(error);
        }
    }

    @Test
    void should_refuse_a_secret_that_was_not_encoded() throws IOException {
        try (Simulator simulator = Simulator.start(Options.defaults())) {
            Client.Reply reply = new Client(simulator, Map.of("Content-Type", FORM))
                .send("POST", "/ims/token/v3", GOOD.replace("s3cr%26t%2B100%25", "s3cr&t+100%25"));

            assertThat(reply.json().path("error").asText()).isEqualTo("invalid_client");
        }
    }

    @Test
    void should_let_tokens_expire_by_its_own_clock() throws IOException {
        try (Simulator simulator = Simulator.start(Options.defaults())) {
            Client client = Client.of(simulator);
            assertThat(client.get(FLOW_SERVICE + "/flows").status()).isEqualTo(200);

            simulator.clock().advance(Duration.ofHours(25));

            assertThat(client.get(FLOW_SERVICE + "/flows").text()).contains("401013");
        }
    }

    @Test
    void should_revoke_every_token_at_once() throws IOException {
        try (Simulator simulator = Simulator.start(Options.defaults())) {
            Client client = Client.of(simulator);

            simulator.revokeTokens();

            assertThat(client.get(FLOW_SERVICE + "/flows").status()).isEqualTo(401);
            assertThat(Client.of(simulator).get(FLOW_SERVICE + "/flows").status()).isEqualTo(200);
        }
    }

    @Test
    void should_use_up_a_token_that_is_good_for_two_calls() throws IOException {
        try (Simulator simulator = Simulator.start(Options.defaults().withTokenRequests(2))) {
            Client client = Client.of(simulator);

            assertThat(client.get(FLOW_SERVICE + "/flows").status()).isEqualTo(200);
            assertThat(client.get(FLOW_SERVICE + "/flows").status()).isEqualTo(200);
            assertThat(client.get(FLOW_SERVICE + "/flows").status()).isEqualTo(401);
        }
    }
}
