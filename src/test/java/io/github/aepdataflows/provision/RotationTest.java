package io.github.aepdataflows.provision;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.aepdataflows.Rig;
import io.github.aepdataflows.Rigs;
import io.github.aepdataflows.definition.DefinitionException;
import io.github.aepdataflows.plan.PlanText;
import io.github.aepdataflows.simulator.Fault;
import io.github.aepdataflows.simulator.Request;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A base connection whose definition has other credentials by now gets them: by one PATCH of all of them, and a test. */
class RotationTest {

    private static final String SECRET = "c4nary-first";

    @RegisterExtension
    static final Rigs RIGS = new Rigs();

    @TempDir
    static Path secrets;

    private Rig rig;

    @BeforeEach
    void start() throws Exception {
        Files.writeString(secrets.resolve("k"), SECRET);
        rig = RIGS.start(Map.of("aep.secrets-dir", secrets.toString()));
    }

    @AfterEach
    void stop() throws Exception {
        rig.close();
    }

    /** A definition of case 06. */
    private static String definition(String name) throws IOException {
        try (InputStream in = RotationTest.class.getResourceAsStream("/cases/06-credentials/" + name + ".yaml")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static String first() throws IOException {
        return definition("rotated").replace("svc-new", "svc");
    }

    /** Another dataflow of the same base connection. */
    private static String second(String definition) {
        return definition.replace("cred one", "cred two").replace("cred schema", "cred schema two")
                .replace("cred dataset", "cred data two");
    }

    private ObjectNode connection() {
        return rig.resources("connections").stream().filter(one -> one.path("name").asText().equals("cred base"))
                .reduce((one, other) -> {
                    throw new AssertionError("two of them");
                }).orElseThrow();
    }

    private List<Request> patches() {
        return rig.requests(request -> request.method().equals("PATCH") && request.path().contains("/connections/"));
    }

    private List<Request> tests() {
        return rig.requests("GET", "/test");
    }

    private static String outcome(JsonNode receipt) {
        return receipt.at("/steps/0/step").asText() + " " + receipt.at("/steps/0/outcome").asText();
    }

    @Test
    void should_be_updated_and_tested_where_a_parameter_is_another() throws Exception {
        rig.apply(first());
        String id = connection().path("id").asText();
        int before = tests().size();

        JsonNode plan = rig.plan(definition("rotated"));
        JsonNode receipt = rig.apply(definition("rotated"));

        assertThat(PlanText.text("f", plan)).contains("  update base-connection " + id,
                "    auth.params.username: \"svc\" -> \"svc-new\"\n");
        assertThat(outcome(receipt)).isEqualTo("base-connection updated");
        assertThat(connection().path("id").asText()).isEqualTo(id);
        assertThat(connection().at("/auth/params").toString()).isEqualTo(("{\"environmentUrl\":\"https://acme.my.salesforce.com\","
                + "\"username\":\"svc-new\",\"password\":\"%s\",\"securityToken\":\"%s\"}").formatted(SECRET, SECRET));
        assertThat(patches()).hasSize(1).allSatisfy(patch -> assertThat(patch.header("if-match")).isPresent());
        assertThat(tests()).as("tested after it").hasSizeGreaterThan(before);
        assertThat(rig.requests().indexOf(tests().get(tests().size() - 1))).isGreaterThan(rig.requests().indexOf(patches().get(0)));
        assertThat(rig.plan(definition("rotated")).path("empty").asBoolean()).isTrue();
        assertThat(rig.apply(definition("rotated")).path("outcome").asText()).isEqualTo("unchanged");
        assertThat(patches()).hasSize(1);
    }

    @Test
    void should_be_updated_where_a_secret_was_rotated_and_tell_it_to_nobody() throws Exception {
        rig.apply(first());
        assertThat(rig.plan(first()).path("empty").asBoolean()).isTrue();
        Files.writeString(secrets.resolve("k"), "c4nary-other");

        JsonNode plan = rig.plan(first());
        JsonNode receipt = rig.apply(first());

        assertThat(PlanText.text("f", plan)).contains("    auth.params.password: rotated\n", "    auth.params.securityToken: rotated\n");
        assertThat(connection().at("/auth/params/password").asText()).isEqualTo("c4nary-other");
        assertThat(outcome(receipt)).isEqualTo("base-connection updated");
        assertThat(rig.apply(first()).path("outcome").asText()).isEqualTo("unchanged");
        assertThat(patches()).hasSize(1);
        assertThat(plan + " " + receipt).doesNotContain("c4nary");
        rig.ledger().close();
        try (Stream<Path> files = Files.walk(rig.folder("ledger"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                assertThat(Files.readString(file, StandardCharsets.ISO_8859_1)).doesNotContain("c4nary");
            }
        }
        rig.ledger().open();
    }

    @Test
    void should_be_updated_back_where_somebody_has_changed_a_parameter_by_hand() throws Exception {
        rig.apply(first());
        String id = connection().path("id").asText();
        ObjectNode altered = connection().deepCopy();
        ((ObjectNode) altered.at("/auth/params")).put("username", "somebody").put("password", "*****").put("securityToken", "*****");
        rig.simulator().faults().on("GET", "/flowservice/connections/" + id, 1, Fault.body("{\"items\":[" + altered + "]}"));
        rig.simulator().faults().on("GET", "/flowservice/connections/" + id, 2, Fault.body("{\"items\":[" + altered + "]}"));
        rig.simulator().faults().on("GET", "/flowservice/connections/" + id, 3, Fault.body("{\"items\":[" + altered + "]}"));

        assertThat(outcome(rig.apply(first()))).isEqualTo("base-connection updated");
        assertThat(patches()).singleElement().satisfies(patch -> assertThat(patch.text()).contains("\"svc\"", SECRET));
    }

    static Stream<Fault> lost() {
        return Stream.of(Fault.reset().afterCommit(), Fault.status(503).afterCommit(), Fault.reset().beforeCommit(),
                Fault.status(412).beforeCommit());
    }

    @ParameterizedTest
    @MethodSource("lost")
    void should_get_there_though_the_answer_to_its_update_was_lost(Fault fault) throws Exception {
        rig.apply(first());
        Files.writeString(secrets.resolve("k"), "c4nary-other");
        rig.simulator().faults().when(request -> request.method().equals("PATCH"), 1, fault);

        rig.apply(definition("rotated"));

        assertThat(connection().at("/auth/params/username").asText()).isEqualTo("svc-new");
        assertThat(connection().at("/auth/params/password").asText()).isEqualTo("c4nary-other");
        assertThat(rig.plan(definition("rotated")).path("empty").asBoolean()).isTrue();
    }

    @Test
    void should_say_so_where_the_source_does_not_accept_the_new_ones() throws Exception {
        rig.apply(first());
        Files.writeString(secrets.resolve("k"), "wrong");

        Exchange failed = rig.provision(first());

        assertThat(failed.getException()).isInstanceOf(DefinitionException.class).hasMessageContaining("the test of base connection");
        Files.writeString(secrets.resolve("k"), "c4nary-right");
        rig.apply(first());
        assertThat(connection().at("/auth/params/password").asText()).isEqualTo("c4nary-right");
    }

    @Test
    void should_be_mended_by_a_new_secret_while_its_test_fails() throws Exception {
        rig.apply(first());
        rig.simulator().breakCredentials(Rig.SANDBOX, connection().path("id").asText());
        Files.writeString(secrets.resolve("k"), "c4nary-right");

        assertThat(outcome(rig.apply(first().replace("description: first", "description: changed")))).isEqualTo("base-connection updated");
    }

    @Test
    void should_not_go_back_and_forth_between_definitions_that_contradict_one_another() throws Exception {
        rig.apply(first());
        rig.apply(second(first()));
        assertThat(PlanText.text("f", rig.plan(definition("rotated")))).contains("    other dataflows use it, too: cred two\n");
        rig.apply(definition("rotated"));

        Exchange other = rig.provision(second(first()).replace("description: first", "description: second"));
        Exchange third = rig.provision(second(first()).replace("two", "three").replace("svc", "svc-third"));

        assertThat(other.getException()).isInstanceOf(ConflictException.class)
                .hasMessageContaining("another definition describes it otherwise (cred one)");
        assertThat(third.getException()).isInstanceOf(ConflictException.class).hasMessageContaining("(cred one)");
        assertThat(patches()).hasSize(1);
        assertThat(rig.apply(definition("rotated")).path("outcome").asText()).isEqualTo("unchanged");
        assertThat(rig.apply(second(definition("rotated"))).at("/steps/0/outcome").asText()).isEqualTo("unchanged");
        assertThat(rig.apply(second(definition("rotated")).replace("two", "four")).path("outcome").asText()).isEqualTo("created");
        assertThat(patches()).hasSize(1);
        assertThat(connection().at("/auth/params/username").asText()).isEqualTo("svc-new");
    }

    @Test
    void should_not_go_back_and_forth_between_definitions_that_name_other_secrets() throws Exception {
        Files.writeString(secrets.resolve("k2"), "c4nary-second");
        rig.apply(first());

        Exchange other = rig.provision(second(first()).replace("secret: k }", "secret: k2 }"));

        assertThat(other.getException()).isInstanceOf(ConflictException.class)
                .hasMessageContaining("another definition describes it otherwise (cred one)");
        assertThat(outcome(rig.apply(first().replace("secret: k }", "secret: k2 }")))).isEqualTo("base-connection updated");
        assertThat(connection().at("/auth/params/password").asText()).isEqualTo("c4nary-second");
    }

    @Test
    void should_keep_what_the_definition_does_not_say_and_refuse_to_lose_what_is_hidden() throws Exception {
        rig.apply(first());
        shownWith("instanceLabel", "eu");

        assertThat(PlanText.text("f", rig.plan(definition("rotated")))).contains("carries over: auth.params.instanceLabel");
        rig.apply(definition("rotated"));
        assertThat(connection().at("/auth/params/instanceLabel").asText()).isEqualTo("eu");

        shownWith("sessionToken", "*****");
        Exchange refused = rig.provision(first());
        assertThat(refused.getException()).isInstanceOf(ConflictException.class).hasMessageContaining("auth.params.sessionToken");
        assertThat(patches()).hasSize(1);
    }

    /** Somebody has added a parameter at the Platform. */
    private void shownWith(String name, String value) {
        ObjectNode altered = connection().deepCopy();
        ((ObjectNode) altered.at("/auth/params")).put("password", "*****").put("securityToken", "*****").put(name, value);
        rig.simulator().faults().clear();
        rig.simulator().faults().always("GET", "/flowservice/connections/" + altered.path("id").asText(),
                Fault.body("{\"items\":[" + altered + "]}"));
    }

    @Test
    void should_not_get_another_auth_spec() throws Exception {
        rig.apply(first());

        Exchange refused = rig.provision(first().replace("Basic Authentication", "OAuth2 Client Credential")
                .replaceFirst("params: .*", "params: { environmentUrl: \"https://acme.my.salesforce.com\", clientId: c, "
                        + "clientSecret: { secret: k }, apiVersion: v1 }"));

        assertThat(refused.getException()).hasMessageContaining("was made with another auth spec, which is fixed")
                .hasMessageContaining(connection().path("id").asText());
        assertThat(patches()).isEmpty();
    }

    @Test
    void should_name_file_and_variable_of_a_secret_that_is_not_there() throws Exception {
        Exchange refused = rig.provision(definition("sec-missing"));

        assertThat(refused.getException()).isInstanceOf(DefinitionException.class)
                .hasMessageContaining("there is no secret missing", secrets.toString(), "AEP_SECRET_MISSING");
    }
}
