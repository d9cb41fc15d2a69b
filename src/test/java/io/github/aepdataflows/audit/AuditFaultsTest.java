package io.github.aepdataflows.audit;

import static io.github.aepdataflows.audit.AuditRig.byName;
import static io.github.aepdataflows.audit.AuditRig.idOf;
import static io.github.aepdataflows.audit.AuditRig.states;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.aepdataflows.Rig;
import io.github.aepdataflows.simulator.Fault;
import io.github.aepdataflows.simulator.FaultPlan;
import io.github.aepdataflows.simulator.Request;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a report says when the Platform does not answer as it should: never more than was read. */
class AuditFaultsTest {

    private static final String ORDERS = "Legacy orders import";
    private static final int ATTEMPTS = 6;   // aep.redelivery.max and the first

    @TempDir
    Path data;

    private Rig rig;
    private FaultPlan faults;

    @BeforeEach
    void start() throws Exception {
        rig = AuditRig.start(data, AuditRig.BY_FLOW, Map.of());
        rig.simulator().seedDemo(Rig.SANDBOX);
        faults = rig.simulator().faults();
    }

    @AfterEach
    void stop() throws Exception {
        rig.close();
    }

    @Test
    void should_report_the_flows_of_the_pages_before_one_that_always_fails() throws Exception {
        faults.when(laterPage(AuditRig::isList), Fault.status(500));

        JsonNode report = AuditRig.audit(rig);

        assertThat(report.path("complete").asBoolean()).isFalse();
        assertThat(report.path("problems")).singleElement().asString().contains("the list of flows: GET ", "500 500000 Status 500");
        assertThat(report.path("flows")).hasSize(2).noneMatch(flow -> flow.path("state").asText().equals("unknown"));
        assertThat(rig.simulator().requests().where(laterPage(AuditRig::isList))).hasSize(ATTEMPTS);
    }

    @Test
    void should_report_that_it_could_not_list_a_single_flow() throws Exception {
        faults.always("GET", "/flows", Fault.reset());

        JsonNode report = AuditRig.audit(rig);

        assertThat(report.path("complete").asBoolean()).isFalse();
        assertThat(report.path("flows")).isEmpty();
        assertThat(rig.names("reports")).hasSize(1);
    }

    @Test
    void should_not_send_a_list_again_that_the_platform_refused() throws Exception {
        faults.always("GET", "/flows", Fault.status(403));

        assertThat(AuditRig.audit(rig).path("complete").asBoolean()).isFalse();
        assertThat(AuditRig.begun(rig)).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/flows", "/runs"})
    void should_end_when_the_platform_returns_the_same_page_for_ever(String collection) throws Exception {
        faults.when(laterPage(request -> request.path().endsWith(collection)), Fault.body("""
            {"items": [], "_links": {"next": {"href": "%s?continuationToken=again"}}}""".formatted(collection)));

        JsonNode report = AuditRig.audit(rig);

        assertThat(report.path("complete").asBoolean()).isFalse();
        assertThat(report.path("problems")).isNotEmpty().allSatisfy(problem ->
                assertThat(problem.asText()).endsWith("the Platform keeps returning the same page"));
    }

    @Test
    void should_call_a_flow_unknown_whose_runs_cannot_be_read_and_judge_the_others() throws Exception {
        String orders = idOf(rig, ORDERS);
        faults.when(AuditRig.runsOf(orders), Fault.status(503));

        JsonNode report = AuditRig.audit(rig);

        JsonNode flow = byName(report).get(ORDERS);
        assertThat(flow.path("state").asText()).isEqualTo("unknown");
        assertThat(flow.path("reason").asText()).startsWith("its runs could not be read: GET ").contains("503");
        assertThat(flow.path("lastRun").isNull()).isTrue();
        assertThat(report.path("complete").asBoolean()).isFalse();
        assertThat(report.path("problems")).singleElement().asString().contains("runs of flow " + orders);
        assertThat(states(report)).containsEntry("Legacy leads import", "partial").containsEntry("Legacy invoices import", "failed")
                .containsEntry("Legacy returns import", "late").containsEntry("Legacy coupons import", "disabled");
    }

    @Test
    void should_read_the_next_time_what_could_not_be_read_this_time() throws Exception {
        faults.when(AuditRig.runsOf(idOf(rig, ORDERS)), Fault.status(503));
        JsonNode first = byName(AuditRig.audit(rig)).get(ORDERS);
        faults.clear();
        rig.simulator().clock().advance(Duration.ofHours(2));

        JsonNode second = byName(AuditRig.audit(rig)).get(ORDERS);

        assertThat(second.path("since")).isEqualTo(first.path("since"));
        assertThat(second.at("/runs/total").asInt()).isEqualTo(26);
        assertThat(second.path("state").asText()).isEqualTo("healthy");
    }

    @Test
    void should_ask_again_until_it_is_answered() throws Exception {
        Predicate<Request> runs = AuditRig.runsOf(idOf(rig, ORDERS));
        faults.on("GET", "/flows", 1, Fault.status(500));
        faults.on("GET", "/flows", 2, Fault.truncate(40));
        faults.when(runs, 1, Fault.status(429).header("Retry-After", "0"));
        faults.when(runs, 2, Fault.html());

        JsonNode report = AuditRig.audit(rig);

        assertThat(report.path("complete").asBoolean()).isTrue();
        assertThat(byName(report).get(ORDERS).at("/runs/total").asInt()).isEqualTo(24);
        assertThat(AuditRig.begun(rig)).hasSize(3);
        assertThat(rig.simulator().requests().where(runs)).hasSize(12 + 2);
    }

    @Test
    void should_give_every_page_all_its_attempts() throws Exception {
        Predicate<Request> runs = AuditRig.runsOf(idOf(rig, ORDERS));
        List.of(1, 2, 4, 5, 7, 8).forEach(attempt -> faults.when(runs, attempt, Fault.status(502)));
        List.of(1, 2, 4, 5, 7, 8).forEach(attempt -> faults.when(AuditRig::isList, attempt, Fault.status(502)));

        JsonNode report = AuditRig.audit(rig);

        assertThat(report.path("complete").asBoolean()).isTrue();
        assertThat(report.path("flows")).hasSize(5);
        assertThat(byName(report).get(ORDERS).at("/runs/total").asInt()).isEqualTo(24);
    }

    @Test
    void should_survive_that_the_gateway_refuses_two_tokens_on_different_pages() throws Exception {
        faults.when(AuditRig::isList, 1, Fault.gateway("401013", "Oauth token is not valid"));
        faults.when(AuditRig::isList, 3, Fault.gateway("401013", "Oauth token is not valid"));

        assertThat(AuditRig.audit(rig).path("complete").asBoolean()).isTrue();
        assertThat(rig.simulator().tokenRequests()).isEqualTo(3);
    }

    @Test
    void should_get_another_token_when_the_gateway_refuses_the_first_in_the_middle() throws Exception {
        faults.when(laterPage(AuditRig::isList), 1, Fault.gateway("401013", "Oauth token is not valid"));

        assertThat(AuditRig.audit(rig).path("complete").asBoolean()).isTrue();
        assertThat(rig.simulator().tokenRequests()).isEqualTo(2);
    }

    private static Predicate<Request> laterPage(Predicate<Request> listing) {
        return listing.and(request -> request.query().contains("continuationToken"));
    }
}
