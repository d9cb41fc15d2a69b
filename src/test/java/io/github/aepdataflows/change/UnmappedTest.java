package io.github.aepdataflows.change;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.aepdataflows.Rig;
import io.github.aepdataflows.Rigs;
import io.github.aepdataflows.definition.DefinitionException;
import io.github.aepdataflows.plan.PlanText;
import io.github.aepdataflows.provision.ConflictException;
import io.github.aepdataflows.simulator.Fault;
import java.nio.file.Path;
import java.util.Map;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Dataflows without a mapping: those of self-serve sources whose records are in the form of the target schema, as in Adobe's "Create a
 * dataflow for Mailchimp Campaign using the Flow Service API".
 */
class UnmappedTest {

    private static final String MAPPED = """
            apiVersion: aep-dataflows/v1
            name: Campaigns
            source: { connector: mailchimp-campaign, baseConnection: { name: Mailchimp }, params: { campaignId: c66a200cda } }
            target:
              schema:
                title: Campaigns
                class: https://ns.adobe.com/xdm/context/profile
                fieldGroups: [ https://ns.adobe.com/xdm/context/profile-person-details ]
              dataset: { name: Campaigns }
            mapping: [ { source: "emails[0].email_id", destination: _id } ]
            schedule: { startTime: 2035-01-01T00:00:00Z, frequency: minute, interval: 15 }
            """;
    private static final String UNMAPPED = MAPPED.replaceFirst("mapping: .*", "mapping: none");

    @RegisterExtension
    static final Rigs RIGS = new Rigs();

    private Rig rig;

    @BeforeEach
    void start() throws Exception {
        rig = RIGS.start(Map.of("aep.settle-window", "200"));
        rig.simulator().addBaseConnection(Rig.SANDBOX, "11111111-d3bb-4557-b139-5712880adc55", "Mailchimp",
                "c8ce8c8c-37fb-4162-9fbf-c2f181e04a7a");
    }

    @AfterEach
    void stop() throws Exception {
        rig.close();
    }

    @Test
    void should_make_a_flow_without_a_mapping_and_no_mapping_set() throws Exception {
        JsonNode plan = rig.plan(UNMAPPED);
        JsonNode receipt = rig.apply(UNMAPPED);

        assertThat(plan.path("steps").findValuesAsText("step")).contains("flow").doesNotContain("mapping-set");
        assertThat(receipt.path("outcome").asText()).isEqualTo("created");
        assertThat(receipt.path("resources").has("mappingSet")).isFalse();
        assertThat(rig.requests()).noneMatch(request -> request.path().contains("/conversion/"));
        assertThat(Rig.JSON.readTree(rig.requests("POST", "/flows").get(0).body()).has("transformations")).isFalse();
        assertThat(rig.plan(UNMAPPED).path("empty").asBoolean()).isTrue();
        assertThat(rig.apply(UNMAPPED).path("outcome").asText()).isEqualTo("unchanged");
    }

    @Test
    void should_update_pause_and_delete_it_as_any_other() throws Exception {
        rig.apply(UNMAPPED);
        String later = UNMAPPED.replace("interval: 15", "interval: 30");

        assertThat(rig.apply(later).path("outcome").asText()).isEqualTo("updated");
        assertThat(rig.apply(later + "state: paused\n").path("outcome").asText()).isEqualTo("updated");
        assertThat(rig.plan(later + "state: paused\n").path("empty").asBoolean()).isTrue();
        rig.audit();
        assertThat(rig.apply(later + "state: absent\nretire: { dataset: true, schema: true }\n").path("outcome").asText())
                .isEqualTo("deleted");
        assertThat(rig.resources("flows")).isEmpty();
        assertThat(rig.resources("schemas")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"connector: salesforce, baseConnection: { name: Salesforce }, tableName: Account",
        "connector: amazon-s3, baseConnection: { name: S3 }, path: a.csv"})
    void should_refuse_it_of_tables_and_files_as_the_platform_does(String source) throws Exception {
        Exchange refused = rig.provision(UNMAPPED.replaceFirst("source: \\{.*", "source: { " + source + " }")
                .replaceFirst("schedule: .*", "schedule: { frequency: once }"));

        assertThat(refused.getException()).isInstanceOf(DefinitionException.class)
                .hasMessageContaining("mapping: must be a list of rules").hasMessageContaining("1370-400");
        assertThat(rig.requests()).noneMatch(Rig::isCreate);
    }

    @Test
    void should_refuse_another_word() {
        assertThat(rig.provision(UNMAPPED.replace("none", "nothing")).getException()).isInstanceOf(DefinitionException.class)
                .hasMessageContaining("write the list of rules, or auto, or none");
    }

