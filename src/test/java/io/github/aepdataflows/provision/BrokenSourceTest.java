package io.github.aepdataflows.provision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.github.aepdataflows.Rig;
import io.github.aepdataflows.Rigs;
import io.github.aepdataflows.definition.DefinitionException;
import io.github.aepdataflows.simulator.Request;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A source that does not work keeps nobody from pausing, deleting or planning a flow that there is; and nothing new is made with it. */
class BrokenSourceTest {

    @RegisterExtension
    static final Rigs RIGS = new Rigs();

    @TempDir
    static Path secrets;

    private Rig rig;
    private String base;
    private String present;

    @BeforeEach
    void provisionAndBreak() throws Exception {
        Files.writeString(secrets.resolve("k"), "c4nary");
        rig = RIGS.start(Map.of("aep.secrets-dir", secrets.toString()));
        present = of06("paused").replace("state: paused\n", "");
        assertThat(rig.apply(present).path("outcome").asText()).isEqualTo("created");
        base = rig.resources("sourceConnections").get(0).path("baseConnectionId").asText();
        rig.simulator().addTable(Rig.SANDBOX, base, "Lead", (ArrayNode) Rig.json("""
                [{"name": "Id", "type": "string", "xdm": {"type": "string"}}]"""));
        rig.simulator().breakCredentials(Rig.SANDBOX, base);
        Files.delete(secrets.resolve("k"));
    }

    @AfterEach
    void stop() throws Exception {
        rig.close();
    }

    @Test
    void should_pause_and_delete_without_asking_the_source_anything() throws Exception {
        int asked = questions().size();

        JsonNode plan = rig.plan(of06("paused"));
        JsonNode paused = rig.apply(of06("paused"));

        assertThat(actions(plan)).containsOnlyOnce("update flow").noneMatch(action -> action.matches("(create|replace).*"));
        assertThat(paused.path("outcome").asText()).isEqualTo("updated");
        assertThat(rig.resources("flows").get(0).path("state").asText()).isEqualTo("disabled");
        assertThat(check(of06("absent")).path("ok").asBoolean()).isTrue();
        assertThat(rig.apply(of06("absent")).path("outcome").asText()).isEqualTo("deleted");
        assertThat(rig.resources("flows")).isEmpty();
        assertThat(questions()).hasSize(asked);
    }

    @Test
    void should_delete_and_check_what_describes_no_way_to_authenticate() throws Exception {
        String absent = of06("absent").replaceAll("(?s)    auth:.*?\n  tableName", "  tableName");

        assertThat(absent).doesNotContain("secret");
        assertThat(rig.apply(absent).path("outcome").asText()).isEqualTo("deleted");
    }

    @Test
    void should_pause_with_other_credentials_than_the_base_connection_has_by_now() throws Exception {
        String paused = of06("paused").replace("username: svc", "username: somebody-else");

        assertThat(actions(rig.plan(paused))).contains("update flow", "none base-connection");
        assertThat(rig.apply(paused).path("outcome").asText()).isEqualTo("updated");
        assertThat(rig.resources("flows").get(0).path("state").asText()).isEqualTo("disabled");
        assertThat(rig.resources("sourceConnections").get(0).path("baseConnectionId").asText()).isEqualTo(base);
    }

    @Test
    void should_note_it_in_the_plan_and_receipt_of_a_flow_that_there_is() throws Exception {
        JsonNode plan = rig.plan(present);
        JsonNode receipt = rig.apply(present.replace("tableName: Contact", "tableName: Contact\n  description: edited"));

        assertThat(plan.path("empty").asBoolean()).isTrue();
        assertThat(plan.path("notes").findValuesAsText("code")).containsExactly("1308-400");
        assertThat(receipt.path("outcome").asText()).isEqualTo("updated");
        assertThat(receipt.path("notes").findValuesAsText("path")).containsExactly("source.baseConnection");
    }

