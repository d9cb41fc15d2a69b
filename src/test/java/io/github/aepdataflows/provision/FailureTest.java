package io.github.aepdataflows.provision;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.aepdataflows.Rig;
import io.github.aepdataflows.platform.Outcome;
import io.github.aepdataflows.platform.PlatformException;
import io.github.aepdataflows.simulator.Fault;
import io.github.aepdataflows.simulator.Options;
import io.github.aepdataflows.simulator.Request;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every step of the chain against every way in which its call can fail: what was sent, what exists, what is reported. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FailureTest {

    private static final Map<String, String> STEPS = new LinkedHashMap<>();

    static {
        STEPS.put("source-class", "/tenant/classes");
        STEPS.put("source-schema", "/tenant/schemas");
        STEPS.put("source-connection", "/sourceConnections");
        STEPS.put("target-schema", "/tenant/schemas");
        STEPS.put("target-dataset", "/dataSets");
        STEPS.put("target-connection", "/targetConnections");
        STEPS.put("mapping-set", "/mappingSets");
        STEPS.put("flow", "/flows");
    }

    private static int serial;

    private Path data;
    /** Waits long for an answer: no slow machine is to be taken for a fault. */
    private Rig patient;
    private Rig impatient;
    /** Repeats nothing. */
    private Rig hasty;

    @BeforeAll
    void start(@TempDir Path folder) throws Exception {
        data = folder;
        patient = Rig.start(data.resolve("patient"), Options.defaults(), Map.of("aep.settle-window", "100"));
        impatient = Rig.start(data.resolve("impatient"), Options.defaults(),
                Map.of("aep.call-timeout", "1400", "aep.response-timeout", "800", "aep.settle-window", "100"));
        hasty = Rig.start(data.resolve("hasty"), Options.defaults(), Map.of("aep.redelivery.max", "0"));
    }

    @AfterAll
    void stop() throws Exception {
        patient.close();
        impatient.close();
        hasty.close();
    }

    private Rig rigFor(String fault) {
        return fault.matches("(hang|drip).*") ? impatient : patient;
    }

    /** A POST whose effect nobody can tell. */
    static List<Arguments> unknown() {
        Map<String, Fault> faults = new LinkedHashMap<>();
        for (int status : new int[] {500, 502, 503, 504, 408}) {
            faults.put("status " + status, Fault.status(status));
        }
        faults.put("301", Fault.redirect(301, "http://127.0.0.1:1/"));
        faults.put("307", Fault.redirect(307, "http://127.0.0.1:1/"));
        faults.put("reset", Fault.reset());
        faults.put("no answer", Fault.closeWithoutAnswer());
        faults.put("hang", Fault.hang());
        faults.put("drip", Fault.drip(Duration.ofMillis(50)));
        faults.put("truncated", Fault.truncate(10));
        faults.put("truncated chunks", Fault.truncateChunked(10));
        faults.put("login page", Fault.html());
        faults.put("empty", Fault.body(""));
        faults.put("null", Fault.body("null"));
        faults.put("empty list", Fault.body("[]"));
        faults.put("no id", Fault.body("{\"etag\":\"1\"}"));
        faults.put("id of the wrong type", Fault.body("{\"id\":17,\"$id\":17}"));
        faults.put("id of the wrong form", Fault.body("{\"id\":\"../x?y=1\",\"$id\":\"../x\"}"));
        faults.put("larger than any answer", Fault.oversized(17 * 1024 * 1024));
        faults.put("half a document", Fault.body("{\"id\":\"17faf955-2cf8"));
        List<Arguments> all = new ArrayList<>();
        faults.forEach((name, fault) -> {
            // the plain kinds at each step, the odd ones at one
            List<String> steps = name.startsWith("status 50") || name.equals("reset") || name.equals("no id")
                    ? List.copyOf(STEPS.keySet()) : List.of("source-connection");
            for (String step : steps) {
                all.add(Arguments.of(step, name, fault.beforeCommit(), 0));
                all.add(Arguments.of(step, name + " after commit", fault.afterCommit(), 1));
            }
        });
        return all;
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("unknown")
    void should_end_with_exactly_one_when_nobody_can_tell_what_became_of_a_create(String step, String name, Fault fault, int made)
            throws Exception {
        Rig rig = rigFor(name);
        String definition = definition();
        int ofThisCall = STEPS.get(step).equals("/tenant/schemas") ? 2 : 1;
        int before = rig.requests("POST", STEPS.get(step)).size();
        int existing = rig.resources(collection(step)).size();
        rig.simulator().faults().when(request -> isCreateOf(step, request), 1, fault);

        Exchange done = rig.provision(definition);
        rig.simulator().faults().clear();

        assertThat(done.getException()).isNull();
        assertThat(rig.requests("POST", STEPS.get(step))).as("sent again only when nothing was made")
                .hasSize(before + ofThisCall + 1 - made);
        assertThat(rig.resources(collection(step))).hasSize(existing + ofThisCall);
        JsonNode receipt = Rig.json(done.getMessage().getBody(String.class));
        assertThat(receipt.path("steps")).hasSize(9).allSatisfy(each -> {
            boolean faulty = each.path("step").asText().equals(step);
            assertThat(each.path("outcome").asText()).isEqualTo(faulty && made == 1 ? "adopted" : "created");
            assertThat(each.path("attempts").asInt()).isEqualTo(faulty && made == 0 ? 2 : 1);
        });
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("steps")
    void should_say_that_an_outcome_is_unknown_and_go_on_from_there_when_asked_again(String step) throws Exception {
        String definition = definition();
        int before = hasty.requests("POST", STEPS.get(step)).size();
        int flows = hasty.resources("flows").size();
        hasty.simulator().faults().when(request -> isCreateOf(step, request), 1, Fault.status(503).afterCommit());

        Exchange failed = hasty.provision(definition);
        Exchange again = hasty.provision(definition);
        hasty.simulator().faults().clear();

        assertThat(((PlatformException) failed.getException()).getOutcome()).isEqualTo(Outcome.UNKNOWN);
        JsonNode error = error(failed);
        assertThat(error.path("category").asText()).isEqualTo("unavailable");
        assertThat(error.path("step").asText()).isEqualTo(step);
        assertThat(error.path("message").asText()).contains("the outcome of step " + step + " is unknown");
        assertThat(error.path("advice").asText()).contains("looked for before anything is sent again");
        List<String> earlier = error.path("steps").findValuesAsText("step");
        assertThat(earlier).doesNotContain(step);
        assertThat(earlier).allSatisfy(done -> assertThat(error.path("advice").asText()).contains(done));
        assertThat(failed.getVariable("aepTryAgain")).isEqualTo("postpone");
        assertThat(again.getException()).isNull();
        assertThat(hasty.requests("POST", STEPS.get(step))).hasSize(before + (STEPS.get(step).equals("/tenant/schemas") ? 2 : 1));
        assertThat(hasty.resources("flows")).hasSize(flows + 1);
    }

    static List<String> steps() {
        return List.copyOf(STEPS.keySet());
    }

    @Test
    void should_take_a_good_answer_whatever_its_content_type_says() throws Exception {
        try (Rig believing = Rig.start(data.resolve("believing"), Options.defaults(), Map.of("aep.verify", "false"))) {
            for (String type : List.of("application/json; charset=bogus", "application/x-java-serialized-object", "text/plain", "/")) {
                String id = UUID.randomUUID().toString();
                believing.simulator().faults().clear();
                believing.simulator().faults().on("POST", "/sourceConnections", 1, Fault.answer(201, type, "{\"id\":\"" + id + "\"}"));

                Exchange done = believing.provision(definition());

                assertThat(done.getMessage().getHeader("AepSourceConnectionId")).as(type).isEqualTo(id);
            }
        }
    }

    /** A call that was certainly not carried out. */
    static List<Arguments> harmless() {
        List<Arguments> all = new ArrayList<>();
        for (String step : STEPS.keySet()) {
            all.add(Arguments.of(step, "429", Fault.status(429)));
            all.add(Arguments.of(step, "401", Fault.gateway("401013", "Oauth token is not valid")));
        }
        return all;
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("harmless")
    void should_send_a_call_again_that_the_gateway_has_refused(String step, String name, Fault fault) throws Exception {
        Rig rig = patient;
        int flows = rig.resources("flows").size();
        rig.simulator().faults().when(request -> isCreateOf(step, request), 1, fault);

        Exchange done = rig.provision(definition());
        rig.simulator().faults().clear();

        assertThat(done.getException()).isNull();
        assertThat(rig.resources("flows")).hasSize(flows + 1);
        JsonNode steps = Rig.json(done.getMessage().getBody(String.class)).path("steps");
        steps.forEach(each -> assertThat(each.path("attempts").asInt())
                .isBetween(each.path("step").asText().equals(step) ? 2 : 1, 2));   // what is made beside it may have been held back
    }

    /** A read that fails. */
    static List<Arguments> unread() {
        return List.of(
                Arguments.of("503", Fault.status(503)), Arguments.of("500", Fault.status(500)), Arguments.of("reset", Fault.reset()),
                Arguments.of("truncated", Fault.truncate(10)), Arguments.of("login page", Fault.html()),
                Arguments.of("hang", Fault.hang()), Arguments.of("429", Fault.status(429)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("unread")
    void should_read_again_after_a_failed_read(String name, Fault fault) throws Exception {
        Rig rig = rigFor(name);
        String definition = definition();
        int before = rig.requests("GET", "/flowservice/flows").size();
        rig.simulator().faults().on("GET", "/flowservice/flows", 1, fault);
        rig.simulator().faults().on("GET", "/flowservice/flows", 2, fault);

        Exchange done = rig.provision(definition);
        rig.simulator().faults().clear();

        assertThat(done.getException()).isNull();
        assertThat(rig.requests("GET", "/flowservice/flows").size() - before)
                .as("two that fail, and then two: at first, and after the create; a third before it, if the first is too old")
                .isBetween(4, 5);
    }

    private static JsonNode error(Exchange failed) throws Exception {
        return Rig.json(failed.getVariable("aepError", String.class));
    }

    /** A definition of the 2020 form, which has all steps, under a name of its own. */
    private static String definition() throws Exception {
        serial++;
        return Rig.example("crm", serial);
    }

    private static String collection(String step) {
        return STEPS.get(step).substring(STEPS.get(step).lastIndexOf('/') + 1);
    }

    /** Both schemas are created by the same call: the target's is the second. */
    /** Both schemas go to the same address, at the same time. */
    private static boolean isCreateOf(String step, Request request) {
        boolean isOfTheTarget = request.text().contains("Target schema");
        return request.method().equals("POST") && request.path().endsWith(STEPS.get(step))
                && (!STEPS.get(step).equals("/tenant/schemas") || isOfTheTarget == step.equals("target-schema"));
    }
}
