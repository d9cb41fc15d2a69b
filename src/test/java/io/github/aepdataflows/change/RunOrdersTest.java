package io.github.aepdataflows.change;

import static io.github.aepdataflows.change.ChangeTest.DEFINITION;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.aepdataflows.Rig;
import io.github.aepdataflows.Rigs;
import io.github.aepdataflows.platform.PlatformException;
import io.github.aepdataflows.provision.ConflictException;
import io.github.aepdataflows.simulator.Fault;
import io.github.aepdataflows.simulator.Request;
import io.github.aepdataflows.simulator.RunKind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs that are ordered, on demand or because one has failed: never two for one order, whatever becomes of the answer. */
class RunOrdersTest {

    @RegisterExtension
    static final Rigs RIGS = new Rigs();

    private static final String RECURRING = DEFINITION.replace("startTime: 2035-01-01T00:00:00Z, ", "");
    private static final String ONCE = DEFINITION.replaceAll("(?m)^(copy|schedule): .*\n", "");
    private static final Map<String, Object> COLUMN = Map.of("aepDeltaColumn", "LastModifiedDate");

    private Rig rig;

    @BeforeEach
    void start() throws Exception {
        rig = RIGS.start(Map.of("aep.clock", "#bean:simulatorClock"));
    }

    @AfterEach
    void stop() throws Exception {
        rig.close();
    }

    private Exchange order(String endpoint, Map<String, Object> variables) {
        return rig.main().getCamelContext().createFluentProducerTemplate().to(endpoint).withProcessor(exchange -> {
            exchange.getMessage().setBody("Changed");
            variables.forEach(exchange::setVariable);
        }).request(Exchange.class);
    }

    private Exchange runNow(Map<String, Object> variables) {
        return order("direct:aep-run-flow", variables);
    }

    private static JsonNode runs(Exchange ordered) throws Exception {
        assertThat(ordered.getException()).isNull();
        return Rig.json(ordered.getMessage().getBody(String.class)).path("runs");
    }

    private JsonNode retry() throws Exception {
        return runs(order("direct:aep-retry-flow", Map.of()));
    }

    private void advance(Duration time) throws Exception {
        rig.simulator().clock().advance(time);
        rig.audit();   // whoever reads has everything generated that is due
    }

    /** A dataflow that runs once, and has. */
    private void once() throws Exception {
        rig.apply(ONCE);
        advance(Duration.ofHours(1));
        assertThat(rig.resources("runs")).hasSize(1);
    }

    /** A recurring dataflow whose first runs are of these kinds. */
    private void recurring(RunKind... kinds) throws Exception {
        rig.apply(RECURRING);
        rig.simulator().runs().script("Changed", kinds);
        advance(Duration.ofMinutes(2 * 60 * (kinds.length - 1) + 30));
        assertThat(rig.resources("runs")).hasSize(kinds.length);
    }

    private List<Request> orders() {
        return rig.requests("POST", "/runs");
    }

    private List<Request> repetitions() {
        return rig.requests(request -> request.method().equals("POST") && request.query().equals("op=re-trigger"));
    }

    @Test
    void should_run_a_dataflow_on_demand_from_its_last_run_until_now() throws Exception {
        once();
        long last = rig.resources("runs").get(0).path("createdAt").asLong();

        JsonNode run = runs(runNow(COLUMN)).path(0);

        assertThat(run.path("outcome").asText()).isEqualTo("ordered");
        assertThat(rig.resources("runs")).hasSize(2).extracting(one -> one.path("id").asText()).contains(run.path("run").asText());
        JsonNode params = Rig.json(orders().get(0).text()).path("params");
        assertThat(params.path("windowStartTime").asLong()).isEqualTo(last / 1000);
        assertThat(params.path("windowEndTime").asLong()).isCloseTo(rig.simulator().clock().instant().getEpochSecond(),
                Offset.offset(5L));
        assertThat(params.at("/deltaColumn/name").asText()).isEqualTo("LastModifiedDate");
    }

    @Test
    void should_keep_the_delta_column_of_the_first_run_which_is_no_difference() throws Exception {
        once();
        runNow(COLUMN);
        advance(Duration.ofHours(1));

        assertThat(rig.plan(ONCE).path("empty").asBoolean()).isTrue();
        assertThat(rig.apply(ONCE).path("outcome").asText()).isEqualTo("unchanged");
        assertThat(runs(runNow(Map.of())).path(0).path("outcome").asText()).isEqualTo("ordered");
        assertThat(rig.resources("runs")).hasSize(3);
        Exchange exported = rig.main().getCamelContext().createFluentProducerTemplate().to("direct:aep-export").withBody("Changed")
                .request(Exchange.class);
        assertThat(exported.getException()).isNull();
        assertThat(exported.getMessage().getBody(String.class)).doesNotContain("deltaColumn");
    }

