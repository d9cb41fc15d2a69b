package io.github.aepdataflows.provision;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.aepdataflows.Rig;
import io.github.aepdataflows.Rigs;
import io.github.aepdataflows.simulator.Dialect;
import io.github.aepdataflows.simulator.Fault;
import io.github.aepdataflows.simulator.Options;
import io.github.aepdataflows.simulator.Request;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Data usage labels of a dataset, which are a document beside it, and of fields of a schema, which are descriptors. */
class LabelsTest {

    private static final String PLAIN = """
            apiVersion: aep-dataflows/v1
            name: People
            source:
              connector: salesforce
              baseConnectionId: 4cb0c374-d3bb-4557-b139-5712880adc55
              tableName: Account
              columns: [ { name: Id, type: string }, { name: Name, type: string } ]
            target:
              schema:
                title: People
                class: https://ns.adobe.com/xdm/context/profile
                fieldGroups: [ https://ns.adobe.com/xdm/context/profile-person-details, \
            https://ns.adobe.com/xdm/context/profile-personal-details ]
              dataset: { name: People }
            mapping:
              - { source: Id, destination: personalEmail.address }
              - { source: Name, destination: person.name.fullName }
            schedule: { startTime: 2035-01-01T00:00:00Z, frequency: once }
            """;
    private static final String OF_THE_DATASET = PLAIN.replace("name: People }", "name: People, labels: [ C2, C1 ] }");
    private static final String OF_FIELDS = PLAIN.replace("  dataset: { name", """
                labels:
                  - { path: personalEmail.address, labels: [ I1, C2 ] }
                  - { path: person.name, labels: [ I2 ] }
            """.indent(0) + "  dataset: { name");

    @RegisterExtension
    static final Rigs RIGS = new Rigs();

    private static final Map<String, String> SETTINGS = Map.of("aep.settle-window", "200");

    private Rig rig;

    @BeforeEach
    void start() throws Exception {
        rig = RIGS.start(SETTINGS);
    }

    @AfterEach
    void stop() throws Exception {
        rig.close();
    }

    @Test
    void should_label_a_new_dataset_and_then_find_nothing_to_do() throws Exception {
        JsonNode receipt = rig.apply(OF_THE_DATASET);

        assertThat(receipt.path("outcome").asText()).isEqualTo("created");
        assertThat(receipt.at("/resources/datasetLabels")).isEqualTo(receipt.at("/resources/targetDataset"));
        assertThat(labels()).containsExactly("C1", "C2");
        assertThat(puts()).singleElement().satisfies(put -> assertThat(put.header("if-match")).isEmpty());
        assertThat(rig.plan(OF_THE_DATASET).path("empty").asBoolean()).isTrue();
        assertThat(rig.apply(OF_THE_DATASET).path("outcome").asText()).isEqualTo("unchanged");
        assertThat(puts()).hasSize(1);
    }

    @Test
    void should_add_the_labels_that_are_missing_and_leave_those_of_others() throws Exception {
        assertThat(rig.apply(PLAIN).path("resources").has("datasetLabels")).isFalse();
        new Somebody(rig.simulator()).sends("PUT", "dataset/datasets/" + dataset() + "/labels", """
                {"labels":["S1","C1"],"optionalLabels":[{"option":{"id":"x","contentType":"y","schemaPath":"/properties/z"},\
                "labels":["I1"]}]}
                """);

        JsonNode plan = rig.plan(OF_THE_DATASET);
        JsonNode receipt = rig.apply(OF_THE_DATASET);

        assertThat(step(plan, "dataset-labels").path("changes").toString())
                .isEqualTo("[{\"path\":\"labels\",\"is\":[\"C1\",\"S1\"],\"wanted\":[\"C1\",\"C2\",\"S1\"]}]");
        assertThat(receipt.path("outcome").asText()).isEqualTo("updated");
        assertThat(labels()).containsExactly("C1", "C2", "S1");
        assertThat(document().at("/optionalLabels/0/labels/0").asText()).as("labels of fields stay").isEqualTo("I1");
        assertThat(puts().get(1).header("if-match")).contains("\"8f0026000001\"");
        assertThat(rig.plan(OF_THE_DATASET).path("empty").asBoolean()).isTrue();
    }

