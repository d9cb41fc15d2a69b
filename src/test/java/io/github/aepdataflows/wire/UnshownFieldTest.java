package io.github.aepdataflows.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.aepdataflows.Rig;
import io.github.aepdataflows.ledger.UnshownField;
import io.github.aepdataflows.simulator.Fault;
import io.github.aepdataflows.simulator.Options;
import io.github.aepdataflows.simulator.Simulator;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the Platform takes and does not show, and what it takes and does not do. */
class UnshownFieldTest {

    private static final String FLOW = "GET flowservice/flows/{id}";

    @TempDir
    private Path data;
    private Simulator simulator;
    private TamperingProxy proxy;
    private Rig rig;

    @BeforeEach
    void start() throws Exception {
        simulator = Simulator.start(Options.defaults());
        proxy = new TamperingProxy(simulator.url());
        rig = Rig.against(simulator, data, Map.of("aep.url", proxy.url()));
    }

    @AfterEach
    void stop() throws Exception {
        rig.close();
        proxy.close();
        simulator.close();
    }

    @Test
    void should_be_learned_when_it_was_just_sent_and_be_no_difference_from_then_on() throws Exception {
        String definition = Rig.example("customer-success", 1);
        proxy.tamper(new TamperingProxy.Case(FLOW, "items[].description", TamperingProxy.Change.REMOVE));
        rig.apply(definition);

        assertThat(rig.ledger().unshown()).containsExactly(new UnshownField("flow", "description"));
        assertThat(rig.plan(definition).path("empty").asBoolean()).isTrue();
        assertThat(rig.apply(definition).path("outcome").asText()).isEqualTo("unchanged");
    }

    /** An empty list that does not show teaches nothing: else a mapping would never be missed again. */
    @Test
    void should_not_be_learned_of_a_flow_that_has_no_transformations() throws Exception {
        simulator.addBaseConnection(Rig.SANDBOX, "11111111-d3bb-4557-b139-5712880adc55", "Mailchimp",
                "2e8580db-6489-4726-96de-e33f5f60295f");
        String mapped = Rig.example("customer-success", 1).replaceAll("(?s)source:.*?target:", "source: { connector: mailchimp-members,"
                + " baseConnection: { name: Mailchimp }, params: { listId: 10c097ca71 } }\ntarget:")
                .replaceAll("(?s)mapping:.*?\n(?=[a-z])", "mapping: [ { source: list_id, destination: _id } ]\n")
                .replaceAll("(?s)copy:.*?\n(?=[a-z])", "");
        String unmapped = mapped.replaceFirst("mapping: .*", "mapping: none");
        proxy.tamper(new TamperingProxy.Case(FLOW, "items[].transformations", TamperingProxy.Change.REMOVE));
        rig.apply(unmapped);

        assertThat(rig.ledger().unshown()).isEmpty();
        assertThat(rig.plan(unmapped).path("empty").asBoolean()).isTrue();
        proxy.leave();
        assertThat(rig.apply(mapped).path("outcome").asText()).isEqualTo("updated");
        assertThat(rig.resources("flows").get(0).path("transformations")).hasSize(1);
    }

    @Test
    void should_be_forgotten_when_it_is_shown_after_all() throws Exception {
        proxy.tamper(new TamperingProxy.Case(FLOW, "items[].description", TamperingProxy.Change.REMOVE));
        rig.apply(Rig.example("customer-success", 1));
        proxy.leave();
        rig.apply(Rig.example("customer-success", 2));

        assertThat(rig.ledger().unshown()).isEmpty();
        proxy.tamper(new TamperingProxy.Case(FLOW, "items[].description", TamperingProxy.Change.REMOVE));
        assertThat(rig.plan(Rig.example("customer-success", 1)).toString()).contains("description");
    }

    @Test
    void should_not_be_changed_a_third_time_without_effect() throws Exception {
        String definition = Rig.example("customer-success", 1);
        rig.apply(definition);
        String edited = definition.replace("interval: 15", "interval: 45");
        String flow = rig.resources("flows").get(0).path("id").asText();
        simulator.faults().always("PATCH", "/data/foundation/flowservice/flows/" + flow,
                Fault.answer(200, "application/json", "{\"id\": \"%s\", \"etag\": \"\\\"1\\\"\"}".formatted(flow)));
        rig.provision(edited);
        rig.provision(edited);
        int sent = patches();

        JsonNode plan = rig.plan(edited);

        assertThat(plan.toString()).contains("has taken this change twice and kept what it has: scheduleParams.interval");
        assertThat(rig.provision(edited).getException()).hasMessageContaining("has taken this change twice");
        assertThat(patches()).isEqualTo(sent);
    }

    @Test
    void should_be_sent_to_a_flow_that_another_ledger_has_made_where_no_other_flow_shows_it() throws Exception {
        String undescribed = "(?m)^description: .*\n";
        rig.apply(Rig.example("customer-success", 1).replaceFirst(undescribed, ""));
        rig.apply(Rig.example("customer-success", 2).replaceFirst(undescribed, ""));
        String definition = Rig.example("customer-success", 1);

        try (Rig other = Rig.against(simulator, data.resolve("other"), Map.of())) {
            assertThat(other.plan(definition).toString()).contains("no other in the sandbox shows these fields");
            assertThat(other.apply(definition).path("outcome").asText()).isEqualTo("updated");

            assertThat(rig.resources("flows")).hasSize(2).anyMatch(flow -> flow.path("description").asText().startsWith("Creating"));
            assertThat(other.ledger().unshown()).isEmpty();
            assertThat(other.plan(definition).path("empty").asBoolean()).isTrue();
        }
    }

    @Test
    void should_be_a_difference_of_such_a_flow_where_another_flow_shows_it() throws Exception {
        rig.apply(Rig.example("customer-success", 1).replaceFirst("(?m)^description: .*\n", ""));
        rig.apply(Rig.example("customer-success", 2));

        try (Rig other = Rig.against(simulator, data.resolve("other"), Map.of())) {
            assertThat(other.provision(Rig.example("customer-success", 1)).getException()).hasMessageContaining("flow (description)");
            assertThat(rig.resources("flows")).hasSize(2);
        }
    }

    private int patches() {
        return rig.requests(request -> request.method().equals("PATCH")).size();
    }
}
