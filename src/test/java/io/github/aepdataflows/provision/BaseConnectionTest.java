package io.github.aepdataflows.provision;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.aepdataflows.Rig;
import io.github.aepdataflows.Rigs;
import io.github.aepdataflows.platform.HeaderFilter;
import io.github.aepdataflows.simulator.Fault;
import io.github.aepdataflows.simulator.Options;
import io.github.aepdataflows.simulator.Request;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.builder.AdviceWith;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Base connections that definitions describe: made once with the real secrets, shared by all that describe the same. */
class BaseConnectionTest {

    private static final String NAME = "Service cloud";
    private static final String PASSWORD = "c4nary \"p&ss\\word\" ü%+";
    private static final String TOKEN = "c4nary-token";

    @RegisterExtension
    static final Rigs RIGS = new Rigs();

    @TempDir
    static Path secrets;

    @BeforeEach
    void putSecrets() throws IOException {
        Files.writeString(secrets.resolve("sf-password"), PASSWORD + "\n");
        Files.writeString(secrets.resolve("sf-token"), TOKEN);
    }

    @Test
    void should_be_created_with_the_real_secrets_and_used_by_the_source() throws Exception {
        try (Rig rig = start(Map.of())) {
            Exchange done = rig.provision(described("One"));

            assertThat(done.getException()).isNull();
            ObjectNode made = only(rig);
            assertThat(made.at("/auth/params/password").asText()).isEqualTo(PASSWORD);
            assertThat(made.at("/auth/params/securityToken").asText()).isEqualTo(TOKEN);
            assertThat(made.at("/auth/params/username").asText()).isEqualTo("me@example.com");
            assertThat(made.at("/auth/specName").asText()).isEqualTo("Basic Authentication");
            assertThat(made.at("/description").asText()).isEqualTo("of all");
            assertThat(rig.resources("sourceConnections")).singleElement()
                    .satisfies(source -> assertThat(source.path("baseConnectionId")).isEqualTo(made.path("id")));
            assertThat(step(done)).isEqualTo("created " + made.path("id").asText());
            assertThat(receipt(done).at("/resources/baseConnection")).isEqualTo(made.path("id"));
        }
    }

    @Test
    void should_be_shared_by_all_that_describe_the_same_and_get_the_secrets_that_there_are_by_then() throws Exception {
        try (Rig rig = start(Map.of())) {
            String id = step(rig.provision(described("One"))).substring("created ".length());
            Files.writeString(secrets.resolve("sf-password"), "rotated");

            Exchange second = rig.provision(described("Two").replace("description: of all", "description: of mine"));

            assertThat(second.getException()).isNull();
            assertThat(receipt(second).at("/resources/baseConnection").asText()).isEqualTo(id);
            assertThat(posts(rig)).hasSize(1);
            assertThat(only(rig).at("/auth/params/password").asText()).isEqualTo("rotated");
        }
    }

    @Test
    void should_reuse_one_that_somebody_made_by_hand() throws Exception {
        try (Rig rig = start(Map.of())) {
            String id = byHand(rig, NAME, "me@example.com");

            Exchange done = rig.provision(described("One"));

            assertThat(step(done)).isEqualTo("reused " + id);
            assertThat(only(rig).path("id").asText()).isEqualTo(id);
        }
    }

    @Test
    void should_be_found_under_a_name_that_no_filter_can_have() throws Exception {
        String name = "\\\"a&b==c,d\\\" %ü";
        try (Rig rig = start(Map.of())) {
            rig.simulator().faults().on("POST", "/flowservice/connections", 1, Fault.reset().afterCommit());

            Exchange done = rig.provision(described("One").replace("name: " + NAME, "name: \"" + name + "\""));

            assertThat(done.getException()).isNull();
            assertThat(posts(rig)).hasSize(1);
            assertThat(step(done)).startsWith("reused");
        }
    }

