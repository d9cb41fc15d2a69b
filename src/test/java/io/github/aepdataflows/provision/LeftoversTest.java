package io.github.aepdataflows.provision;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.github.aepdataflows.Rig;
import io.github.aepdataflows.Rigs;
import io.github.aepdataflows.audit.Audit;
import io.github.aepdataflows.simulator.Fault;
import io.github.aepdataflows.simulator.Request;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A definition fails at the flow and is corrected in an earlier step: what the first version has made is named, and can be deleted. */
class LeftoversTest {

    @RegisterExtension
    static final Rigs RIGS = new Rigs();

    private static final String NAME = "Creating a dataflow for a Customer Success connector";

    private Rig rig;
    private String first;
    private String corrected;
    private String left;

    @BeforeEach
    void start() throws Exception {
        rig = RIGS.start(Map.of("aep.redelivery.max", "2"));
        first = Rig.example("customer-success").replace("name: updatedAt", "name: CreatedDate");
        corrected = first.replace("tableName: Account", "tableName: Other");
        rig.simulator().faults().on("POST", "/flows", 1, Fault.status(400));
        assertThat(rig.provision(first).getException()).isNotNull();
        left = rig.resources("sourceConnections").get(0).path("id").asText();
        rig.simulator().addTable(Rig.SANDBOX, "f1da3694-38a9-403d-9a36-9438a9203d42", "Other",
                (ArrayNode) rig.resources("sourceConnections").get(0).at("/params/columns"));
    }

    @AfterEach
    void stop() throws Exception {
        rig.close();
    }

    private Exchange prune(String name) {
        return rig.main().getCamelContext().createFluentProducerTemplate().to("direct:aep-prune").withBody(name).request(Exchange.class);
    }

    private JsonNode pruned() throws IOException {
        Exchange exchange = prune(NAME);
        assertThat(exchange.getException()).isNull();
        return Rig.json(exchange.getMessage().getBody(String.class));
    }

    private void somebody(String method, String path, String body) {
        rig.main().getCamelContext().createFluentProducerTemplate()
                .to("aep-http:%s/data/foundation/flowservice/%s?httpMethod=%s".formatted(rig.simulator().url(), path, method))
                .withHeader("Content-Type", "application/json")
                .withHeader("AepSendBefore", String.valueOf(System.nanoTime() + 60_000_000_000L))
                .withBody(body.isEmpty() ? null : body).request(byte[].class);
    }

    private List<Request> deletes() {
        return rig.requests(request -> request.method().equals("DELETE"));
    }

    private List<String> ids(String collection) {
        return rig.resources(collection).stream().map(resource -> resource.path("id").asText()).toList();
    }

    private static void assertNamed(JsonNode list, String id) {
        assertThat(list).hasSize(1);
        assertThat(list.at("/0/dataflow").asText()).isEqualTo(NAME);
        assertThat(list.at("/0/kind").asText()).isEqualTo("source-connection");
        assertThat(list.at("/0/id").asText()).isEqualTo(id);
        assertThat(list.at("/0/why").asText()).isEqualTo("made for an earlier version");
    }

    @Test
    void should_name_it_in_the_receipt_and_in_the_audit() throws Exception {
        JsonNode receipt = rig.apply(corrected);

        assertThat(ids("sourceConnections")).hasSize(2).contains(left);
        assertNamed(receipt.path("left"), left);
        Audit audit = rig.audit().getVariable("aepAudit", Audit.class);
        assertThat(audit.getWarnings()).containsExactly("left: the source-connection %s of dataflow %s: made for an earlier version"
                .formatted(left, NAME));
        assertThat(audit.isAlarming()).isFalse();
        assertNamed(rig.apply(corrected).path("left"), left);
    }

    @Test
    void should_name_it_in_the_error_document_when_the_correction_fails_too() throws Exception {
        rig.simulator().faults().on("POST", "/flows", 1, Fault.status(400));

        Exchange failed = rig.provision(corrected);

        assertThat(failed.getException()).isNotNull();
        assertNamed(Rig.json(failed.getVariable("aepError", String.class)).path("left"), left);
    }

    @Test
    void should_not_name_in_the_audit_what_somebody_has_deleted() throws Exception {
        rig.apply(corrected);
        somebody("DELETE", "sourceConnections/" + left, "");

        assertThat(rig.audit().getVariable("aepAudit", Audit.class).getWarnings()).isEmpty();
        assertThat(pruned().at("/steps/0/outcome").asText()).isEqualTo("deleted");
        assertThat(rig.apply(corrected).has("left")).isFalse();
    }

