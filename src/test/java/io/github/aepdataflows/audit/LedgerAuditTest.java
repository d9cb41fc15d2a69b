package io.github.aepdataflows.audit;

import static io.github.aepdataflows.audit.AuditRig.byName;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.aepdataflows.Rig;
import io.github.aepdataflows.Rigs;
import io.github.aepdataflows.ledger.Condition;
import io.github.aepdataflows.ledger.Ledger;
import io.github.aepdataflows.ledger.Observation;
import io.github.aepdataflows.simulator.Fault;
import io.github.aepdataflows.simulator.Request;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the audit says of things that the ledger has: deleted behind our back, or there twice because a create came late. */
class LedgerAuditTest {

    private static final String CRM = "Dataflow between a CRM system and Platform";
    private static final Duration BEYOND_THE_WINDOW = Duration.ofHours(1);

    @RegisterExtension
    static final Rigs RIGS = new Rigs();

    private Rig rig;
    private int before;

    @BeforeEach
    void start() throws Exception {
        rig = AuditRig.oneOf(RIGS);
    }

    @AfterEach
    void stop() throws Exception {
        rig.close();
    }

    @Test
    void should_find_all_that_the_ledger_has_on_whichever_page_and_nothing_twice() throws Exception {
        provisionCrm();
        rig.simulator().seedDemo(Rig.SANDBOX);
        assertThat(rig.provision(Rig.example("customer-success")).getException()).isNull();

        JsonNode report = audit();

        assertThat(report.path("complete").asBoolean()).isTrue();
        assertThat(report.path("missing")).isEmpty();
        assertThat(report.path("twins")).isEmpty();
        assertThat(report.path("flows")).hasSize(7).filteredOn(flow -> flow.path("ours").asBoolean()).hasSize(2);
        assertThat(rig.requests("GET", "/sourceConnections")).hasSize(4);
    }

    @Test
    void should_not_end_an_alarm_of_what_was_seen_since_the_audit_began() throws Exception {
        provisionCrm();
        String flow = rig.ledger().resources("flow").keySet().iterator().next();
        rig.ledger().tells(List.of("webhook"));
        Auditor auditor = rig.main().getCamelContext().getRegistry().lookupByNameAndType("aepAuditor", Auditor.class);
        Audit begun = auditor.audit(null);
        JsonNode listed = Rig.json("""
            {"items": [{"id": "%s", "name": "%s", "state": "disabled", "scheduleParams": {"frequency": "once"}}]}""".formatted(flow, CRM));
        begun.addFlows(listed);
        begun.getFlows().forEach(begun::judge);
        rig.ledger().observe(List.of(new Observation("flow/" + flow, "failed", true, CRM, flow, "seen in the journal")), Set.of());

        auditor.report(begun, null);
        assertThat(rig.ledger().alarms()).extracting(Condition::subject).containsExactly("flow/" + flow);

        audit();
        assertThat(rig.ledger().alarms()).isEmpty();
    }

    @Test
    void should_call_a_flow_missing_that_was_deleted_and_say_how_to_make_it_again() throws Exception {
        Exchange made = provisionCrm();
        delete("flowservice/flows/" + made.getMessage().getHeader("AepFlowId"));

        JsonNode report = audit();

        JsonNode flow = byName(report).get(CRM);
        assertThat(flow.path("state").asText()).isEqualTo("missing");
        assertThat(flow.path("id").asText()).isEqualTo(made.getMessage().getHeader("AepFlowId"));
        assertThat(flow.path("ours").asBoolean()).isTrue();
        assertThat(report.at("/counts/missing").asInt()).isEqualTo(1);
        assertThat(report.path("missing")).isEmpty();
        assertThat(report.path("complete").asBoolean()).isTrue();

        // as its reason says
        Exchange again = rig.provision(Rig.example("crm") + "allowReplace: true\n");
        assertThat(again.getException()).isNull();
        assertThat(again.getMessage().getHeader("AepFlowId")).isNotEqualTo(made.getMessage().getHeader("AepFlowId"));
        assertThat(AuditRig.states(audit())).containsEntry(CRM, "never ran");
    }