    @Test
    void should_order_the_window_that_was_asked_for() throws Exception {
        once();
        Map<String, Object> window = new HashMap<>(COLUMN);
        window.put("aepRunFrom", "2026-01-01T00:00:00Z");
        window.put("aepRunTo", Instant.parse("2026-02-01T00:00:00Z"));

        JsonNode run = runs(runNow(window)).path(0);

        assertThat(List.of(run.path("from").asText(), run.path("to").asText())).containsExactly("2026-01-01T00:00:00Z",
                "2026-02-01T00:00:00Z");
        assertThat(rig.resources("runs").get(1).at("/activities/0/durationSummary/extensions/windowStart").asLong())
                .isEqualTo(Instant.parse("2026-01-01T00:00:00Z").toEpochMilli());
    }

    @Test
    void should_refuse_a_delta_column_that_the_source_does_not_have_or_the_flow_has_otherwise() throws Exception {
        once();

        assertThat(runNow(Map.of("aepDeltaColumn", "LastModifiedDat")).getException()).isInstanceOf(ConflictException.class)
                .hasMessageContaining("the source has no column LastModifiedDat; did you mean LastModifiedDate?");
        assertThat(runNow(Map.of("aepDeltaColumn", "Name")).getException()).isInstanceOf(ConflictException.class)
                .hasMessageContaining("column Name is string, but new data is told from old by a date");
        assertThat(orders()).isEmpty();
        rig.simulator().faults().on("GET", "/explore", 1, Fault.status(400));   // what the source does not tell keeps nobody
        runs(runNow(COLUMN));
        assertThat(runNow(Map.of("aepDeltaColumn", "CreatedDate")).getException()).isInstanceOf(ConflictException.class)
                .hasMessageContaining("its flow tells new rows by column LastModifiedDate, which cannot change to CreatedDate");
        assertThat(orders()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"not committed", "committed", "503", "three times"})
    void should_make_one_run_of_one_order_whatever_becomes_of_the_answer(String trouble) throws Exception {
        once();
        Fault fault = switch (trouble) {
            case "not committed" -> Fault.reset();
            case "503" -> Fault.status(503);
            default -> Fault.reset().afterCommit();
        };
        rig.simulator().faults().on("POST", "/runs", 1, fault);
        if (trouble.equals("three times")) {   // looks that fail are no reason to send it again
            rig.simulator().faults().when(request -> request.method().equals("GET") && request.path().endsWith("/runs")
                    && orders().size() == 1, 1, Fault.status(503));
        }

        JsonNode run = runs(runNow(COLUMN)).path(0);

        assertThat(rig.resources("runs")).hasSize(2);
        boolean isFound = trouble.matches("committed|three times");
        assertThat(run.path("outcome").asText()).isEqualTo(isFound ? "found" : "ordered");
        assertThat(orders()).hasSize(isFound ? 1 : 2);
        assertThat(rig.ledger().openRunOrders()).isEmpty();
    }

    @Test
    void should_find_the_run_of_a_command_that_is_typed_again() throws Exception {
        once();
        rig.simulator().faults().on("POST", "/runs", 1, Fault.reset().afterCommit());
        rig.simulator().faults().when(request -> request.method().equals("GET") && request.path().endsWith("/runs")
                && orders().size() == 1, Fault.status(503));
        assertThat(runNow(COLUMN).getException()).isInstanceOf(PlatformException.class);
        rig.simulator().faults().clear();
        rig.simulator().clock().advance(Duration.ofMinutes(5));

        assertThat(runNow(Map.of("aepRunFrom", "2026-01-01T00:00:00Z")).getException()).as("another order")
                .isInstanceOf(ConflictException.class).hasMessageContaining("its outcome is not known");
        JsonNode run = runs(runNow(COLUMN)).path(0);

        assertThat(run.path("outcome").asText()).isEqualTo("found");
        assertThat(rig.resources("runs")).hasSize(2);
        assertThat(orders()).hasSize(1);
    }

    @Test
    void should_take_the_answer_in_each_documented_form() throws Exception {
        once();
        rig.simulator().faults().on("POST", "/runs", 1, Fault.body("{\"id\": \"11111111-2222-4333-8444-555555555555\", \"etag\": \"x\"}"));

        assertThat(runs(runNow(COLUMN)).path(0).path("run").asText()).isEqualTo("11111111-2222-4333-8444-555555555555");
    }

