package io.github.aepdataflows.simulator;

import static io.github.aepdataflows.simulator.Client.FLOW_SERVICE;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Runs by the moved clock: the flow starts within two minutes and runs every 15 minutes. */
class FlowRunTest {

    private Simulator simulator;
    private Client client;
    private Chain chain;

    @BeforeEach
    void start() throws IOException {
        simulator = Simulator.start(Options.defaults().withRunDuration(Duration.ofMinutes(5)));
        client = Client.of(simulator);
        chain = Chain.create(client);
    }

    @AfterEach
    void stop() throws IOException {
        simulator.close();
    }

    /** To one minute before the slot after the given number of slots, so that a slow machine changes nothing. */
    private void passSlots(String flow, int slots) {
        JsonNode schedule = simulator.store().resource("prod", "flows", flow).orElseThrow().path("scheduleParams");
        Instant start = Instant.ofEpochSecond(schedule.path("startTime").asLong());
        simulator.clock().set(start.plus(Duration.ofMinutes(15L * slots - 1)));
    }

    private List<ObjectNode> runs() {
        return simulator.store().resources("prod", "runs");
    }

    private static String status(JsonNode run) {
        return run.at("/metrics/statusSummary/status").asText();
    }

    private static int records(JsonNode run, String field) {
        return run.at("/metrics/recordSummary/" + field).asInt(-1);
    }

    @Test
    void should_run_a_flow_at_every_slot_of_its_schedule() {
        String flow = chain.flow();
        assertThat(runs()).isEmpty();

        passSlots(flow, 4);

        assertThat(runs()).hasSize(4).allSatisfy(run -> assertThat(status(run)).isEqualTo("success"));
        assertThat(runs().get(1).path("createdAt").asLong() - runs().get(0).path("createdAt").asLong())
            .isEqualTo(Duration.ofMinutes(15).toMillis());
        JsonNode last = client.get(FLOW_SERVICE + "/flows/" + flow).item().path("lastRunDetails");
        assertThat(last.path("id")).isEqualTo(runs().get(3).path("id"));
        assertThat(last.path("state").asText()).isEqualTo("success");
    }

    @Test
    void should_generate_the_same_runs_however_the_clock_gets_there() {
        String flow = chain.flow();
        passSlots(flow, 1);
        assertThat(runs()).hasSize(1);
        passSlots(flow, 2);
        assertThat(runs()).hasSize(2);
        passSlots(flow, 5);

        assertThat(runs()).hasSize(5).extracting(run -> run.path("createdAt").asLong()).doesNotHaveDuplicates();
    }

    @Test
    void should_play_the_script_of_a_flow_again_and_again() {
        simulator.runs().script("Customers", RunKind.SUCCESS, RunKind.PARTIAL, RunKind.COPY_FAILED, RunKind.PROMOTION_FAILED,
            RunKind.EMPTY, RunKind.MISSED, RunKind.RUNNING);
        passSlots(chain.flow(), 8);

        assertThat(runs()).extracting(FlowRunTest::status)
            .containsExactly("success", "success", "failed", "failed", "success", "inProgress", "success");
    }

    @Test
    void should_call_a_partial_run_a_success_with_errors() {
        simulator.runs().script("Customers", RunKind.PARTIAL);
        passSlots(chain.flow(), 1);

        ObjectNode run = runs().get(0);

        assertThat(status(run)).isEqualTo("success");
        assertThat(records(run, "failedRecordCount")).isPositive();
        assertThat(run.at("/metrics/statusSummary/errors/0/code").asText()).isEqualTo("CONNECTOR-2001-500");
        assertThat(run.at("/activities/1/statusSummary/extensions/errors/0/code").asText()).isEqualTo("MAPPER-3700-400");
    }

    @Test
    void should_put_the_error_on_the_activity_that_failed() {
        simulator.runs().script("Customers", RunKind.COPY_FAILED, RunKind.PROMOTION_FAILED);
        passSlots(chain.flow(), 2);

        assertThat(runs().get(0).at("/activities/0/statusSummary/extensions/errors")).hasSize(1);
        assertThat(runs().get(0).at("/activities/1/statusSummary/extensions/errors")).isEmpty();
        assertThat(runs().get(1).at("/activities/0/statusSummary/status").asText()).isEqualTo("success");
        assertThat(runs().get(1).at("/activities/1/statusSummary/extensions/errors")).hasSize(1);
    }

    @Test
    void should_show_a_run_in_progress_until_its_time_is_over() {
        String flow = chain.flow();
        long start = simulator.store().resource("prod", "flows", flow).orElseThrow().at("/scheduleParams/startTime").asLong();
        simulator.clock().set(Instant.ofEpochSecond(start + 60));
        assertThat(status(runs().get(0))).isEqualTo("inProgress");
        assertThat(runs().get(0).at("/metrics/durationSummary").has("completedAtUTC")).isFalse();

        simulator.clock().set(Instant.ofEpochSecond(start + 360));

        assertThat(runs()).singleElement().satisfies(run -> {
            assertThat(status(run)).isEqualTo("success");
            assertThat(run.at("/metrics/durationSummary/completedAtUTC").asLong()).isEqualTo((start + 300) * 1000);
        });
    }