    @ParameterizedTest
    @CsvSource({
        "source-class, AepSourceClassId, schemaregistry/tenant/classes, classes",
        "source-schema, AepSourceSchemaId, schemaregistry/tenant/schemas, schemas",
        "source-connection, AepSourceConnectionId, flowservice/sourceConnections, sourceConnections",
        "target-schema, AepTargetSchemaId, schemaregistry/tenant/schemas, schemas",
        "target-dataset, AepTargetDatasetId, catalog/dataSets, dataSets",
        "dataset-connection, AepDatasetConnectionId, flowservice/connections, connections",
        "target-connection, AepTargetConnectionId, flowservice/targetConnections, targetConnections",
        "mapping-set, AepMappingSetId, conversion/mappingSets, mappingSets"})
    void should_name_what_is_missing_beside_flows(String step, String header, String path, String collection) throws Exception {
        Exchange made = provisionCrm();
        String id = made.getMessage().getHeader(header, String.class);
        rig.simulator().faults().always("GET", path, Fault.body(listWithout(collection, id)));

        JsonNode report = audit();

        assertThat(report.path("missing")).isEqualTo(Rig.json("""
            [{"step": "%s", "dataflow": "%s", "id": "%s"}]""".formatted(step, step.equals("dataset-connection") ? "" : CRM, id)));
        assertThat(report.path("complete").asBoolean()).isTrue();
        assertThat(AuditRig.states(report)).containsEntry(CRM, "never ran");
        assertOnlyRead();
    }

    @ParameterizedTest
    @CsvSource({
        "classes, classes",
        "schemas, schemas",
        "sourceConnections, source connections",
        "dataSets, datasets",
        "flowservice/connections, connections",
        "targetConnections, target connections",
        "mappingSets, mapping sets"})
    void should_call_nothing_missing_of_a_kind_that_could_not_be_listed(String path, String kind) throws Exception {
        provisionCrm();
        rig.simulator().faults().always("GET", path, Fault.status(403));

        JsonNode report = audit();

        assertThat(report.path("missing")).isEmpty();
        assertThat(report.path("complete").asBoolean()).isFalse();
        assertThat(report.path("problems")).extracting(JsonNode::asText).singleElement().asString().startsWith(kind + ": GET ");
    }

    @Test
    void should_call_no_flow_missing_when_the_flows_could_not_be_listed() throws Exception {
        provisionCrm();
        rig.simulator().faults().always("GET", "/flows", Fault.status(403));

        JsonNode report = audit();

        assertThat(report.path("flows")).isEmpty();
        assertThat(report.path("complete").asBoolean()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "source-connection, sourceConnections, AepSourceConnectionId, /sourceConnectionIds/0",
        "target-dataset, dataSets, AepTargetDatasetId, ",
        "dataset-connection, flowservice/connections, AepDatasetConnectionId, ",
        "target-connection, targetConnections, AepTargetConnectionId, /targetConnectionIds/0",
        "mapping-set, mappingSets, AepMappingSetId, /transformations/1/params/mappingId",
        "flow, flows, AepFlowId, /id"})
    void should_name_the_duplicate_of_a_create_that_came_after_the_settle_window(String step, String path, String header, String inFlow)
            throws Exception {
        rig.simulator().faults().on("POST", path, 1, Fault.reset().committedLater(BEYOND_THE_WINDOW));
        Exchange made = provisionCrm();
        assertThat(audit().path("twins")).isEmpty();   // nobody can see it yet
        rig.simulator().clock().advance(BEYOND_THE_WINDOW.plusMinutes(1));

        JsonNode report = audit();

        String ours = made.getMessage().getHeader(header, String.class);
        String collection = path.substring(path.indexOf('/') + 1);
        assertThat(report.path("twins")).hasSize(1);
        JsonNode duplicate = report.path("twins").get(0);
        assertThat(duplicate.path("step").asText()).isEqualTo(step);
        assertThat(duplicate.path("dataflow").asText()).isEqualTo(step.equals("dataset-connection") ? "" : CRM);
        assertThat(duplicate.path("id").asText()).isEqualTo(ours);
        assertThat(duplicate.path("others")).hasSize(1).doesNotContain(duplicate.path("id"));
        assertThat(List.of(ours, duplicate.at("/others/0").asText()))
                .allMatch(id -> rig.simulator().store().resource(Rig.SANDBOX, collection, id).isPresent());
        assertThat(report.path("missing")).isEmpty();
        assertThat(report.path("complete").asBoolean()).isTrue();
        if (inFlow != null) {
            ObjectNode flow = rig.resources("flows").stream()
                    .filter(each -> each.path("id").asText().equals(made.getMessage().getHeader("AepFlowId")))
                    .findFirst().orElseThrow();
            assertThat(flow.at(inFlow).asText()).isEqualTo(ours);
        }
        assertOnlyRead();
    }

