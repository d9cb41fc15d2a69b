package io.github.aepdataflows.simulator;

import static io.github.aepdataflows.simulator.Client.FLOW_SERVICE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.aepdataflows.guide.Page;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the simulator offers when it runs by itself: a command line, control over HTTP, and dataflows with a history. */
class StandAloneTest {

    private Simulator simulator;
    private Client operator;

    @BeforeEach
    void start() throws IOException {
        simulator = Simulator.start(Options.defaults());
        simulator.openControl();
        operator = new Client(simulator, Map.of());
    }

    @AfterEach
    void stop() throws IOException {
        simulator.close();
    }

    @Test
    void should_read_its_options_from_the_command_line() {
        CommandLine line = CommandLine.parse("--port=0", "--host=0.0.0.0", "--latency=50ms", "--generation=current",
            "--page-size=7", "--token-lifetime=90s", "--sandboxes=one,two", "--second-primary=accept",
            "--duplicate-descriptor=refuse", "--dialect",
            "union-without-identity=accept,content-type=short", "--reference-lag=3s", "--demo");

        assertThat(line.options()).isEqualTo(Options.defaults().withHost("0.0.0.0")
            .withLatency(Duration.ofMillis(50)).withGeneration(Generation.CURRENT).withPageSize(7).withTokenLifetime(Duration.ofSeconds(90))
            .withSandboxes(List.of("one", "two")).withSecondPrimary(true).withDuplicateDescriptor(false)
            .withUnionWithoutIdentity(true)
            .withDialect(Dialect.CONTENT_TYPE, "short")
            .withReferenceLag(Duration.ofSeconds(3)));
        assertThat(line.demo()).isTrue();
        assertThat(CommandLine.parse("--demo", "--port", "0")).isEqualTo(CommandLine.parse("--port=0", "--demo"));
        assertThat(CommandLine.parse().options().port()).isEqualTo(18080);
        assertThat(CommandLine.parse("--help").help()).isTrue();
    }

    @Test
    void should_name_the_argument_that_it_cannot_read() {
        for (String argument : List.of("--port=65536", "--port=-1", "--latency=-5s", "--sandboxes=", "--sandboxes=a,,b")) {
            assertThatThrownBy(() -> CommandLine.parse(argument)).hasMessageContaining(argument);
        }
        assertThatThrownBy(() -> CommandLine.parse("--port=many")).hasMessageContaining("--port=many");
        assertThatThrownBy(() -> CommandLine.parse("--colour=red")).hasMessageContaining("--colour=red");
        assertThatThrownBy(() -> CommandLine.parse("--second-primary=maybe")).hasMessageContaining("--second-primary=maybe");
        assertThatThrownBy(() -> CommandLine.parse("--dialect=content-type=odd")).hasMessageContaining("content-type=odd");
    }

