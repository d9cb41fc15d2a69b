package io.github.aepdataflows.simulator;

import static io.github.aepdataflows.simulator.Client.FLOW_SERVICE;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GatewayTest {

    private static Simulator simulator;
    private static Client client;

    @BeforeAll
    static void start() throws IOException {
        simulator = Simulator.start(Options.defaults());
        client = Client.of(simulator);
    }

    @AfterAll
    static void stop() throws IOException {
        simulator.close();
    }

    @ParameterizedTest
    @CsvSource(nullValues = "-", value = {
        "x-api-key,       '',                                403, 403000",
        "x-api-key,       somebody,                          403, 403003",
        "Authorization,   '',                                403, 403010",
        "Authorization,   Bearer nonsense,                   401, 401013",
        "x-gw-ims-org-id, '',                                400, 400003",
        "x-gw-ims-org-id, short@AdobeOrg,                    403, 403027",
        "x-gw-ims-org-id, OTHERORG0000000000000000@AdobeOrg, 403, 403025"})
    void should_refuse_at_the_gateway(String header, String value, int status, String code) {
        Client.Reply reply = client.with(header, value).get(FLOW_SERVICE + "/flows");

        assertThat(reply.status()).isEqualTo(status);
        assertThat(reply.json().path("error_code").asText()).isEqualTo(code);
        assertThat(reply.json().path("message").asText()).isNotEmpty();
    }

    @Test
    void should_check_the_api_key_before_the_token_and_the_token_before_the_organisation() {
        Client nobody = client.with("x-gw-ims-org-id", "").with("Authorization", "");

        assertThat(nobody.with("x-api-key", "").get(FLOW_SERVICE + "/flows").text()).contains("403000");
        assertThat(nobody.get(FLOW_SERVICE + "/flows").text()).contains("403010");
    }

    @ParameterizedTest
    @CsvSource({"'', 400, 2105-400", "nowhere, 404, 2100-404", "PROD, 404, 2100-404", "*, 403, 2111-403"})
    void should_refuse_a_sandbox_that_is_missing_or_unknown(String sandbox, int status, String code) {
        Client.Reply reply = client.with("x-sandbox-name", sandbox).get(FLOW_SERVICE + "/flows");

        assertThat(reply.status()).isEqualTo(status);
        assertThat(reply.json().path("type").asText()).endsWith(code);
    }

    @Test
    void should_fall_back_to_the_default_sandbox_when_told_so() throws IOException {
        try (Simulator lenient = Simulator.start(Options.defaults().withSandboxHeaderRequired(false))) {
            assertThat(Client.of(lenient).with("x-sandbox-name", "").get(FLOW_SERVICE + "/flows").status()).isEqualTo(200);
        }
    }

    @Test
    void should_answer_404_and_405_for_what_it_does_not_serve() {
        assertThat(client.get(FLOW_SERVICE + "/nothing").status()).isEqualTo(404);
        assertThat(client.delete(FLOW_SERVICE + "/flowSpecs").status()).isEqualTo(405);
    }

    @Test
    void should_give_every_answer_its_own_request_id() {
        Client.Reply good = client.get(FLOW_SERVICE + "/flows");
        Client.Reply refused = client.with("x-api-key", "").get(FLOW_SERVICE + "/flows");

        assertThat(good.requestId()).isPresent().isNotEqualTo(refused.requestId());
        assertThat(refused.requestId()).isPresent();
        assertThat(good.headers().get("content-type").get(0)).startsWith("application/json");
    }

    @Test
    void should_log_every_request_with_its_headers_and_status() {
        client.with("x-marker", "logged").get(FLOW_SERVICE + "/flows?limit=7");

        assertThat(simulator.requests().where(request -> request.header("x-marker").isPresent())).singleElement()
            .satisfies(request -> {
                assertThat(request.query()).isEqualTo("limit=7");
                assertThat(request.headers()).containsKeys("authorization", "x-sandbox-name");
            });
        assertThat(simulator.requests().count("GET", "/flows")).isPositive();
    }
}
