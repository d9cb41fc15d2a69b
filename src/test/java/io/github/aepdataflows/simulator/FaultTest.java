package io.github.aepdataflows.simulator;

import static io.github.aepdataflows.simulator.Client.FLOW_SERVICE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.SocketException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What each fault looks like from the socket, and whether the source connection was made all the same. */
class FaultTest {

    private static final String PATH = FLOW_SERVICE + "/sourceConnections";

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

    private void fault(Fault fault) {
        simulator.faults().on("POST", "/sourceConnections", 1, fault);
    }

    private static Fault timed(Fault fault, boolean afterCommit) {
        return afterCommit ? fault.afterCommit() : fault.beforeCommit();
    }

    private String answer() throws IOException {
        try (Wire wire = Wire.send(client, "POST", PATH, Chain.sourceBody())) {
            return wire.readAll();
        }
    }

    private static String bodyOf(String answer) {
        return answer.substring(answer.indexOf("\r\n\r\n") + 4);
    }

    private List<?> created() {
        return simulator.store().resources("prod", "sourceConnections");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void should_answer_another_status_with_headers(boolean afterCommit) throws IOException {
        fault(timed(Fault.status(503).header("Retry-After", "7"), afterCommit));

        String answer = answer();

        assertThat(answer).startsWith("HTTP/1.1 503 ").containsIgnoringCase("retry-after: 7");
        assertThat(created()).hasSize(afterCommit ? 1 : 0);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void should_reset_the_connection(boolean afterCommit) throws IOException {
        fault(timed(Fault.reset(), afterCommit));

        try (Wire wire = Wire.send(client, "POST", PATH, Chain.sourceBody())) {
            assertThatThrownBy(wire::readAll).isInstanceOf(SocketException.class).hasMessageContaining("reset");
        }
        assertThat(created()).hasSize(afterCommit ? 1 : 0);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void should_close_without_an_answer(boolean afterCommit) throws IOException {
        fault(timed(Fault.closeWithoutAnswer(), afterCommit));

        assertThat(answer()).isEmpty();
        assertThat(created()).hasSize(afterCommit ? 1 : 0);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void should_hang_until_it_is_let_go(boolean afterCommit) throws IOException {
        fault(timed(Fault.hang(), afterCommit));

        try (Wire wire = Wire.send(client, "POST", PATH, Chain.sourceBody())) {
            await().until(() -> simulator.faults().held() == 1);
            assertThat(created()).hasSize(afterCommit ? 1 : 0);
            assertThat(simulator.requests().where(request -> request.path().equals(PATH))).singleElement()
                .satisfies(request -> assertThat(request.status()).isZero());

            simulator.faults().release();

            String answer = wire.readAll();
            if (afterCommit) {
                assertThat(answer).startsWith("HTTP/1.1 201 ");
            } else {
                assertThat(answer).isEmpty();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void should_drip(boolean afterCommit) throws IOException {
        fault(timed(Fault.drip(Duration.ofMillis(1)), afterCommit));

        String answer = answer();

        assertThat(answer).startsWith("HTTP/1.1 201 ");
        assertThat(bodyOf(answer)).startsWith("{\"id\":\"").endsWith("}");
        assertThat(created()).hasSize(afterCommit ? 1 : 0);
    }

    @ParameterizedTest
    @CsvSource({"0, false", "0, true", "5, false", "5, true"})
    void should_cut_an_answer_of_declared_length(int bytes, boolean afterCommit) throws IOException {
        fault(timed(Fault.truncate(bytes), afterCommit));

        String answer = answer();

        assertThat(answer).containsIgnoringCase("content-length: ");
        assertThat(bodyOf(answer)).hasSize(bytes);
        assertThat(created()).hasSize(afterCommit ? 1 : 0);
    }

    @Test
    void should_never_send_the_last_byte_of_a_cut_answer() throws IOException {
        fault(Fault.truncate(1_000_000).afterCommit());

        assertThat(bodyOf(answer())).startsWith("{").doesNotEndWith("}");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void should_cut_a_chunked_answer_before_its_last_chunk(boolean afterCommit) throws IOException {
        fault(timed(Fault.truncateChunked(5), afterCommit));

        String answer = answer();

        assertThat(answer).containsIgnoringCase("transfer-encoding: chunked");
        assertThat(bodyOf(answer)).isEqualTo("5\r\n{\"id\"\r\n");
        assertThat(created()).hasSize(afterCommit ? 1 : 0);
    }

    @ParameterizedTest
    @CsvSource(quoteCharacter = '`', value = {"``", "[]", "null", "{\"etag\":\"x\"}", "{\"id\":7}", "{\"id\":"})
    void should_replace_the_body_and_keep_the_status(String body) throws IOException {
        fault(Fault.body(body).afterCommit());

        String answer = answer();

        assertThat(answer).startsWith("HTTP/1.1 201 ");
        assertThat(bodyOf(answer)).isEqualTo(body);
        assertThat(created()).hasSize(1);
    }

    @Test
    void should_answer_an_html_page_with_status_200() throws IOException {
        fault(Fault.html());

        assertThat(answer()).startsWith("HTTP/1.1 200 ").containsIgnoringCase("content-type: text/html").contains("<html>");
        assertThat(created()).isEmpty();
    }

    @Test
    void should_answer_a_body_of_any_size() throws IOException {
        fault(Fault.oversized(3_000_000));

        assertThat(bodyOf(answer())).hasSize(3_000_000).startsWith("{\"id\":\"a").endsWith("\"}");
    }

    @Test
    void should_send_the_caller_elsewhere() throws IOException {
        fault(Fault.redirect(307, "http://elsewhere.example/"));

        assertThat(answer()).startsWith("HTTP/1.1 307 ").containsIgnoringCase("location: http://elsewhere.example/");
    }

    @Test
    void should_echo_the_callers_headers_in_an_error() throws IOException {
        fault(Fault.echo(400));

        assertThat(answer()).startsWith("HTTP/1.1 400 ").contains(client.headers().get("Authorization"));
    }

    @Test
    void should_answer_a_gateway_error() throws IOException {
        fault(Fault.gateway("401013", "Oauth token is not valid"));

        assertThat(answer()).startsWith("HTTP/1.1 401 ").contains("\"error_code\":\"401013\"");
    }

    @Test
    void should_carry_a_call_out_but_show_it_only_later() throws IOException {
        fault(Fault.reset().committedLater(Duration.ofSeconds(90)));
        try (Wire wire = Wire.send(client, "POST", PATH, Chain.sourceBody())) {
            assertThatThrownBy(wire::readAll).isInstanceOf(SocketException.class);
        }
        assertThat(client.get(PATH + "?count=true").text()).isEqualTo("{\"count\":0}");

        simulator.clock().advance(Duration.ofSeconds(91));

        assertThat(client.get(PATH + "?count=true").text()).isEqualTo("{\"count\":1}");
    }

    @Test
    void should_break_only_the_attempts_it_was_told_to() {
        simulator.faults().on("POST", "/sourceConnections", 1, Fault.status(500));
        simulator.faults().on("POST", "/sourceConnections", 3, Fault.status(502));

        assertThat(client.post(PATH, Chain.sourceBody()).status()).isEqualTo(500);
        assertThat(client.post(PATH, Chain.sourceBody()).status()).isEqualTo(201);
        assertThat(client.post(PATH, Chain.sourceBody()).status()).isEqualTo(502);
        assertThat(client.post(PATH, Chain.sourceBody()).status()).isEqualTo(201);
        assertThat(client.get(PATH).status()).isEqualTo(200);
    }

    @Test
    void should_break_always_until_the_plan_is_cleared() {
        simulator.faults().always("GET", "/flows/[^/]+|/flows", Fault.status(504));
        simulator.faults().when(request -> request.text().contains("Customer source"), Fault.status(418));

        assertThat(client.get(FLOW_SERVICE + "/flows/x").status()).isEqualTo(504);
        assertThat(client.get(FLOW_SERVICE + "/flows").status()).isEqualTo(504);
        assertThat(client.post(PATH, Chain.sourceBody()).status()).isEqualTo(418);

        simulator.faults().clear();

        assertThat(client.get(FLOW_SERVICE + "/flows").status()).isEqualTo(200);
    }

    @Test
    void should_break_the_token_endpoint_too() {
        simulator.faults().on("POST", "/ims/token/v3", 1, Fault.status(429).header("Retry-After", "3"));

        assertThat(client.token().status()).isEqualTo(429);
        assertThat(client.token().status()).isEqualTo(200);
        assertThat(simulator.tokenRequests()).isEqualTo(2);
    }

    @Test
    void should_let_go_what_hangs_when_it_is_closed() throws IOException {
        fault(Fault.hang());
        try (Wire wire = Wire.send(client, "POST", PATH, Chain.sourceBody())) {
            await().until(() -> simulator.faults().held() == 1);

            simulator.close();

            assertThat(wire.readAll()).isEmpty();
        }
    }

    @Test
    void should_reset_every_connection_of_an_outage_and_count_it() throws IOException {
        fault(Fault.hang().afterCommit());
        try (Wire before = Wire.send(client, "POST", PATH, Chain.sourceBody())) {
            await().until(() -> simulator.faults().held() == 1);

            simulator.outage(true);

            assertThatThrownBy(before::readAll).isInstanceOf(SocketException.class).hasMessageContaining("reset");
        }
        int requests = simulator.requests().all().size();
        for (int n = 0; n < 3; n++) {
            assertThatThrownBy(this::answer).isInstanceOf(SocketException.class);
        }
        assertThat(simulator.refusedConnections()).isEqualTo(3);
        assertThat(simulator.requests().all()).hasSize(requests);

        simulator.outage(false);

        assertThat(answer()).startsWith("HTTP/1.1 201 ");
        assertThat(simulator.refusedConnections()).isEqualTo(3);
        assertThat(created()).as("what was under way was carried out").hasSize(2);
    }

    @Test
    void should_let_only_so_many_requests_through_in_any_minute() throws IOException {
        simulator.faults().limit(2, Fault.status(429).header("Retry-After", "60"));
        assertThat(client.get(PATH).status()).isEqualTo(200);
        simulator.clock().advance(Duration.ofSeconds(30));
        assertThat(client.post(PATH, Chain.sourceBody()).status()).isEqualTo(201);

        assertThat(answer()).startsWith("HTTP/1.1 429 ").contains("429050").containsIgnoringCase("retry-after: 60");
        assertThat(created()).hasSize(1);
        assertThat(client.token().status()).as("the token endpoint is another host").isEqualTo(200);

        simulator.clock().advance(Duration.ofSeconds(31));

        assertThat(client.get(PATH).status()).as("the first one is a minute ago").isEqualTo(200);
        assertThat(client.get(PATH).status()).isEqualTo(429);

        simulator.faults().clear();

        assertThat(client.get(PATH).status()).isEqualTo(200);
    }

    @Test
    void should_swap_the_answers_of_two_calls() throws IOException {
        simulator.faults().always("POST", "/sourceConnections", Fault.swap());
        try (Wire first = Wire.send(client, "POST", PATH, Chain.sourceBody().replace("Customer source", "first"))) {
            await().until(() -> simulator.faults().held() == 1);

            JsonNode ofSecond = Json.MAPPER.readTree(bodyOf(answer()));
            JsonNode ofFirst = Json.MAPPER.readTree(bodyOf(first.readAll()));

            assertThat(simulator.store().resources("prod", "sourceConnections"))
                .extracting(each -> each.path("id"), each -> each.path("name").asText())
                .containsExactly(tuple(ofSecond.path("id"), "first"), tuple(ofFirst.path("id"), "Customer source"));
        }
    }

    @Test
    void should_give_a_call_its_own_answer_when_no_other_comes_to_swap_with() throws IOException {
        fault(Fault.swap());
        try (Wire wire = Wire.send(client, "POST", PATH, Chain.sourceBody())) {
            await().until(() -> simulator.faults().held() == 1);

            simulator.faults().release();

            assertThat(bodyOf(wire.readAll()))
                .contains(simulator.store().resources("prod", "sourceConnections").get(0).path("id").asText());
        }
    }
}