    @Test
    void should_label_the_next_dataset_though_the_labels_of_one_were_not_shown() throws Exception {
        rig.simulator().faults().when(request -> request.method().equals("GET") && request.path().endsWith("/labels") && !puts().isEmpty(),
                Fault.body("{\"optionalLabels\": []}"));
        rig.apply(OF_THE_DATASET);
        rig.simulator().faults().clear();

        rig.apply(OF_THE_DATASET.replace("People", "Others"));

        assertThat(rig.resources("datasetLabels")).hasSize(2)
                .allSatisfy(labels -> assertThat(labels.path("labels")).extracting(JsonNode::asText).containsExactly("C1", "C2"));
    }

    @Test
    void should_read_the_labels_again_when_somebody_has_changed_them_in_between() throws Exception {
        rig.apply(OF_THE_DATASET);
        String more = OF_THE_DATASET.replace("C2, C1", "C2, C1, C3");
        rig.simulator().faults().on("PUT", "/labels", 1, Fault.answer(412, "application/json",
                "{\"status\":\"PRECONDITION_FAILED\",\"code\":\"PES-412\",\"message\":\"changed\"}"));

        rig.apply(more);

        assertThat(labels()).containsExactly("C1", "C2", "C3");
    }

    @Test
    void should_name_the_policies_that_a_label_violates() throws Exception {
        rig.simulator().faults().always("PUT", "/labels", Fault.answer(409, "application/json", """
                {"timestamp":"2026-01-01T00:00:00.000+00:00","status":"CONFLICT","code":"PES-409",\
                "message":"Label change violates policies",\
                "path":"/datasets/x/labels","violations":[{"policy":"No third parties","labels":["C1"]}]}"""));

        Exchange refused = rig.provision(OF_THE_DATASET);

        assertThat(refused.getException()).isInstanceOf(ConflictException.class)
                .hasMessageContaining("Label change violates policies").hasMessageContaining("No third parties");
    }

    @Test
    void should_put_the_labels_once_more_when_the_answer_is_lost() throws Exception {
        rig.simulator().faults().on("PUT", "/labels", 1, Fault.reset().afterCommit());

        assertThat(rig.apply(OF_THE_DATASET).path("outcome").asText()).isEqualTo("created");

        assertThat(labels()).containsExactly("C1", "C2");
        assertThat(puts()).as("what was found as wanted is not sent again").hasSize(1);
    }

    @Test
    void should_export_the_labels_of_a_dataset_and_do_without_where_they_may_not_be_read() throws Exception {
        rig.apply(OF_THE_DATASET);

        assertThat(exported()).containsSubsequence("labels:", "- C1", "- C2");

        rig.simulator().faults().always("GET", "/labels", Fault.answer(403, "application/json",
                "{\"status\":\"FORBIDDEN\",\"code\":\"PES-403\",\"message\":\"no permission to read labels\"}"));
        assertThat(exported()).contains("name: People").doesNotContain("labels");
    }

    private String exported() {
        Exchange exchange = rig.main().getCamelContext().createFluentProducerTemplate().to("direct:aep-export").withBody("People")
                .request(Exchange.class);
        assertThat(exchange.getException()).isNull();
        return exchange.getMessage().getBody(String.class);
    }

    @Test
    void should_delete_the_dataset_and_its_labels_together() throws Exception {
        rig.apply(OF_THE_DATASET);

        JsonNode receipt = rig.apply(OF_THE_DATASET + "state: absent\nretire: { dataset: true }\n");

        assertThat(receipt.path("outcome").asText()).isEqualTo("deleted");
        assertThat(rig.resources("datasetLabels")).isEmpty();
    }

