package io.github.aepdataflows.simulator;

import static io.github.aepdataflows.simulator.Client.FLOW_SERVICE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

class KnobTest {

    @Test
    void should_refuse_the_2020_form_when_only_the_current_one_is_wanted() throws IOException {
        try (Simulator simulator = Simulator.start(Options.defaults().withGeneration(Generation.CURRENT))) {
            Client client = Client.of(simulator);

            assertThat(client.post(FLOW_SERVICE + "/sourceConnections", Chain.sourceBody().replace("tabular", "parquet_xdm"))
                .text()).contains("1327-400");
            assertThat(Chain.create(client).flow()).isNotEmpty();
        }
    }

    @Test
    void should_refuse_the_current_form_and_serve_the_schedule_of_2020_when_only_that_is_wanted() throws IOException {
        try (Simulator simulator = Simulator.start(Options.defaults().withGeneration(Generation.LEGACY))) {
            Client client = Client.of(simulator);

            assertThat(client.post(FLOW_SERVICE + "/sourceConnections", Chain.sourceBody()).text()).contains("1327-400");
            assertThat(client.get(FLOW_SERVICE + "/flowSpecs?property=name==CRMToAEP").item()
                .at("/scheduleSpec/spec/properties/frequency/enum").toString()).doesNotContain("once");
        }
    }

    @Test
    void should_keep_a_new_flow_initializing_until_the_clock_has_moved() throws IOException {
        try (Simulator simulator = Simulator.start(Options.defaults().withAsyncDelay(Duration.ofMinutes(5)))) {
            Client client = Client.of(simulator);
            String path = FLOW_SERVICE + "/flows/" + Chain.create(client).flow();
            assertThat(client.get(path).item().path("state").asText()).isEqualTo("initializing");
            assertThat(client.patch(path, client.get(path).item().path("etag").asText(),
                "[{\"op\":\"replace\",\"path\":\"/name\",\"value\":\"x\"}]").text()).contains("1420-400");

            simulator.clock().advance(Duration.ofMinutes(6));

            assertThat(client.get(path).item().path("state").asText()).isEqualTo("enabled");
        }
    }

    @Test
    void should_hide_a_new_flow_from_look_ups_until_the_clock_has_moved() throws IOException {
        try (Simulator simulator = Simulator.start(Options.defaults().withVisibilityLag(Duration.ofMinutes(5)))) {
            Client client = Client.of(simulator);
            String flow = Chain.create(client).flow();
            assertThat(client.get(FLOW_SERVICE + "/flows/" + flow).status()).isEqualTo(404);
            assertThat(client.get(FLOW_SERVICE + "/flows?count=true").text()).isEqualTo("{\"count\":0}");

            simulator.clock().advance(Duration.ofMinutes(6));

            assertThat(client.get(FLOW_SERVICE + "/flows/" + flow).status()).isEqualTo(200);
        }
    }

    @Test
    void should_list_a_new_flow_before_it_can_be_looked_up_by_its_id() throws IOException {
        try (Simulator simulator = Simulator.start(Options.defaults().withLookUpLag(Duration.ofMinutes(5)))) {
            Client client = Client.of(simulator);
            String flow = Chain.create(client).flow();
            assertThat(client.get(FLOW_SERVICE + "/flows/" + flow).status()).isEqualTo(404);
            assertThat(client.get(FLOW_SERVICE + "/flows").item().path("id").asText()).isEqualTo(flow);

            simulator.clock().advance(Duration.ofMinutes(6));

            assertThat(client.get(FLOW_SERVICE + "/flows/" + flow).status()).isEqualTo(200);
        }
    }