    @Test
    void should_give_a_flow_a_mapping_that_had_none() throws Exception {
        rig.apply(UNMAPPED);

        JsonNode plan = rig.plan(MAPPED);
        assertThat(action(plan, "mapping-set")).isEqualTo("create");
        assertThat(action(plan, "flow")).isEqualTo("update");
        assertThat(PlanText.text("unmapped.yaml", plan))
                .contains("[{\"name\":\"Mapping\",\"params\":{\"mappingId\":\"of the new mapping set\"}}]");
        rig.apply(MAPPED);

        assertThat(rig.resources("flows")).singleElement().satisfies(flow -> assertThat(flow.at("/transformations/0/params/mappingId")
                .asText()).isEqualTo(rig.resources("mappingSets").get(0).path("id").asText()));
        assertThat(rig.plan(MAPPED).path("empty").asBoolean()).isTrue();
    }

    @Test
    void should_take_the_mapping_from_a_draft() throws Exception {
        rig.apply(MAPPED + "state: draft\n");

        assertThat(action(rig.plan(UNMAPPED + "state: draft\n"), "flow")).isEqualTo("update");
        rig.apply(UNMAPPED + "state: draft\n");
        rig.apply(UNMAPPED);

        assertThat(rig.resources("flows")).singleElement().satisfies(flow -> {
            assertThat(flow.path("state").asText()).isEqualTo("enabled");
            assertThat(flow.path("transformations")).isEmpty();
        });
    }

    @Test
    void should_find_it_again_after_a_lost_answer_and_a_lost_ledger(@TempDir Path other) throws Exception {
        rig.simulator().faults().when(request -> request.method().equals("POST") && request.path().endsWith("/flows"), 1,
                Fault.reset().afterCommit());
        rig.apply(UNMAPPED);
        try (Rig second = Rig.against(rig.simulator(), other, Map.of())) {
            assertThat(second.apply(UNMAPPED).path("outcome").asText()).isEqualTo("adopted");
        }

        assertThat(rig.resources("flows")).hasSize(1);
    }

    @Test
    void should_replace_a_flow_that_is_to_have_no_mapping_any_more() throws Exception {
        rig.apply(MAPPED);
        String first = rig.resources("flows").get(0).path("id").asText();

        JsonNode plan = rig.plan(UNMAPPED);
        assertThat(action(plan, "flow")).isEqualTo("replace");
        assertThat(plan.toString()).contains("no way to take its mapping from a flow");
        assertThat(rig.provision(UNMAPPED).getException()).isInstanceOf(ConflictException.class);
        JsonNode receipt = rig.apply(UNMAPPED + "allowReplace: true\n");

        assertThat(receipt.path("outcome").asText()).isEqualTo("replaced");
        assertThat(rig.resources("flows")).hasSize(2).filteredOn(flow -> !flow.path("id").asText().equals(first)).singleElement()
                .satisfies(flow -> assertThat(flow.path("transformations")).isEmpty());
        assertThat(rig.plan(UNMAPPED + "allowReplace: true\n").path("empty").asBoolean()).isTrue();
    }

    @Test
    void should_export_and_adopt_one_that_was_made_by_hand(@TempDir Path other) throws Exception {
        rig.apply(UNMAPPED);
        String id = rig.resources("flows").get(0).path("id").asText();
        long creates = creates();
        try (Rig second = Rig.against(rig.simulator(), other, Map.of())) {
            Exchange exported = asked(second, "direct:aep-export", id);
            assertThat(exported.getMessage().getBody(String.class)).contains("mapping: none");

            assertThat(asked(second, "direct:aep-adopt", id).getException()).isNull();
            assertThat(second.ledger().resources("flow")).containsKey(id);
            assertThat(second.plan(exported.getMessage().getBody(String.class)).path("empty").asBoolean()).isTrue();
        }
        assertThat(creates()).isEqualTo(creates);
    }

    private static Exchange asked(Rig rig, String endpoint, String flow) {
        Exchange exchange = rig.main().getCamelContext().createFluentProducerTemplate().to(endpoint).withBody(flow).request(Exchange.class);
        assertThat(exchange.getException()).as(() -> exchange.getException().getCause().getMessage()).isNull();
        return exchange;
    }

    private long creates() {
        return rig.requests().stream().filter(Rig::isCreate).count();
    }

    private static String action(JsonNode plan, String step) {
        return plan.path("steps").findParents("step").stream().filter(one -> one.path("step").asText().equals(step)).findFirst()
                .orElseThrow(() -> new AssertionError(plan.toPrettyString())).path("action").asText();
    }
}