    @Test
    void should_not_plan_labels_that_are_there_after_the_ledger_was_lost(@TempDir Path other) throws Exception {
        rig.apply(OF_THE_DATASET);
        try (Rig later = Rig.against(rig.simulator(), other, Map.of())) {
            assertThat(later.apply(OF_THE_DATASET).path("outcome").asText()).isEqualTo("adopted");
        }
        assertThat(puts()).hasSize(1);
    }

    @Test
    void should_add_labels_to_a_flow_that_is_taken_over(@TempDir Path other) throws Exception {
        rig.apply(PLAIN);
        try (Rig later = Rig.against(rig.simulator(), other, Map.of())) {
            assertThat(step(later.plan(OF_THE_DATASET), "dataset-labels").path("action").asText()).isEqualTo("update");
            later.apply(OF_THE_DATASET);
        }
        assertThat(labels()).containsExactly("C1", "C2");
    }

    @Test
    void should_label_fields_and_add_what_is_missing_later() throws Exception {
        rig.apply(OF_FIELDS);

        assertThat(rig.resources("descriptors")).extracting(each -> each.path("@type").asText() + each.path("xdm:sourceProperty").asText()
                + each.path("xdm:labels")).containsExactly(
                "xdm:descriptorLabel/personalEmail/address[\"C2\",\"I1\"]", "xdm:descriptorLabel/person/name[\"I2\"]");
        assertThat(rig.plan(OF_FIELDS).path("empty").asBoolean()).isTrue();
        String more = OF_FIELDS.replace("[ I2 ]", "[ C4 ]");

        assertThat(rig.apply(more).path("outcome").asText()).isEqualTo("updated");

        assertThat(rig.resources("descriptors")).hasSize(2).extracting(each -> each.path("xdm:labels").toString())
                .contains("[\"C4\",\"I2\"]");
        assertThat(rig.plan(more).path("empty").asBoolean()).isTrue();
    }

    @Test
    void should_label_each_field_once_though_the_answers_are_lost() throws Exception {
        rig.simulator().faults().when(request -> request.method().equals("POST") && request.path().endsWith("/descriptors"), Fault.reset()
                .afterCommit());

        rig.apply(OF_FIELDS);

        assertThat(rig.resources("descriptors")).hasSize(2);
    }

    @Test
    void should_complete_the_labels_that_somebody_else_has_given_a_field() throws Exception {
        rig.apply(PLAIN);
        ObjectNode descriptor = Rig.JSON.createObjectNode().put("@type", "xdm:descriptorLabel")
                .put("xdm:sourceSchema", rig.resources("schemas").get(0).path("$id").asText()).put("xdm:sourceVersion", 1)
                .put("xdm:sourceProperty", "/personalEmail/address");
        descriptor.putArray("xdm:label").add("S1");
        new Somebody(rig.simulator()).sends("POST", "schemaregistry/tenant/descriptors", descriptor.toString());

        rig.apply(OF_FIELDS);

        assertThat(rig.resources("descriptors")).hasSize(2).anySatisfy(each -> {
            assertThat(each.path("xdm:sourceProperty").asText()).isEqualTo("/personalEmail/address");
            assertThat(each.path("xdm:labels").toString() + each.path("xdm:label")).contains("C2", "I1", "S1");
        });
        assertThat(rig.plan(OF_FIELDS).path("empty").asBoolean()).isTrue();
        assertThat(rig.ledger().steps("People")).filteredOn(step -> step.key().step().equals("label-descriptor")).hasSize(2)
                .allSatisfy(step -> assertThat(step.result().id()).isNotEmpty());
    }

