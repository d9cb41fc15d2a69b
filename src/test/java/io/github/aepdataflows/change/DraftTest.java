package io.github.aepdataflows.change;

import static io.github.aepdataflows.change.ChangeTest.DEFINITION;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.aepdataflows.Rig;
import io.github.aepdataflows.Rigs;
import io.github.aepdataflows.ledger.RecordedChange;
import io.github.aepdataflows.provision.ConflictException;
import io.github.aepdataflows.simulator.Fault;
import io.github.aepdataflows.simulator.Request;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A flow that is made as a draft runs nothing; it is published once, when its definition says so, and never becomes a draft again. */
class DraftTest {

    @RegisterExtension
    static final Rigs RIGS = new Rigs();

    private static final String OPEN_START = DEFINITION.replace("startTime: 2035-01-01T00:00:00Z, ", "");
    private static final String DRAFT = OPEN_START + "state: draft\n";

    private Rig rig;

    @BeforeEach
    void start() throws Exception {
        rig = RIGS.start(Map.of("aep.clock", "#bean:simulatorClock"));
    }

    @AfterEach
    void stop() throws Exception {
        rig.close();
    }

    private ObjectNode flow() {
        assertThat(rig.resources("flows")).hasSize(1);
        return rig.resources("flows").get(0);
    }

    private String state() {
        return flow().path("state").asText();
    }

    private List<Request> actions() {
        return rig.requests("POST", "/action");
    }

    @Test
    void should_make_a_draft_that_runs_nothing() throws Exception {
        assertThat(rig.apply(DRAFT).path("outcome").asText()).isEqualTo("created");
        rig.simulator().clock().advance(Duration.ofDays(2));

        assertThat(rig.requests("POST", "/flows")).extracting(Request::query).containsExactly("mode=draft");
        assertThat(state()).isEqualTo("draft");
        assertThat(rig.plan(DRAFT).path("empty").asBoolean()).isTrue();
        assertThat(rig.apply(DRAFT).path("outcome").asText()).isEqualTo("unchanged");
        assertThat(rig.resources("runs")).isEmpty();
        assertThat(actions()).isEmpty();
    }

    @Test
    void should_change_a_draft_in_all_that_it_says_of_its_schedule() throws Exception {
        rig.apply(DRAFT);
        rig.simulator().clock().advance(Duration.ofDays(2));

        rig.apply(DRAFT.replace("interval: 2, backfill: true", "interval: 5"));

        assertThat(flow().at("/scheduleParams/interval").asInt()).isEqualTo(5);
        assertThat(state()).isEqualTo("draft");
    }

    @Test
    void should_publish_it_once_with_a_start_that_has_not_passed() throws Exception {
        rig.apply(DRAFT);
        rig.simulator().clock().advance(Duration.ofDays(2));

        JsonNode flowStep = rig.plan(OPEN_START).at("/steps/5");
        assertThat(flowStep.path("action").asText()).isEqualTo("update");
        assertThat(flowStep.path("changes").findValuesAsText("path")).containsExactlyInAnyOrder("state", "scheduleParams.startTime");
        JsonNode published = rig.apply(OPEN_START);

        assertThat(published.path("outcome").asText()).isEqualTo("updated");
        assertThat(published.path("steps").findValuesAsText("outcome")).contains("published");
        assertThat(actions()).extracting(Request::query).containsExactly("op=publish");
        assertThat(state()).isEqualTo("enabled");
        rig.simulator().clock().advance(Duration.ofHours(3));
        assertThat(rig.apply(OPEN_START).path("outcome").asText()).isEqualTo("unchanged");
        assertThat(rig.resources("runs")).isNotEmpty();
    }

    @Test
    void should_say_that_a_published_flow_cannot_become_a_draft_again() throws Exception {
        rig.apply(OPEN_START);

        Exchange refused = rig.provision(DRAFT);

        assertThat(refused.getException()).isInstanceOf(ConflictException.class)
                .hasMessageContaining("a published flow cannot become a draft again; state: paused stops it");
        assertThat(rig.plan(DRAFT).at("/steps/5/action").asText()).isEqualTo("impossible");
        assertThat(state()).isEqualTo("enabled");
        assertThat(actions()).isEmpty();
    }

    @Test
    void should_not_pause_what_does_not_run() throws Exception {
        rig.apply(DRAFT);

        assertThat(rig.provision(OPEN_START + "state: paused\n").getException()).isInstanceOf(ConflictException.class)
                .hasMessageContaining("it is a draft and does not run");
        assertThat(state()).isEqualTo("draft");
    }

    @Test
    void should_refuse_a_flow_that_the_platform_has_enabled_though_a_draft_was_wanted() throws Exception {
        rig.simulator().faults().when(request -> request.method().equals("GET") && request.path().matches(".*/flows/[^/]+"),
                Fault.body("{\"items\": [{\"name\": \"Changed\", \"state\": \"enabled\"}]}"));

        assertThat(rig.provision(DRAFT).getException()).isInstanceOf(ConflictException.class).hasMessageContaining("published");
    }

    @Test
    void should_find_the_draft_whose_answer_was_lost_and_publish_that() throws Exception {
        rig.simulator().faults().on("POST", "/flows", 1, Fault.reset().afterCommit());
        rig.simulator().faults().when(request -> request.method().equals("GET") && request.path().contains("/flows")
                && rig.requests("POST", "/flows").size() > 0, Fault.status(403));
        assertThat(rig.provision(DRAFT).getException()).isNotNull();
        rig.simulator().faults().clear();

        rig.apply(OPEN_START);

        assertThat(rig.requests("POST", "/flows")).hasSize(1);
        assertThat(state()).isEqualTo("enabled");
    }

    @Test
    void should_publish_once_where_the_answer_is_lost_or_never_came() throws Exception {
        rig.apply(DRAFT);
        String path = "/flows/" + flow().path("id").asText() + "/action";
        rig.simulator().faults().on("POST", path, 1, Fault.status(503));
        rig.simulator().faults().on("POST", path, 2, Fault.reset().afterCommit());

        JsonNode published = rig.apply(OPEN_START);

        assertThat(published.path("steps").findValuesAsText("outcome")).containsOnlyOnce("published");
        assertThat(state()).isEqualTo("enabled");
        assertThat(actions()).hasSize(2);
        assertThat(rig.ledger().changes("Changed")).extracting(RecordedChange::state).containsOnly(RecordedChange.State.DONE);
    }
}
