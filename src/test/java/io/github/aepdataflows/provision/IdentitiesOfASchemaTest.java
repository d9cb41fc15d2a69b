package io.github.aepdataflows.provision;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.aepdataflows.Rig;
import io.github.aepdataflows.simulator.Fault;
import io.github.aepdataflows.simulator.Options;
import io.github.aepdataflows.simulator.Request;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Identity descriptors: several resources of one kind, made between the schema and what is built on it. */
class IdentitiesOfASchemaTest {

    private static final String PLAIN = """
            apiVersion: aep-dataflows/v1
            name: People
            source:
              connector: salesforce
              baseConnectionId: 4cb0c374-d3bb-4557-b139-5712880adc55
              tableName: Account
              columns: [ { name: Id, type: string }, { name: Name, type: string }, { name: Phone, type: string } ]
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
    private static final String IDENTITIES = """
                identities:
                  - { path: personalEmail.address, namespace: Email, primary: true }
                  - { path: mobilePhone.number, namespace: Phone }
            """.indent(0);
    private static final String DEFINITION = PLAIN.replace("  dataset: { name", IDENTITIES + "  dataset: { name")
            .replace("target:\n", "target:\n  profile: true\n");

    @TempDir
    private Path data;
    private Rig rig;

    @BeforeEach
    void start() throws Exception {
        rig = Rig.start(data, Options.defaults(), Map.of("aep.settle-window", "200"));
    }

    @AfterEach
    void stop() throws Exception {
        rig.close();
    }

    @Test
    void should_make_each_identity_before_the_schema_is_enabled_for_profile_and_the_dataset_after_it() throws Exception {
        JsonNode receipt = rig.apply(DEFINITION);

        assertThat(writes()).hasSize(9).contains("POST sourceConnections", "POST mappingSets").containsSubsequence("POST schemas",
                "POST descriptors", "POST descriptors", "PATCH schemas", "POST dataSets", "POST targetConnections", "POST flows");
        String schema = rig.resources("schemas").get(0).path("$id").asText();
        assertThat(rig.resources("descriptors")).hasSize(2).allSatisfy(one -> assertThat(one.path("xdm:sourceSchema").asText())
                .isEqualTo(schema));
        assertThat(rig.resources("descriptors")).extracting(one -> one.path("xdm:sourceProperty").asText() + " " + one.path("xdm:namespace")
                .asText()
                + " " + one.path("xdm:isPrimary").asBoolean())
                .containsExactly("/mobilePhone/number Phone false", "/personalEmail/address Email true");   // the primary one last
        assertThat(rig.resources("schemas").get(0).path("meta:immutableTags").toString()).contains("union");
        assertThat(receipt.path("steps").findValuesAsText("step"))
                .containsSubsequence("target-schema", "identity-descriptor", "identity-descriptor",
                "target-dataset");
        assertThat(rig.plan(DEFINITION).path("empty").asBoolean()).isTrue();
        assertThat(rig.apply(DEFINITION).path("outcome").asText()).isEqualTo("unchanged");
    }

    @Test
    void should_note_a_namespace_that_is_nearly_a_standard_one() throws Exception {
        JsonNode report = Rig.json(rig.main().getCamelContext().createFluentProducerTemplate().to("direct:aep-check")
                .withBody(DEFINITION.replace("namespace: Email", "namespace: Emial").replace("namespace: Phone", "namespace: CRMID"))
                .request(String.class));

        assertThat(report.path("ok").asBoolean()).isTrue();
        assertThat(report.path("notes").findValuesAsText("message")).filteredOn(note -> note.contains("namespace")).containsExactly(
                "Emial is none of the standard namespaces; did you mean Email? Otherwise the organisation has to have it");
    }

    @Test
    void should_make_each_once_though_the_answers_are_lost() throws Exception {
        rig.simulator().faults().when(request -> request.method().equals("POST") && request.path().endsWith("/descriptors"), Fault.reset()
                .afterCommit());

        JsonNode receipt = rig.apply(DEFINITION);

        assertThat(rig.resources("descriptors")).hasSize(2);
        assertThat(receipt.path("steps").findParents("step").stream()
                .filter(step -> step.path("step").asText().equals("identity-descriptor")))
                .hasSize(2).allSatisfy(step -> assertThat(step.path("outcome").asText()).isEqualTo("adopted"));
    }

    @Test
    void should_go_on_with_the_union_tag_where_an_earlier_run_has_stopped() throws Exception {
        rig.simulator().faults().on("PATCH", "/tenant/schemas/[^/]+", 1, Fault.status(422));
        assertThat(rig.provision(DEFINITION).getException()).isNotNull();
        assertThat(rig.resources("dataSets")).isEmpty();

        JsonNode receipt = rig.apply(DEFINITION);

        assertThat(receipt.path("outcome").asText()).isEqualTo("created");
        assertThat(rig.resources("schemas")).singleElement()
                .satisfies(schema -> assertThat(schema.path("meta:immutableTags").toString()).contains("union"));
        assertThat(rig.resources("descriptors")).hasSize(2);
    }

    /** As a service does that takes a schema and not its tag: it says yes, and has done nothing. */
    @Test
    void should_add_the_union_tag_that_a_schema_has_not_taken() throws Exception {
        rig.simulator().faults().on("PATCH", "/tenant/schemas/[^/]+", 1, Fault.body("{}"));

        assertThat(rig.apply(DEFINITION).path("outcome").asText()).isEqualTo("created");

        assertThat(writes()).filteredOn("PATCH schemas"::equals).hasSize(2);
        assertThat(rig.resources("schemas")).singleElement()
                .satisfies(one -> assertThat(one.path("meta:immutableTags")).hasToString("[\"union\"]"));
        assertThat(rig.plan(DEFINITION).path("empty").asBoolean()).isTrue();
    }

    @Test
    void should_add_an_identity_to_a_dataflow_that_exists_and_enable_it_for_profile_afterwards() throws Exception {
        rig.apply(PLAIN);
        int before = rig.simulator().requests().all().size();

        JsonNode plan = rig.plan(DEFINITION);
        JsonNode receipt = rig.apply(DEFINITION);

        assertThat(plan.path("steps").findValuesAsText("action")).containsSubsequence("create", "create");
        assertThat(receipt.path("outcome").asText()).isEqualTo("updated");
        assertThat(writes(before)).containsSubsequence("POST descriptors", "POST descriptors", "PATCH schemas", "PATCH dataSets");
        assertThat(rig.plan(DEFINITION).path("empty").asBoolean()).isTrue();
    }

    @Test
    void should_make_another_identity_the_primary_one() throws Exception {
        String plain = DEFINITION.replace("  profile: true\n", "");
        rig.apply(plain.replace(", primary: true", ""));

        JsonNode plan = rig.plan(plain);
        JsonNode receipt = rig.apply(plain);

        assertThat(plan.path("steps").findValuesAsText("path")).containsExactly("primary");
        assertThat(receipt.path("outcome").asText()).isEqualTo("updated");
        assertThat(rig.resources("descriptors")).hasSize(2).first()
                .satisfies(one -> assertThat(one.path("xdm:isPrimary").asBoolean()).isTrue());
        assertThat(rig.plan(plain).path("empty").asBoolean()).isTrue();
    }

    @Test
    void should_hand_the_primary_over_from_one_identity_to_another() throws Exception {
        String plain = DEFINITION.replace("  profile: true\n", "");
        rig.apply(plain);
        String moved = plain.replace(", primary: true", "").replace("namespace: Phone }", "namespace: Phone, primary: true }");

        rig.apply(moved);   // the Platform refuses a second primary one

        assertThat(rig.resources("descriptors")).hasSize(2).filteredOn(one -> one.path("xdm:isPrimary").asBoolean()).singleElement()
                .satisfies(one -> assertThat(one.path("xdm:sourceProperty").asText()).isEqualTo("/mobilePhone/number"));
        assertThat(rig.plan(moved).path("empty").asBoolean()).isTrue();
    }

    @Test
    void should_delete_the_identities_once_their_schema_is_gone() throws Exception {
        String plain = DEFINITION.replace("  profile: true\n", "");
        rig.apply(plain);
        int before = rig.simulator().requests().all().size();

        JsonNode receipt = rig.apply(plain + "state: absent\nretire: { dataset: true, schema: true }\n");

        assertThat(receipt.path("outcome").asText()).isEqualTo("deleted");
        assertThat(writes(before)).containsSubsequence("DELETE dataSets", "DELETE schemas", "DELETE descriptors", "DELETE descriptors");
        assertThat(rig.resources("descriptors")).isEmpty();
        assertThat(rig.resources("schemas")).isEmpty();
    }

    @Test
    void should_leave_the_identities_of_a_schema_that_cannot_be_deleted() throws Exception {
        rig.apply(DEFINITION);

        Exchange refused = rig.provision(DEFINITION + "state: absent\nretire: { dataset: true, schema: true }\n");

        assertThat(refused.getException()).hasMessageContaining("enabled for Profile");
        assertThat(rig.resources("schemas")).hasSize(1);
        assertThat(rig.resources("descriptors")).hasSize(2);
        assertThat(rig.resources("sourceConnections")).as("what is not retired goes first").isEmpty();
    }

    @Test
    void should_compare_an_identity_that_is_listed_again() throws Exception {
        String both = DEFINITION.replace("  profile: true\n", "").replace(", primary: true", "");
        String one = both.replace("      - { path: mobilePhone.number, namespace: Phone }\n", "");
        String primary = both.replace("namespace: Phone }", "namespace: Phone, primary: true }");
        rig.apply(both);
        rig.apply(one);

        rig.apply(primary);

        assertThat(rig.resources("descriptors")).hasSize(2).filteredOn(each -> each.path("xdm:isPrimary").asBoolean()).singleElement()
                .satisfies(each -> assertThat(each.path("xdm:namespace").asText()).isEqualTo("Phone"));
        assertThat(rig.plan(primary).path("empty").asBoolean()).isTrue();
    }

    @Test
    void should_make_an_identity_again_that_was_deleted_while_it_was_not_listed() throws Exception {
        String both = DEFINITION.replace("  profile: true\n", "");
        rig.apply(both);
        rig.apply(both.replace("      - { path: mobilePhone.number, namespace: Phone }\n", ""));
        send("DELETE", "/" + phone().path("@id").asText(), "");

        assertThat(rig.provision(both).getException()).isInstanceOf(ConflictException.class);
        rig.apply(both + "allowReplace: true\n");

        assertThat(rig.resources("descriptors")).hasSize(2);
        assertThat(phone().path("@id").asText()).isNotEmpty();
    }

    @Test
    void should_use_an_identity_that_somebody_else_has_made() throws Exception {
        rig.apply(PLAIN);
        String both = DEFINITION.replace("  profile: true\n", "");
        send("POST", "", body("/mobilePhone/number", "Phone"));

        rig.apply(both);

        assertThat(rig.resources("descriptors")).hasSize(2);
        assertThat(rig.plan(both).path("empty").asBoolean()).isTrue();
    }

    @Test
    void should_refuse_an_identity_that_somebody_else_has_made_otherwise() throws Exception {
        rig.apply(PLAIN);
        send("POST", "", body("/personalEmail/address", "Email"));   // not as the primary one

        Exchange refused = rig.provision(DEFINITION);

        assertThat(refused.getException()).isInstanceOf(ConflictException.class).hasMessageContaining("not as this definition describes");
        assertThat(rig.resources("descriptors")).extracting(each -> each.path("xdm:namespace").asText()).doesNotHaveDuplicates();
    }

    private JsonNode phone() {
        return rig.resources("descriptors").stream().filter(each -> each.path("xdm:namespace").asText().equals("Phone")).findFirst()
                .orElseThrow();
    }

    private String body(String property, String namespace) {
        return Rig.JSON.createObjectNode().put("@type", "xdm:descriptorIdentity")
                .put("xdm:sourceSchema", rig.resources("schemas").get(0).path("$id").asText()).put("xdm:sourceVersion", 1)
                .put("xdm:sourceProperty", property).put("xdm:namespace", namespace).put("xdm:property", "xdm:code")
                .put("xdm:isPrimary", false).toString();
    }

    private void send(String method, String path, String body) throws Exception {
        new Somebody(rig.simulator()).sends(method, "schemaregistry/tenant/descriptors" + path, body);
    }

    @Test
    void should_take_over_the_identities_of_a_flow_that_the_ledger_lost(@TempDir Path other) throws Exception {
        rig.apply(DEFINITION);
        int before = rig.simulator().requests().all().size();
        try (Rig later = Rig.against(rig.simulator(), other, Map.of())) {
            assertThat(later.plan(DEFINITION).path("empty").asBoolean()).as(() -> "plan").isTrue();
            assertThat(later.apply(DEFINITION).path("outcome").asText()).isEqualTo("adopted");
            assertThat(later.ledger().steps("People")).filteredOn(step -> step.key().step().equals("identity-descriptor")).hasSize(2);
        }
        assertThat(writes(before)).isEmpty();
    }

    @Test
    void should_name_an_identity_that_is_no_field_of_the_schema() throws Exception {
        Exchange refused = rig.provision(DEFINITION.replace("path: mobilePhone.number", "path: mobilePhone.nomber"));

        assertThat(refused.getException())
                .hasMessageContaining("target.schema.identities[1].path: mobilePhone.nomber is no field of the target schema")
                .hasMessageContaining("mobilePhone.number");
        assertThat(writes()).isEmpty();
    }

    private List<String> writes() {
        return writes(0);
    }

    /** Method and collection of what was written since so many requests. */
    private List<String> writes(int since) {
        Stream<Request> all = rig.simulator().requests().all().stream().skip(since);
        return all.filter(request -> !request.method().equals("GET") && !request.path().contains("/ims/") && !request.path()
                .endsWith("/validate"))
                .map(request -> request.method() + " " + request.path().replaceFirst("^/data/foundation/[a-z]+/(tenant/)?", "")
                .replaceFirst("/.*", ""))
                .toList();
    }
}