    @Test
    void should_look_a_new_flow_up_by_its_id_before_it_is_listed() throws IOException {
        try (Simulator simulator = Simulator.start(Options.defaults().withListLag(Duration.ofMinutes(5)))) {
            Client client = Client.of(simulator);
            String flow = Chain.create(client).flow();
            assertThat(client.get(FLOW_SERVICE + "/flows/" + flow).status()).isEqualTo(200);
            assertThat(client.get(FLOW_SERVICE + "/flows").json().path("items")).isEmpty();

            simulator.clock().advance(Duration.ofMinutes(6));

            assertThat(client.get(FLOW_SERVICE + "/flows").item().path("id").asText()).isEqualTo(flow);
        }
    }

    @Test
    void should_keep_sandboxes_apart_and_seed_both() throws IOException {
        try (Simulator simulator = Simulator.start(Options.defaults())) {
            Client.of(simulator).post(FLOW_SERVICE + "/sourceConnections", Chain.sourceBody());
            simulator.addBaseConnection("dev", "5f1d7c1e-0000-4000-8000-000000000001", "Extra",
                "221c7626-58f6-4eec-8ee2-042b0226f03b");

            assertThat(simulator.store().resources("dev", "sourceConnections")).isEmpty();
            assertThat(simulator.store().resources("prod", "connections")).hasSize(7);
            assertThat(simulator.store().resources("dev", "connections")).hasSize(8);
        }
    }

    @Test
    void should_start_without_base_connections_when_told_so() throws IOException {
        try (Simulator simulator = Simulator.start(Options.defaults().withBaseConnections(false))) {
            assertThat(simulator.store().resources("prod", "connections")).isEmpty();
        }
    }

    @Test
    void should_say_which_address_it_cannot_bind() throws IOException {
        try (Simulator first = Simulator.start(Options.defaults())) {
            assertThatThrownBy(() -> Simulator.start(Options.defaults().withPort(first.port())))
                .isInstanceOf(IOException.class).hasMessageContaining("127.0.0.1:" + first.port());
        }
    }

    @Test
    void should_serve_many_callers_while_somebody_reads_the_store() throws Exception {
        ExecutorService callers = Executors.newFixedThreadPool(16);
        try (Simulator simulator = Simulator.start(Options.defaults())) {
            Client client = Client.of(simulator);
            List<Callable<Integer>> calls = Collections.nCopies(200, () -> {
                simulator.store().resources("prod", "sourceConnections");
                return client.post(FLOW_SERVICE + "/sourceConnections", Chain.sourceBody()).status();
            });

            assertThat(callers.invokeAll(calls)).allSatisfy(call -> assertThat(call.get()).isEqualTo(201));
            assertThat(simulator.store().resources("prod", "sourceConnections")).hasSize(200);
            assertThat(simulator.requests().all()).extracting(Request::status).containsOnly(200, 201);
        } finally {
            callers.shutdownNow();
        }
    }

    @Test
    void should_answer_several_requests_on_one_connection_and_accept_raw_quotes_in_a_query() throws IOException {
        try (Simulator simulator = Simulator.start(Options.defaults());
             Socket socket = new Socket("127.0.0.1", simulator.port())) {
            Client client = Client.of(simulator);
            StringBuilder headers = new StringBuilder("Host: x\r\n");
            client.headers().forEach((name, value) -> headers.append(name).append(": ").append(value).append("\r\n"));
            BufferedReader in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));

            for (int i = 0; i < 3; i++) {
                socket.getOutputStream().write(("GET " + FLOW_SERVICE + "/flowSpecs?property=name==\"CRMToAEP\" HTTP/1.1\r\n"
                    + headers + "\r\n").getBytes(StandardCharsets.UTF_8));
                assertThat(in.readLine()).isEqualTo("HTTP/1.1 200 OK");
                int length = 0;
                for (String line = in.readLine(); !line.isEmpty(); line = in.readLine()) {
                    if (line.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
                        length = Integer.parseInt(line.substring(15).trim());
                    }
                }
                char[] body = new char[length];
                for (int read = 0; read < length; ) {
                    read += in.read(body, read, length - read);
                }
                assertThat(new String(body)).contains("\"name\":\"CRMToAEP\"");
            }
        }
    }
}