    /** The update is lost with the program: the step begins again with an intent that has no result. */
    @Test
    void should_complete_them_after_a_failed_update_too() throws Exception {
        rig.apply(PLAIN);
        ObjectNode descriptor = Rig.JSON.createObjectNode().put("@type", "xdm:descriptorLabel")
                .put("xdm:sourceSchema", rig.resources("schemas").get(0).path("$id").asText()).put("xdm:sourceVersion", 1)
                .put("xdm:sourceProperty", "/personalEmail/address");
        descriptor.putArray("xdm:labels").add("S1");
        new Somebody(rig.simulator()).sends("POST", "schemaregistry/tenant/descriptors", descriptor.toString());
        rig.simulator().faults().on("PUT", "/descriptors/[^/]+", 1, Fault.status(422));
        assertThat(rig.provision(OF_FIELDS).getException()).isNotNull();

        rig.apply(OF_FIELDS);

        assertThat(rig.resources("descriptors")).hasSize(2).anySatisfy(each ->
                assertThat(each.path("xdm:labels").toString()).isEqualTo("[\"C2\",\"I1\",\"S1\"]"));
    }

    @Test
    void should_delete_the_labels_of_fields_with_their_schema() throws Exception {
        rig.apply(OF_FIELDS);
        rig.apply(OF_FIELDS + "state: absent\nretire: { dataset: true, schema: true }\n");

        assertThat(rig.resources("descriptors")).isEmpty();
        assertThat(rig.resources("schemas")).isEmpty();
    }

    @Test
    void should_read_labels_in_every_form_that_the_documents_have() throws Exception {
        String both = OF_FIELDS.replace("dataset: { name: People }", "dataset: { name: People, labels: [ C2, C1 ] }");
        try (Rig others = RIGS.start(Options.defaults().withDialect(Dialect.DATASET_LABELS, "keyed")
                .withDialect(Dialect.FIELD_LABELS, "xdm:label"), SETTINGS)) {
            others.apply(both);
            assertThat(others.plan(both).path("empty").asBoolean()).isTrue();
            String more = both.replace("[ I2 ]", "[ C4 ]").replace("C2, C1 ]", "C3 ]");
            others.apply(more);
            assertThat(others.plan(more).path("empty").asBoolean()).isTrue();
            assertThat(others.resources("datasetLabels").get(0).path("labels").toString()).isEqualTo("[\"C1\",\"C2\",\"C3\"]");
        }
    }

    @Test
    void should_name_every_fault_of_labels() throws Exception {
        String wrong = OF_FIELDS.replace("path: person.name,", "path: personalEmail.address,").replace("[ I1, C2 ]", "[ \"\" ]");

        assertThat(rig.provision(wrong).getException()).hasMessageContaining("target.schema.labels[0].labels[0]")
                .hasMessageContaining("has labels on line 14 already");
        assertThat(rig.provision(OF_FIELDS.replace("person.name,", "person.nome,")).getException())
                .hasMessageContaining("target.schema.labels[1].path: person.nome is no field of the target schema");
        assertThat(rig.provision(PLAIN.replace("dataset: { name: People }",
                "dataset: { name: People, labels: [] }")).getException()).hasMessageContaining("target.dataset.labels: must not be empty");
        assertThat(rig.provision(PLAIN.replaceAll("(?s)    class:.*?  dataset", "    labels: [ { path: _id, labels: [ C1 ] } ]\n  dataset"))
                .getException()).hasMessageContaining("belong to a new schema");
    }

    private String dataset() {
        return rig.resources("targetConnections").get(0).at("/params/dataSetId").asText();
    }

    private JsonNode document() {
        return rig.resources("datasetLabels").get(0);
    }

    private List<String> labels() {
        return StreamSupport.stream(document().path("labels").spliterator(), false).map(JsonNode::asText).toList();
    }

    private List<Request> puts() {
        return rig.requests("PUT", "/labels");
    }

    private static JsonNode step(JsonNode plan, String step) {
        return plan.path("steps").findParents("step").stream().filter(each -> each.path("step").asText().equals(step)).findFirst()
                .orElseThrow(() -> new AssertionError(plan.toPrettyString()));
    }
}
