package io.github.aepdataflows.change;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.aepdataflows.Rig;
import io.github.aepdataflows.Rigs;
import io.github.aepdataflows.definition.DefinitionException;
import io.github.aepdataflows.ledger.RecordedChange;
import io.github.aepdataflows.platform.PlatformException;
import io.github.aepdataflows.simulator.Fault;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Changes while calls fail, answers lie, and other hands are at work. */
class TroubledChangeTest {

    private static final String DEFINITION = ChangeTest.DEFINITION;
    private static final String OTHER_TABLE = DEFINITION.replace("tableName: Account", "tableName: Other") + "allowReplace: true\n";

    @RegisterExtension
    static final Rigs RIGS = new Rigs();

    private Rig rig;

    @BeforeEach
    void start() throws Exception {
        rig = RIGS.start();
        rig.apply(DEFINITION);
        ArrayNode columns = (ArrayNode) rig.resources("sourceConnections").get(0).at("/params/columns");
        rig.simulator().addTable(Rig.SANDBOX, "4cb0c374-d3bb-4557-b139-5712880adc55", "Other", columns);
    }

    @AfterEach
    void stop() throws Exception {
        rig.close();
    }

    private String id(String collection) {
        return rig.resources(collection).get(0).path("id").asText();
    }

    private List<String> states() {
        return rig.resources("flows").stream().map(flow -> flow.path("state").asText()).toList();
    }

    @Test
    void should_go_on_comparing_where_a_look_has_failed() throws Exception {
        for (String collection : List.of("flows", "sourceConnections", "targetConnections", "mappingSets")) {
            rig.simulator().faults().on("GET", "/" + collection + "/" + id(collection), 1, Fault.status(503));
            assertThat(rig.plan(DEFINITION).path("empty").asBoolean()).as(collection).isTrue();
            rig.simulator().faults().on("GET", "/" + collection + "/" + id(collection), 1, Fault.status(503));
            assertThat(rig.apply(DEFINITION + "allowReplace: true\n").path("outcome").asText()).as(collection).isEqualTo("unchanged");
        }
        assertThat(rig.resources("flows")).hasSize(1);
    }

    @Test
    void should_end_though_the_flow_does_not_show_and_another_look_never_succeeds() throws Exception {
        rig.simulator().faults().always("GET", "/flows/" + id("flows"), Fault.status(404));
        rig.simulator().faults().always("GET", "/sourceConnections/" + id("sourceConnections"), Fault.status(503));

        assertThat(rig.provision(DEFINITION).getException()).isInstanceOf(PlatformException.class);
        assertThat(rig.requests("GET", "/flows/" + id("flows"))).as("after its making, unless a flow was read before, and now")
                .hasSizeBetween(1, 2);
    }

    @Test
    void should_not_replace_what_only_did_not_show_for_a_moment() throws Exception {
        rig.simulator().faults().on("GET", "/sourceConnections/" + id("sourceConnections"), 1, Fault.status(404));
        rig.simulator().faults().on("GET", "/sourceConnections/" + id("sourceConnections"), 2, Fault.status(404));

        assertThat(rig.apply(DEFINITION + "allowReplace: true\n").path("outcome").asText()).isEqualTo("unchanged");
        assertThat(rig.resources("sourceConnections")).hasSize(1);
    }

    @Test
    void should_not_take_a_wrong_sandbox_for_a_deleted_flow() throws Exception {
        rig.simulator().faults().on("DELETE", "/flows/" + id("flows"), 1,
                Fault.answer(404, "application/problem+json",
                "{\"type\":\"http://ns.adobe.com/aep/errors/FLOW-2100-404\",\"status\":404,\"title\":\"sandbox not found\"}"));

        assertThat(rig.provision(DEFINITION + "state: absent\n").getException()).isNotNull();
        assertThat(rig.resources("flows")).hasSize(1);
        rig.apply(DEFINITION + "state: absent\n");
        assertThat(rig.resources("flows")).isEmpty();
    }

    @Test
    void should_name_an_etag_to_changes_only() throws Exception {
        rig.apply(DEFINITION.replace("name: Changed source", "name: Another source")
                .replace("title: Changed schema", "title: Another schema")
                .replace("name: Changed dataset", "name: Another dataset").replace("interval: 2", "interval: 3"));

        assertThat(rig.requests()).filteredOn(request -> request.header("if-match").isPresent())
                .hasSize(2).allMatch(request -> request.method().equals("PATCH"));
    }