    @Test
    void should_choose_none_of_two_that_are_as_described(@TempDir Path data) throws Exception {
        try (Rig rig = Rig.start(data, Options.defaults(), settings(Map.of()))) {
            List<String> ids = new ArrayList<>();
            afterTheCheck(rig, exchange -> ids.addAll(List.of(byHand(rig, NAME, "me@example.com"), byHand(rig, NAME, "me@example.com"))));

            JsonNode error = dropped(rig, described("One"));

            assertThat(error.path("category").asText()).isEqualTo("conflict");
            assertThat(error.path("step").asText()).isEqualTo("base-connection");
            assertThat(error.path("message").asText()).contains(ids);
            assertThat(error.path("advice").asText()).contains("source.baseConnection.id");
            assertThat(creates(rig)).as("those by hand").isEqualTo(2);
            assertThat(rig.ledger().unresolved()).isEmpty();
        }
    }

    @Test
    void should_not_be_put_beside_one_of_its_name_with_other_content(@TempDir Path data) throws Exception {
        try (Rig rig = Rig.start(data, Options.defaults(), settings(Map.of()))) {
            byHand(rig, "x" + NAME, "me@example.com");
            List<String> ids = new ArrayList<>();
            afterTheCheck(rig, exchange -> ids.add(byHand(rig, NAME, "somebody.else@example.com")));

            JsonNode error = dropped(rig, described("One"));

            assertThat(error.path("category").asText()).isEqualTo("conflict");
            assertThat(error.path("message").asText()).contains("of that name exists with other content").contains(ids);
            assertThat(error.path("advice").asText()).contains("choose another name", "by its name alone");
            assertThat(creates(rig)).as("those by hand").isEqualTo(2);
            assertThat(rig.ledger().unresolved()).isEmpty();
        }
    }

    @Test
    void should_not_be_put_beside_one_of_ours_of_its_name_with_other_content(@TempDir Path data) throws Exception {
        try (Rig rig = Rig.start(data, Options.defaults(), settings(Map.of()))) {
            List<String> ours = new ArrayList<>();
            afterTheCheck(rig, exchange -> ours.add(step(rig.provision(described("One"))).substring("created ".length())));

            Exchange refused = rig.provision(described("Two").replace("me@example.com", "you@example.com"));

            assertThat(refused.getException()).isInstanceOf(ConflictException.class).hasMessageContaining(ours.get(0));
            assertThat(posts(rig)).hasSize(1);
        }
    }

    @Test
    void should_be_one_of_two_of_its_name_in_different_files_at_the_same_moment(@TempDir Path data) throws Exception {
        try (Rig rig = Rig.start(data, Options.defaults(), settings(Map.of("aep.redelivery.max", "100")))) {
            CountDownLatch free = new CountDownLatch(1);
            AtomicInteger sent = new AtomicInteger();
            AdviceWith.adviceWith(rig.main().getCamelContext(), "aep-create-base-connection", advice ->
                    advice.weaveById("aep-post-base-connection").before().process(exchange -> {
                        sent.incrementAndGet();
                        free.await();
                    }));
            rig.drop("one.yaml", described("One"));
            await().atMost(30, SECONDS).until(() -> sent.get() == 1);
            Redelivery redelivery = rig.main().getCamelContext().getRegistry().findSingleByType(Redelivery.class);
            long failed = redelivery.failedAttempts();
            rig.drop("two.yaml", described("Two").replace("me@example.com", "you@example.com"));
            await().atMost(30, SECONDS).until(() -> redelivery.failedAttempts() > failed || sent.get() == 2);
            free.countDown();
            await().atMost(60, SECONDS).until(() -> rig.names("inbox").isEmpty());

            assertThat(only(rig).at("/auth/params/username").asText()).isEqualTo("me@example.com");
            assertThat(rig.names("done")).contains("one.yaml");
            assertThat(rig.json("failed", "two.yaml.error.json").path("category").asText()).isEqualTo("conflict");
            assertThat(rig.ledger().unresolved()).isEmpty();
        }
    }