    @Test
    void should_print_lines_that_set_the_variables_of_a_shell_whatever_they_contain() throws Exception {
        Options options = Options.defaults().withClientSecret("it's \"$HOME\" & `date` \\ 100%").withHost("0.0.0.0")
                .withSandboxes(List.of("one", "two"));
        try (Simulator other = Simulator.start(options)) {
            Process shell = new ProcessBuilder("bash", "-c", other.welcome() + "env -0").start();
            List<String> variables = List.of(new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8).split("\0"));

            assertThat(variables).contains("AEP_URL=http://127.0.0.1:" + other.port(),
                    "AEP_TOKEN_URL=http://127.0.0.1:" + other.port() + "/ims/token/v3", "AEP_CLIENT_ID=" + options.clientId(),
                    "AEP_CLIENT_SECRET=" + options.clientSecret(), "AEP_ORG_ID=" + options.orgId(), "AEP_SANDBOX=one");
        }
    }

    @Test
    void should_be_shown_in_the_readme_and_the_guide_as_it_prints_it() {
        String usualPort = simulator.welcome().replace(":" + simulator.port(), ":18080");

        assertThat(Page.readme().block("printed by the simulator").text()).isSubstringOf(usualPort).contains("export AEP_SANDBOX");
        assertThat(Page.guide("simulator").block("printed by the simulator").text()).isEqualTo(usualPort);
        assertThat(Page.guide("simulator").block("printed by simulator --help").text()).isEqualTo(CommandLine.HELP);
    }

    @Test
    void should_move_the_clock_over_http() {
        Instant before = simulator.clock().instant();

        assertThat(operator.post("/simulator/clock", "{\"advance\":\"PT10H\"}").status()).isEqualTo(200);

        assertThat(simulator.clock().instant()).isAfter(before.plus(Duration.ofHours(9)));
        assertThat(operator.post("/simulator/clock", "{\"advance\":\"ten\"}").status()).isEqualTo(400);
    }

    @Test
    void should_add_and_clear_faults_over_http() {
        Client client = Client.of(simulator);
        operator.post("/simulator/faults", "{\"method\":\"GET\",\"path\":\"/flows\",\"attempt\":2,\"status\":503}");
        assertThat(client.get(FLOW_SERVICE + "/flows").status()).isEqualTo(200);
        assertThat(client.get(FLOW_SERVICE + "/flows").status()).isEqualTo(503);

        operator.post("/simulator/faults", "{\"method\":\"GET\",\"path\":\"/flows\",\"status\":503}");
        operator.delete("/simulator/faults");

        assertThat(client.get(FLOW_SERVICE + "/flows").status()).isEqualTo(200);
    }

    @Test
    void should_show_the_log_without_credentials() {
        Client client = Client.of(simulator);
        client.get(FLOW_SERVICE + "/flows");

        Client.Reply log = operator.get("/simulator/requests");

        assertThat(log.json()).hasSize(2);
        assertThat(log.json().path(1).path("status").asInt()).isEqualTo(200);
        assertThat(log.text()).doesNotContain("s3cr").doesNotContain(client.headers().get("Authorization"));
    }

    @Test
    void should_not_offer_control_unless_it_runs_by_itself() throws IOException {
        try (Simulator embedded = Simulator.start(Options.defaults())) {
            assertThat(new Client(embedded, Map.of()).get("/simulator/requests").status()).isEqualTo(403);
        }
    }

    @Test
    void should_seed_dataflows_for_an_audit_to_find() {
        simulator.seedDemo("prod");
        Map<String, List<String>> statuses = new TreeMap<>();
        long hourAgo = simulator.clock().instant().minus(Duration.ofMinutes(61)).toEpochMilli();
        for (JsonNode flow : simulator.store().resources("prod", "flows")) {
            statuses.put(flow.path("name").asText(), simulator.store().resources("prod", "runs").stream()
                .filter(run -> run.path("flowId").equals(flow.path("id")))
                .map(run -> run.at("/metrics/statusSummary/status").asText()).toList());
        }

        assertThat(statuses).hasSize(5);
        assertThat(statuses.get("Legacy orders import")).hasSize(48).containsOnly("success");
        assertThat(statuses.get("Legacy invoices import")).hasSize(48).endsWith("failed").startsWith("success");
        assertThat(statuses.get("Legacy returns import")).hasSize(40);
        assertThat(statuses.get("Legacy coupons import")).hasSizeLessThan(30);
        assertThat(simulator.store().resources("prod", "flows"))
            .filteredOn(flow -> flow.path("state").asText().equals("disabled"))
            .singleElement().satisfies(flow -> assertThat(flow.path("name").asText()).isEqualTo("Legacy coupons import"));
        assertThat(simulator.store().resources("prod", "flows").get(0).at("/lastRunDetails/startedAtUTC").asLong())
            .isGreaterThan(hourAgo);
        assertThat(simulator.store().resources("prod", "runs")).anySatisfy(run ->
            assertThat(run.at("/metrics/recordSummary/failedRecordCount").asInt()).isPositive());
    }
}