    @Test
    void should_say_that_it_has_changed_what_nobody_has_confirmed() throws Exception {
        rig.simulator().faults().on("PATCH", "/flows/" + id("flows"), 1, Fault.reset().afterCommit());
        assertThat(rig.apply(DEFINITION.replace("interval: 2", "interval: 3")).path("outcome").asText()).isEqualTo("updated");
        assertThat(rig.requests("PATCH", "/flows/" + id("flows"))).hasSize(1);

        rig.simulator().faults().on("POST", "/flows/" + id("flows") + "/action", 1, Fault.reset().afterCommit());
        assertThat(rig.apply(DEFINITION.replace("interval: 2", "interval: 3") + "state: paused\n").path("steps")
                .findValuesAsText("outcome")).contains("disabled");
        assertThat(states()).containsExactly("disabled");
        assertThat(rig.ledger().changes("Changed")).extracting(RecordedChange::state).containsOnly(RecordedChange.State.DONE);
    }

    @Test
    void should_take_back_a_replacement_that_failed_halfway() throws Exception {
        rig.simulator().faults().on("POST", "/flows", 1, Fault.status(422));
        assertThat(rig.provision(OTHER_TABLE).getException()).isNotNull();

        JsonNode back = rig.apply(DEFINITION);

        assertThat(back.path("outcome").asText()).isEqualTo("unchanged");
        assertThat(states()).containsExactly("enabled");
        assertThat(rig.plan(DEFINITION).path("empty").asBoolean()).isTrue();
        assertThat(rig.apply(OTHER_TABLE).path("outcome").asText()).isEqualTo("replaced");
        assertThat(states()).containsExactly("disabled", "enabled");
    }

    @Test
    void should_go_on_with_a_replacement_whose_flow_has_no_clear_outcome() throws Exception {
        rig.simulator().faults().on("POST", "/flows", 1, Fault.reset().afterCommit());
        assertThat(rig.apply(OTHER_TABLE).path("outcome").asText()).isEqualTo("replaced");
        assertThat(states()).containsExactlyInAnyOrder("disabled", "enabled");
        assertThat(rig.resources("sourceConnections")).hasSize(2);
    }

    @Test
    void should_have_another_dataset_connection_when_the_shared_one_is_gone() throws Exception {
        rig.apply(Rig.example("crm"));
        String shared = rig.resources("connections").stream().filter(one -> one.path("name").asText().equals("Dataset base connection"))
                .findFirst().orElseThrow().path("id").asText();
        rig.simulator().faults().always("GET", "/connections/" + shared, Fault.status(404));
        rig.simulator().setConnectionState(Rig.SANDBOX, shared, "delete-finalizing");

        rig.apply(Rig.example("crm") + "allowReplace: true\n");

        assertThat(rig.resources("targetConnections")).extracting(one -> one.path("baseConnectionId").asText()).contains(shared)
                .anyMatch(id -> !id.isEmpty() && !id.equals(shared));
    }

    @Test
    void should_refuse_the_faults_of_an_edited_definition_after_an_unfinished_run() throws Exception {
        String other = DEFINITION.replace("Changed", "Unfinished");
        rig.simulator().faults().on("POST", "/mappingSets", 1, Fault.status(400));
        assertThat(rig.provision(other).getException()).isNotNull();

        assertThat(rig.provision(other.replace("person.name.fullName", "person.name.nonsense")).getException())
                .isInstanceOf(DefinitionException.class);
        assertThat(rig.apply(other.replace("personal-details ]",
                "personal-details, https://ns.adobe.com/xdm/context/profile-work-details ]"))
                .path("outcome").asText()).isEqualTo("created");
        assertThat(rig.resources("schemas")).hasSize(2);
    }

    @Test
    void should_leave_the_tags_of_others_on_a_dataset() throws Exception {
        String dataset = rig.resources("dataSets").get(0).path("viewId").asText();
        ObjectNode theirs = rig.resources("dataSets").get(0);
        theirs.putObject("tags").putArray("unifiedProfile").add("isUpsert:true").add("enabled: true");
        ((ObjectNode) theirs.path("tags")).putArray("unifiedIdentity").add("enabled: true");
        rig.simulator().faults().always("GET", "/dataSets/" + dataset, Fault.body("{\"" + dataset + "\":" + theirs + "}"));

        JsonNode steps = rig.plan(DEFINITION.replace("  name: Changed target", "  profile: true\n  name: Changed target")
                .replace("title: Changed schema",
                "title: Changed schema\n    identities: [ { path: _id, namespace: CRMID, primary: true } ]")).path("steps");

        assertThat(steps.findValuesAsText("path")).containsExactly("tags");   // the schema's
    }

    @Test
    void should_wait_until_what_was_deleted_has_gone_everywhere() throws Exception {
        rig.simulator().faults().on("DELETE", "/sourceConnections/" + id("sourceConnections"), 1,
                Fault.answer(400, "application/problem+json",
                "{\"type\":\"http://ns.adobe.com/aep/errors/FLOW-1447-400\",\"status\":400,\"title\":\"found active flows\"}"));

        rig.apply(DEFINITION + "state: absent\n");

        assertThat(rig.resources("sourceConnections")).isEmpty();
    }
}