    @Test
    void should_be_waited_for_where_the_list_does_not_show_another_of_its_name_yet(@TempDir Path data) throws Exception {
        try (Rig rig = Rig.start(data, Options.defaults(), settings(Map.of("aep.call-timeout", "500", "aep.settle-window", "1s")))) {
            afterTheCheck(rig, exchange -> {
                rig.provision(described("One"));
                for (int look = 1; look <= 2; look++) {
                    rig.simulator().faults().on("GET", "/flowservice/connections", look, Fault.body("{\"items\":[]}"));
                }
            });

            Exchange refused = rig.provision(described("Two").replace("me@example.com", "you@example.com"));

            assertThat(refused.getException()).isInstanceOf(ConflictException.class);
            assertThat(only(rig).at("/auth/params/username").asText()).isEqualTo("me@example.com");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"me@example.com", "somebody.else@example.com"})
    void should_be_refused_before_anything_is_made_where_its_name_is_taken(String username) throws Exception {
        try (Rig rig = start(Map.of())) {
            String one = byHand(rig, NAME, username);
            String two = byHand(rig, NAME, username);

            JsonNode error = dropped(rig, described("One"));

            assertThat(error.path("category").asText()).isEqualTo("definition");
            assertThat(error.path("faults").toString()).contains(one, two);
            assertThat(creates(rig)).as("those by hand").isEqualTo(2);
        }
    }

    @Test
    void should_say_so_when_another_definition_tells_less_of_it() throws Exception {
        try (Rig rig = start(Map.of())) {
            String ours = step(rig.provision(described("One"))).substring("created ".length());
            Files.writeString(secrets.resolve("sf-user"), "me@example.com");

            Exchange refused = rig.provision(described("Two").replace("username: me@example.com", "username: { secret: sf-user }"));

            assertThat(refused.getException()).isInstanceOf(ConflictException.class)
                    .hasMessageContaining("another definition describes it otherwise").hasMessageContaining(ours);
            assertThat(rig.ledger().unresolved()).isEmpty();
        }
    }

    @Test
    void should_not_use_one_that_is_disabled(@TempDir Path data) throws Exception {
        try (Rig rig = Rig.start(data, Options.defaults(), settings(Map.of()))) {
            List<String> ids = new ArrayList<>();
            afterTheCheck(rig, exchange -> {
                ids.add(byHand(rig, NAME, "me@example.com"));
                ObjectNode disabled = only(rig).deepCopy().put("state", "disabled");
                rig.simulator().faults().always("GET", "/flowservice/connections", Fault.body("{\"items\":[" + disabled + "]}"));
            });

            Exchange refused = rig.provision(described("One"));

            assertThat(refused.getException()).isInstanceOf(ConflictException.class).hasMessageContaining("disabled")
                    .hasMessageContaining(ids.get(0));
            assertThat(rig.ledger().unresolved()).isEmpty();
        }
    }

    @Test
    void should_not_be_sent_without_its_secrets_and_go_on_when_they_are_there() throws Exception {
        Files.delete(secrets.resolve("sf-token"));
        try (Rig rig = start(Map.of("aep.redelivery.max", "1"))) {
            Exchange refused = rig.provision(described("One"));

            JsonNode error = Rig.json(refused.getVariable("aepError", String.class));
            assertThat(error.path("category").asText()).isEqualTo("definition");
            assertThat(error.at("/faults/0/message").asText())
                    .contains("there is no secret sf-token", secrets.toString(), "AEP_SECRET_SF_TOKEN")
                    .doesNotContain(PASSWORD);
            assertThat(creates(rig)).isZero();
            Files.writeString(secrets.resolve("sf-token"), TOKEN);
            rig.drop("one.yaml", described("One"));
            await().atMost(30, SECONDS).until(() -> rig.names("done").contains("one.yaml"));

            assertThat(only(rig).at("/auth/params/securityToken").asText()).isEqualTo(TOKEN);
        }
    }

    static List<Fault> lost() {
        List<Fault> faults = new ArrayList<>(List.of(Fault.reset(), Fault.closeWithoutAnswer(), Fault.hang(), Fault.truncate(1),
                Fault.drip(Duration.ofMillis(100)), Fault.html(), Fault.body("{}"), Fault.body("[]"), Fault.body("{\"id\":\"../x\"}")));
        IntStream.of(409, 500, 502, 503, 504).mapToObj(Fault::status).forEach(faults::add);
        return faults;
    }

    @ParameterizedTest
    @MethodSource("lost")
    void should_be_one_though_the_answer_to_its_create_was_lost(Fault fault) throws Exception {
        try (Rig rig = start(Map.of("aep.response-timeout", "300", "aep.call-timeout", "500"))) {
            rig.simulator().faults().on("POST", "/flowservice/connections", 1, fault.afterCommit());

            Exchange done = rig.provision(described("One"));

            assertThat(done.getException()).isNull();
            assertThat(posts(rig)).hasSize(1);
            assertThat(step(done)).isEqualTo("reused " + only(rig).path("id").asText());
        }
    }