    @Test
    void should_say_which_dataflows_cannot_be_run_on_demand() throws Exception {
        assertThat(runNow(Map.of()).getException()).hasMessageContaining("the ledger has no dataflow Changed");
        rig.apply(ONCE + "state: draft\n");
        assertThat(runNow(Map.of()).getException()).hasMessageContaining("it is a draft");
        rig.apply(ONCE);
        assertThat(runNow(Map.of("aepRunTo", "2020-01-01T00:00:00Z")).getException())
                .hasMessageContaining("say from when on it is to read (1381-400)");
        assertThat(runNow(Map.of("aepRunTo", "soon")).getException()).hasMessageContaining("soon is no instant");
        assertThat(orders()).isEmpty();
    }

    @Test
    void should_not_order_a_run_of_what_runs_on_a_schedule() throws Exception {
        rig.apply(RECURRING);

        assertThat(runNow(Map.of()).getException()).isInstanceOf(ConflictException.class).hasMessageContaining("1386-400");
        assertThat(orders()).isEmpty();
    }

    @Test
    void should_repeat_each_failed_run_once_and_a_repetition_that_has_failed_in_its_turn() throws Exception {
        recurring(RunKind.COPY_FAILED, RunKind.SUCCESS, RunKind.PROMOTION_FAILED);
        rig.simulator().runs().script("Changed", RunKind.SUCCESS, RunKind.COPY_FAILED);

        assertThat(retry().findValuesAsText("outcome")).containsExactly("ordered", "ordered");
        rig.simulator().clock().advance(Duration.ofMinutes(10));
        rig.simulator().runs().script("Changed", RunKind.SUCCESS);
        assertThat(retry().findValuesAsText("outcome")).containsExactly("ordered");
        rig.simulator().clock().advance(Duration.ofMinutes(10));

        assertThat(retry()).isEmpty();
        assertThat(repetitions()).hasSize(3);
        assertThat(rig.resources("runs")).hasSize(6);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void should_look_for_a_repetition_whose_answer_was_lost(boolean committed) throws Exception {
        recurring(RunKind.SUCCESS, RunKind.COPY_FAILED);
        rig.simulator().runs().script("Changed", RunKind.SUCCESS);
        rig.simulator().faults().when(request -> request.query().equals("op=re-trigger"), 1,
                committed ? Fault.reset().afterCommit() : Fault.reset());

        assertThat(retry().findValuesAsText("outcome")).containsExactly(committed ? "found" : "ordered");
        assertThat(rig.resources("runs")).hasSize(3);
        assertThat(repetitions()).hasSize(committed ? 1 : 2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"id", "metrics", "status"})
    void should_not_call_it_done_where_the_runs_do_not_show_what_they_are(String hidden) throws Exception {
        recurring(RunKind.COPY_FAILED);
        ObjectNode run = rig.resources("runs").get(0);
        run.remove(hidden);
        if (hidden.equals("status")) {
            ((ObjectNode) run.at("/metrics/statusSummary")).putNull(hidden);
        }
        rig.simulator().faults().when(request -> request.method().equals("GET") && request.path().endsWith("/runs"),
                Fault.body("{\"items\": [" + run + "]}"));

        assertThat(order("direct:aep-retry-flow", Map.of()).getException()).hasMessageContaining(hidden);
        assertThat(repetitions()).isEmpty();
        assertThat(orders()).isEmpty();
    }

    @Test
    void should_not_repeat_what_somebody_has_repeated_by_hand() throws Exception {
        recurring(RunKind.COPY_FAILED);
        rig.simulator().runs().script("Changed", RunKind.SUCCESS);
        Exchange byHand = order("direct:aep-retry-flow", Map.of());
        assertThat(byHand.getException()).isNull();
        rig.ledger().close();
        try (Stream<Path> files = Files.list(rig.folder("ledger"))) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        rig.ledger().open();
        rig.apply(RECURRING);   // taken over by another ledger, which knows of no repetition

        assertThat(retry()).isEmpty();
        assertThat(repetitions()).hasSize(1);
    }

    @Test
    void should_say_why_the_platform_repeats_a_run_not_and_go_on_with_the_next() throws Exception {
        recurring(RunKind.COPY_FAILED, RunKind.COPY_FAILED);
        rig.simulator().faults().when(request -> request.query().equals("op=re-trigger"), 1, Fault.answer(400, "application/json",
                "{\"errorMessage\": \"1333-400 the source does not support it\"}"));

        JsonNode runs = retry();

        assertThat(runs.findValuesAsText("outcome")).containsExactly("refused", "ordered");
        assertThat(runs.path(0).path("why").asText()).contains("1333-400");
    }
}