    @Test
    void should_refuse_to_make_a_new_flow_with_it() throws Exception {
        int writes = rig.requests(Rig::isCreate).size();
        String another = present.replace("name: cred one", "name: cred two");

        assertThatThrownBy(() -> rig.plan(another)).hasRootCauseInstanceOf(DefinitionException.class);
        assertThat(refusal(another)).contains("the test of base connection");
        assertThat(refusal(another + "state: paused\n")).contains("the test of base connection");
        assertThat(rig.requests(Rig::isCreate)).hasSize(writes);
    }

    @Test
    void should_refuse_to_replace_what_is_made_with_it() throws Exception {
        String other = present.replace("tableName: Contact", "tableName: Lead") + "allowReplace: true\n";
        int writes = rig.requests(Rig::isCreate).size();

        assertThat(refusal(other)).contains("the test of base connection");
        assertThat(refusal(other + "state: paused\n")).contains("the test of base connection");
        assertThat(rig.requests(Rig::isCreate)).hasSize(writes);
    }

    @Test
    void should_ask_a_source_that_works_before_a_paused_flow_is_replaced() throws Exception {
        String mended = present.replaceAll("(?s)baseConnection:.*?\n  tableName: Contact",
                "baseConnectionId: 4cb0c374-d3bb-4557-b139-5712880adc55\n  tableName: Account");
        String paused = mended + "allowReplace: true\nstate: paused\n";

        assertThat(rig.apply(paused).path("outcome").asText()).isEqualTo("replaced");
        assertThat(rig.resources("sourceConnections").get(1).at("/params/columns")).isNotEmpty();
        assertThat(refusal(paused.replace("tableName: Account", "tableName: Acount"))).contains("the source has no table Acount");
    }

    @Test
    void should_check_a_pause_with_a_note_where_nothing_is_known_of_the_flow() throws Exception {
        JsonNode report = check(another(of06("paused")));

        assertThat(report.path("ok").asBoolean()).isTrue();
        assertThat(report.path("notes").findValuesAsText("code")).containsExactly("1308-400");
        assertThat(check(another(present)).path("ok").asBoolean()).isFalse();
    }

    private static String another(String definition) {
        return definition.replace("name: cred one", "name: cred two").replace("cred schema", "another schema")
                .replace("cred dataset", "another dataset");
    }

    /** What only the source can answer. */
    private List<Request> questions() {
        return rig.requests(request -> request.path().matches(".*/connections/[^/]+/(test|explore)"));
    }

    private JsonNode check(String definition) throws IOException {
        return Rig.json(rig.main().getCamelContext().createFluentProducerTemplate().to("direct:aep-check").withBody(definition)
                .request(String.class));
    }

    private String refusal(String definition) {
        Exchange refused = rig.provision(definition);
        assertThat(refused.getException()).isInstanceOf(DefinitionException.class);
        return refused.getException().getMessage();
    }

    private static List<String> actions(JsonNode plan) {
        return plan.path("steps").findParents("action").stream()
                .map(step -> step.path("action").asText() + " " + step.path("step").asText()).toList();
    }

    private static String of06(String name) throws IOException {
        return Files.readString(Path.of("src/test/resources/cases/06-credentials", name + ".yaml"));
    }

    @Test
    void should_only_note_that_a_table_is_gone_whose_flow_runs_and_map_nothing_new_of_it() throws Exception {
        String own = "name: gone\n" + Rig.example("customer-success").replaceAll("(?m)^(#.*|name: .*)\n", "")
                .replace("title: ", "title: gone ").replace("dataset:\n    name: ", "dataset:\n    name: gone ");
        assertThat(rig.apply(own).path("outcome").asText()).isEqualTo("created");
        String other = rig.resources("sourceConnections").get(1).path("baseConnectionId").asText();
        rig.simulator().removeTable(Rig.SANDBOX, other, "Account");

        JsonNode plan = rig.plan(own);

        assertThat(plan.path("empty").asBoolean()).as(plan.toPrettyString()).isTrue();
        assertThat(plan.path("notes").toString()).contains("has no table Account");
        assertThat(rig.apply(own).path("outcome").asText()).isEqualTo("unchanged");
        Exchange mapped = rig.provision(own.replaceFirst("destination: person.name.fullName", "destination: person.name.lastName"));
        assertThat(mapped.getException()).isInstanceOf(DefinitionException.class).hasMessageContaining("has no table Account");
    }
}