    @Test
    void should_be_one_though_its_create_was_lost_on_its_way() throws Exception {
        try (Rig rig = start(Map.of("aep.settle-window", "200"))) {
            rig.simulator().faults().on("POST", "/flowservice/connections", 1, Fault.reset().beforeCommit());
            rig.simulator().faults().on("POST", "/flowservice/connections", 2, Fault.status(503).beforeCommit());

            Exchange done = rig.provision(described("One"));

            assertThat(posts(rig)).hasSize(3).allSatisfy(post -> assertThat(post.text()).contains(TOKEN));
            assertThat(step(done)).isEqualTo("created " + only(rig).path("id").asText());
        }
    }

    @Test
    void should_be_one_for_many_definitions_dropped_at_once() throws Exception {
        try (Rig rig = start(Map.of("aep.inbox.concurrency", "8"))) {
            rig.simulator().faults().on("POST", "/flowservice/connections", 1, Fault.status(503).afterCommit());
            for (int n = 0; n < 8; n++) {
                rig.drop(n + ".yaml", described("Flow " + n));
            }
            await().atMost(60, SECONDS).until(() -> rig.names("inbox").isEmpty());

            assertThat(rig.names("failed")).isEmpty();
            assertThat(posts(rig)).hasSize(1);
            String id = only(rig).path("id").asText();
            assertThat(rig.resources("sourceConnections")).hasSize(8)
                    .allSatisfy(source -> assertThat(source.path("baseConnectionId").asText()).isEqualTo(id));
            assertThat(rig.ledger().unresolved()).isEmpty();
        }
    }

    @Test
    void should_wait_for_one_that_is_made_ready_later() throws Exception {
        try (Rig rig = RIGS.start(Options.defaults().withAsyncDelay(Duration.ofMillis(300)),
                settings(Map.of("aep.redelivery.max", "500")))) {
            Exchange done = rig.provision(described("One"));

            assertThat(done.getException()).isNull();
            assertThat(posts(rig)).hasSize(1);
        }
    }

    @Test
    void should_pass_on_the_platforms_refusal_without_any_value() throws Exception {
        try (Rig rig = start(Map.of())) {
            rig.simulator().faults().on("POST", "/flowservice/connections", 1, Fault.answer(400, "application/json",
                    "{\"errorCode\":\"FLOW-1304-400\",\"errorMessage\":\"1304-400: %s is no password\"}".formatted(PASSWORD.replace("\\",
                    "\\\\").replace("\"", "\\\""))));

            JsonNode error = dropped(rig, described("One"));

            assertThat(error.path("category").asText()).isEqualTo("rejected");
            assertThat(error.path("step").asText()).isEqualTo("base-connection");
            assertThat(error.path("message").asText()).contains("*** is no password");
            assertThat(error.toString()).doesNotContain("c4nary");
            assertThat(rig.resources("connections")).noneMatch(connection -> connection.path("name").asText().equals(NAME));
        }
    }