    @Test
    void should_delete_exactly_what_was_left_once() throws Exception {
        rig.apply(corrected);
        List<String> flows = ids("flows");

        JsonNode pruned = pruned();

        assertThat(pruned.path("steps").findValuesAsText("id")).containsExactly(left);
        assertThat(pruned.has("left")).isFalse();
        assertThat(deletes()).hasSize(1);
        assertThat(ids("sourceConnections")).hasSize(1).doesNotContain(left);
        assertThat(ids("flows")).isEqualTo(flows);
        assertThat(rig.plan(corrected).path("empty").asBoolean()).isTrue();
        assertThat(pruned().path("steps")).isEmpty();
        assertThat(deletes()).hasSize(1);
        assertThat(rig.apply(corrected).path("outcome").asText()).isEqualTo("unchanged");
        assertThat(rig.apply(corrected).has("left")).isFalse();
    }

    @Test
    void should_delete_it_once_when_the_answer_is_lost() throws Exception {
        rig.apply(corrected);
        rig.simulator().faults().on("DELETE", "/sourceConnections/" + left, 1, Fault.reset().afterCommit());

        assertThat(pruned().path("steps").findValuesAsText("outcome")).containsExactly("deleted");

        assertThat(ids("sourceConnections")).hasSize(1).doesNotContain(left);
        assertThat(rig.ledger().left()).isEmpty();
        assertThat(rig.plan(corrected).path("empty").asBoolean()).isTrue();
    }

    @Test
    void should_not_delete_what_a_flow_at_the_platform_uses() throws Exception {
        String source = rig.apply(corrected).at("/resources/sourceConnection").asText();
        List<Request> flows = rig.requests("POST", "/flows");
        somebody("POST", "flows", flows.get(flows.size() - 1).text().replace(source, left).replace(NAME, "Somebody's"));

        JsonNode pruned = pruned();

        assertThat(pruned.path("steps").findValuesAsText("outcome")).containsExactly("used");
        assertNamed(pruned.path("left"), left);
        assertThat(deletes()).isEmpty();
    }

    @Test
    void should_go_along_with_the_rest_when_the_dataflow_is_to_be_absent() throws Exception {
        rig.apply(corrected);

        JsonNode receipt = rig.apply(corrected + "state: absent\n");

        assertThat(receipt.path("steps").findValuesAsText("id")).contains(left);
        assertThat(ids("sourceConnections")).isEmpty();
        assertThat(receipt.has("left")).isFalse();
    }

    @Test
    void should_delete_what_was_replaced_with_the_flow_that_has_used_it() throws Exception {
        rig.apply(corrected);
        String present = rig.apply(first + "allowReplace: true\n").at("/resources/sourceConnection").asText();

        assertThat(pruned().path("steps").findValuesAsText("step")).containsExactly("flow", "source-connection", "source-connection");

        assertThat(ids("sourceConnections")).containsExactly(present);
        assertThat(ids("flows")).hasSize(1);
        assertThat(rig.plan(first).path("empty").asBoolean()).isTrue();
    }

    @Test
    void should_call_a_flow_ours_in_the_audit_that_was_replaced_and_is_left() throws Exception {
        String replaced = rig.apply(first).at("/resources/flow").asText();
        String present = rig.apply(corrected + "allowReplace: true\n").at("/resources/flow").asText();

        JsonNode report = Rig.json(rig.audit().getMessage().getBody(String.class));

        assertThat(flow(report, present).path("ours").asBoolean()).isTrue();
        assertThat(flow(report, present).path("reason").asText()).doesNotContain("left");
        assertThat(flow(report, replaced).path("ours").asBoolean()).isTrue();
        assertThat(flow(report, replaced).path("state").asText()).isEqualTo("disabled");
        assertThat(flow(report, replaced).path("reason").asText()).isEqualTo(
                "left from an earlier version (aep-dataflows prune \"" + NAME + "\" deletes it): its state is disabled");
        assertThat(report.path("left").findValuesAsText("id")).contains(replaced);

        somebody("DELETE", "flows/" + replaced, "");
        assertThat(Rig.json(rig.audit().getMessage().getBody(String.class)).path("left").findValuesAsText("kind"))
                .containsExactly("source-connection");
    }

    private static JsonNode flow(JsonNode report, String id) {
        return StreamSupport.stream(report.path("flows").spliterator(), false).filter(flow -> flow.path("id").asText().equals(id))
                .findFirst().orElseThrow();
    }

    @Test
    void should_say_that_the_ledger_does_not_have_a_dataflow() {
        Exchange refused = prune("Nobody's");

        assertThat(refused.getException()).isInstanceOf(ConflictException.class).hasMessage("the ledger has no dataflow Nobody's");
        assertThat(deletes()).isEmpty();
    }
}