    @Test
    void should_not_run_while_disabled_and_not_catch_up_afterwards() {
        String flow = chain.flow();
        passSlots(flow, 1);
        client.send("POST", FLOW_SERVICE + "/flows/" + flow + "/action?op=disable", "");
        passSlots(flow, 3);
        client.send("POST", FLOW_SERVICE + "/flows/" + flow + "/action?op=enable", "");
        passSlots(flow, 5);

        assertThat(runs()).hasSize(3);
    }

    @Test
    void should_run_a_flow_once() {
        String flow = Chain.id(chain.postFlow(chain.onceFlowBody()));

        passSlots(flow, 500);

        assertThat(runs()).hasSize(1);
    }

    @Test
    void should_make_up_no_more_than_a_thousand_runs_at_a_time() {
        passSlots(chain.flow(), 40_000);

        assertThat(runs()).hasSize(1000);
    }

    private JsonNode list(String property) {
        return client.get(FLOW_SERVICE + "/runs?property=" + property).json();
    }

    @Test
    void should_list_the_runs_of_a_flow_by_window_and_status_newest_first() {
        simulator.runs().script("Customers", RunKind.SUCCESS, RunKind.PROMOTION_FAILED);
        String flow = chain.flow();
        passSlots(flow, 4);
        long second = runs().get(1).at("/metrics/durationSummary/startedAtUTC").asLong();

        assertThat(list("flowId==" + flow + "&limit=2").path("items")).hasSize(2);
        assertThat(list("flowId==" + flow).path("items").path(0)).isEqualTo(runs().get(3));
        assertThat(list("metrics.statusSummary.status==Failed&count=true").path("count").asInt()).isEqualTo(2);
        assertThat(list("metrics.durationSummary.startedAtUTC>" + second + "&count=true").path("count").asInt()).isEqualTo(2);
    }

    @Test
    void should_show_the_batch_that_a_run_wrote() {
        passSlots(chain.flow(), 1);
        String batch = runs().get(0).at("/activities/1/targetInfo/0/reference/ids/0").asText();

        assertThat(client.get(Client.CATALOG + "/batches/" + batch).json().path(batch).path("status").asText())
            .isEqualTo("success");
    }

    private Client.Reply order(String flow, String params) {
        return client.post(FLOW_SERVICE + "/runs", "{\"flowId\": \"" + flow + "\", \"params\": " + params + "}");
    }

    @Test
    void should_run_a_once_flow_on_demand_and_keep_its_delta_column() {
        String flow = Chain.id(chain.postFlow(chain.onceFlowBody()));
        String window = "\"startTime\": 1893456000, \"windowStartTime\": 1893369600, \"windowEndTime\": 1893456000";

        assertThat(order(flow, "{" + window + "}").text()).contains("1383-400");
        Client.Reply ordered = order(flow, "{" + window + ", \"deltaColumn\": {\"name\": \"CreatedDate\"}}");

        assertThat(ordered.status()).isEqualTo(201);
        assertThat(runs()).singleElement().satisfies(run -> assertThat(run.path("id")).isEqualTo(ordered.item().path("id")));
        assertThat(client.get(FLOW_SERVICE + "/flows/" + flow).item().at("/transformations/0/params/deltaColumn/name")
            .asText()).isEqualTo("CreatedDate");
        assertThat(order(flow, "{" + window + ", \"deltaColumn\": {\"name\": \"Other\"}}").text()).contains("1382-400");
    }

    @Test
    void should_refuse_runs_on_demand_that_make_no_sense() {
        String once = Chain.id(chain.postFlow(chain.onceFlowBody()));

        assertThat(order("nobody", "{\"startTime\": 1}").text()).contains("1430-400");
        assertThat(order(once, "{}").text()).contains("1384-400");
        assertThat(order(chain.flow(), "{\"startTime\": 1}").text()).contains("1386-400");
        assertThat(order(once, "{\"startTime\": 1893456000, \"windowStartTime\": 1893456000, \"windowEndTime\": 1893369600}")
            .text()).contains("1381-400");
        assertThat(order(once, "{\"windowStartTime\": 1893369600, \"windowEndTime\": 1893456000}").text()).contains("1380-400");
    }

    private Client.Reply retrigger(String run) {
        return client.send("POST", FLOW_SERVICE + "/runs/" + run + "/action?op=RE_TRIGGER", "");
    }

    @Test
    void should_run_a_failed_run_again_but_not_a_good_one() {
        simulator.runs().script("Customers", RunKind.COPY_FAILED, RunKind.SUCCESS);
        String flow = chain.flow();
        passSlots(flow, 2);
        String failed = runs().get(0).path("id").asText();
        String good = runs().get(1).path("id").asText();

        Client.Reply again = retrigger(failed);

        assertThat(again.status()).as(again.text()).isEqualTo(200);
        assertThat(again.id()).isNotEqualTo(failed);
        assertThat(client.get(FLOW_SERVICE + "/runs/" + again.id()).status()).isEqualTo(200);
        assertThat(retrigger(good).text()).contains("1387-400");
        client.send("POST", FLOW_SERVICE + "/flows/" + flow + "/action?op=disable", "");
        assertThat(retrigger(failed).text()).contains("1388-400");
    }
}