    @Test
    void should_ask_the_platform_how_a_source_that_is_not_listed_authenticates() throws Exception {
        try (Rig rig = start(Map.of())) {
            JsonNode error = dropped(rig, described("One")
                    .replace("connector: salesforce-service-cloud",
                    "connectionSpecId: cb66ab34-8619-49cb-96d1-39b37ede86ea\n  flowSpec: CRMToAEP\n  format: tabular")
                    .replace("specName: Basic Authentication", "specName: Nonsense"));

            assertThat(error.path("category").asText()).as(error::toString).isEqualTo("definition");
            assertThat(error.at("/faults/0/code").asText()).isEqualTo("1415-400");
            assertThat(error.at("/faults/0/path").asText()).isEqualTo("source.baseConnection.auth.specName");
            assertThat(error.toString()).doesNotContain("c4nary");
            assertThat(posts(rig)).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {400, 403, 422, 503})
    void should_tell_no_secret_when_the_platform_repeats_what_it_was_sent(int status) throws Exception {
        try (Rig rig = start(Map.of("aep.redelivery.max", "0"))) {
            rig.simulator().faults().always("POST", "/flowservice/connections", Fault.echo(status));

            Exchange failed = rig.provision(described("One"));

            assertThat(failed.getException()).isNotNull();
            assertThat(failed.getVariable("aepError", String.class)).contains("***").doesNotContain("c4nary");
        }
    }

    @Test
    void should_keep_of_the_answer_only_what_it_is_for() throws Exception {
        try (Rig rig = start(Map.of())) {
            Files.writeString(secrets.resolve("sf-token"), "4");   // which is in most ids
            String id = "4cb0c374-d3bb-4557-b139-5712880adc55";
            String request = "{\"name\":\"n\",\"auth\":{\"specName\":\"s\",\"params\":{\"securityToken\":%s}},"
                    + "\"connectionSpec\":{\"id\":\"i\",\"version\":\"1.0\"}}";
            rig.simulator().faults().always("POST", "/flowservice/connections",
                    Fault.body("{\"id\":\"%s\",\"etag\":\"e-4\",\"auth\":{\"params\":{\"password\":\"c4nary\"}}}".formatted(id)));

            Exchange done = rig.main().getCamelContext().createFluentProducerTemplate().to("direct:aep-create-base-connection")
                    .withVariable("aepRequest", Rig.json(request.formatted("{\"secret\":\"sf-token\"}")))
                    .withHeader(HeaderFilter.SEND_BEFORE, System.nanoTime() + TimeUnit.MINUTES.toNanos(1)).request(Exchange.class);

            assertThat(posts(rig)).singleElement().satisfies(post -> assertThat(post.text()).isEqualTo(request.formatted("\"4\"")));
            assertThat(done.getMessage().getHeader("AepBaseConnectionId")).isEqualTo(id);
            assertThat(done.getVariable("aepResponse", String.class)).isEqualTo("{\"id\":\"%s\",\"etag\":\"e-***\"}".formatted(id));
        }
    }

    @Test
    void should_be_missed_by_the_audit_where_it_is_gone() throws Exception {
        try (Rig rig = start(Map.of())) {
            String id = step(rig.provision(described("One"))).substring("created ".length());
            assertThat(report(rig).path("missing")).isEmpty();
            rig.simulator().faults().always("GET", "/flowservice/connections", Fault.body("{\"items\":[]}"));

            assertThat(report(rig).path("missing").toString())
                    .isEqualTo("[{\"step\":\"base-connection\",\"dataflow\":\"\",\"id\":\"%s\"}]".formatted(id));
        }
    }

    @Test
    void should_be_reported_by_the_audit_where_a_late_create_has_made_a_twin() throws Exception {
        try (Rig rig = start(Map.of("aep.settle-window", "100", "aep.clock", "#bean:simulatorClock"))) {
            rig.simulator().faults().on("POST", "/flowservice/connections", 1, Fault.status(504).committedLater(Duration.ofHours(1)));
            String id = step(rig.provision(described("One"))).substring("created ".length());
            rig.simulator().clock().advance(Duration.ofHours(2));

            JsonNode twins = report(rig).path("twins");

            assertThat(twins.findValuesAsText("step")).containsExactly("base-connection");
            assertThat(twins.findValuesAsText("id")).containsExactly(id);
            assertThat(twins.at("/0/others")).hasSize(1);
        }
    }

    @Test
    void should_be_taken_back_into_a_ledger_that_was_lost(@TempDir Path data) throws Exception {
        String id;
        try (Rig rig = Rig.start(data, Options.defaults(), settings(Map.of()))) {
            rig.drop("one.yaml", described("One"));
            await().atMost(30, SECONDS).until(() -> rig.names("done").contains("one.yaml.receipt.json"));
            id = only(rig).path("id").asText();
            int creates = creates(rig);
            try (Rig later = Rig.against(rig.simulator(), data,
                    settings(Map.of("aep.ledger.anew", "true", "aep.ledger.url",
                            "jdbc:sqlite:" + secrets.resolveSibling("new-" + data.getFileName() + ".db"))))) {
                Exchange rebuilt = later.main().getCamelContext().createFluentProducerTemplate().to("direct:aep-rebuild")
                        .request(Exchange.class);

                assertThat(rebuilt.getException()).isNull();
                assertThat(later.ledger().owner("base-connection", id)).contains("");
                assertThat(later.ledger().dataflow("One").orElseThrow().done()).isTrue();
                assertThat(creates(rig)).isEqualTo(creates);
            }
        }
    }

    private Rig start(Map<String, String> properties) throws Exception {
        return RIGS.start(settings(properties));
    }

    private Map<String, String> settings(Map<String, String> properties) {
        Map<String, String> all = new HashMap<>(properties);
        all.put("aep.secrets-dir", secrets.toString());
        return all;
    }

    /** The example of that dataflow's name, its base connection described. */
    private static String described(String dataflow) throws IOException {
        return Rig.example("customer-success", dataflow)
                .replaceFirst("(?m)^name: .*$", "name: " + dataflow)
                .replaceFirst("(?m)^  baseConnectionId: .*$", """
                        \s baseConnection:
                            name: %s
                            description: of all
                            auth:
                              specName: Basic Authentication
                              params:
                                username: me@example.com
                                password: { secret: sf-password }
                                securityToken: { secret: sf-token }""".formatted(NAME));
    }

    /** Somebody makes one in the Platform's pages. */
    private static String byHand(Rig rig, String name, String username) throws Exception {
        ObjectNode body = Rig.JSON.createObjectNode().put("name", name);
        ObjectNode params = body.putObject("auth").put("specName", "Basic Authentication").putObject("params");
        params.put("username", username).put("password", "typed").put("securityToken", "by hand");
        body.putObject("connectionSpec").put("id", "cb66ab34-8619-49cb-96d1-39b37ede86ea").put("version", "1.0");
        Exchange made = rig.main().getCamelContext().createFluentProducerTemplate().to("direct:aep-create-base-connection")
                .withVariable("aepRequest", body).withHeader(HeaderFilter.SEND_BEFORE, System.nanoTime() + TimeUnit.MINUTES.toNanos(1))
                .request(Exchange.class);
        return made.getMessage().getHeader("AepBaseConnectionId", String.class);
    }

    private static JsonNode dropped(Rig rig, String definition) throws IOException {
        rig.drop("it.yaml", definition);
        await().atMost(30, SECONDS).until(() -> rig.names("failed").contains("it.yaml.error.json"));
        return rig.json("failed", "it.yaml.error.json");
    }

    private static ObjectNode only(Rig rig) {
        List<ObjectNode> made = rig.resources("connections").stream()
                .filter(connection -> connection.at("/auth/params/username").asText().endsWith("@example.com")).toList();
        assertThat(made.size()).isEqualTo(1);   // and no message with secrets
        return made.get(0);
    }

    private static String step(Exchange done) throws IOException {
        assertThat(done.getException()).isNull();
        for (JsonNode step : receipt(done).path("steps")) {
            if (step.path("step").asText().equals("base-connection")) {
                return step.path("outcome").asText() + " " + step.path("id").asText();
            }
        }
        return "";
    }

    private static JsonNode report(Rig rig) throws IOException {
        return Rig.json(rig.audit().getMessage().getBody(String.class));
    }

    private static JsonNode receipt(Exchange done) throws IOException {
        return Rig.json(done.getMessage().getBody(String.class));
    }

    private static List<Request> posts(Rig rig) {
        return rig.requests("POST", "/flowservice/connections");
    }

    private static int creates(Rig rig) {
        return rig.requests(request -> request.method().equals("POST") && request.path()
                .matches(".*/(connections|schemas|sourceConnections|dataSets|targetConnections|mappingSets|flows)")).size();
    }

    /** Once, between the check of a definition and its base connection: what is made then, the check has not seen. */
    private static void afterTheCheck(Rig rig, Processor happens) throws Exception {
        AtomicBoolean happened = new AtomicBoolean();
        AdviceWith.adviceWith(rig.main().getCamelContext(), "aep-apply-base-connection",
                route -> route.weaveById("aep-begin-base-connection").before().process(exchange -> {
                    if (!happened.getAndSet(true)) {
                        happens.process(exchange);
                    }
                }));
    }
}