    @Test
    void should_not_say_what_is_ours_or_missing_when_the_ledger_cannot_be_read() throws Exception {
        rig.simulator().seedDemo(Rig.SANDBOX);
        provisionCrm();
        rig.main().getCamelContext().getRegistry().lookupByNameAndType("aepLedger", Ledger.class).close();

        JsonNode report = audit();

        assertThat(report.path("complete").asBoolean()).isFalse();
        assertThat(report.path("problems")).isEqualTo(Rig.json("[\"what is ours: the ledger is not open\"]"));
        assertThat(report.path("flows")).hasSize(6).allMatch(flow -> flow.path("ours").isNull());
        assertThat(report.path("missing")).isEmpty();
    }

    @Test
    void should_list_nothing_but_flows_as_long_as_the_ledger_is_empty() throws Exception {
        rig.simulator().seedDemo(Rig.SANDBOX);

        audit();

        assertThat(rig.requests(request -> request.path().startsWith("/data/")))
                .extracting(Request::path).allMatch(path -> path.endsWith("/flows") || path.endsWith("/runs"));
    }

    private Exchange provisionCrm() throws Exception {
        Exchange made = rig.provision(Rig.example("crm"));
        assertThat(made.getException()).isNull();
        return made;
    }

    private JsonNode audit() throws Exception {
        before = rig.requests().size();
        return AuditRig.audit(rig);
    }

    private void assertOnlyRead() {
        assertThat(rig.requests().subList(before, rig.requests().size()))
                .filteredOn(request -> request.path().startsWith("/data/")).isNotEmpty().extracting(Request::method).containsOnly("GET");
    }

    /** Through the application's own client, as nobody else has a token. */
    private void delete(String path) {
        rig.main().getCamelContext().createFluentProducerTemplate()
                .to("aep-http:%s/data/foundation/%s?httpMethod=DELETE".formatted(rig.simulator().url(), path))
                .withHeader("AepSendBefore", String.valueOf(System.nanoTime() + 60_000_000_000L)).request();
    }

    /** What the collection's list looks like, in one page, when this resource is gone. */
    private String listWithout(String collection, String id) {
        ObjectNode list = Rig.JSON.createObjectNode();
        for (ObjectNode each : rig.resources(collection)) {
            if (!each.path("id").asText().equals(id) && !each.path("$id").asText().equals(id)) {
                switch (collection) {
                    case "classes", "schemas" -> list.withArray("results").add(each);
                    case "dataSets" -> list.set(each.path("id").asText(), each);
                    case "mappingSets" -> list.withArray("data").add(each);
                    default -> list.withArray("items").add(each);
                }
            }
        }
        List.of("results", "data", "items").forEach(name -> {
            if (!collection.equals("dataSets")) {
                list.withArray(name);
            }
        });
        return list.toString();
    }
}
