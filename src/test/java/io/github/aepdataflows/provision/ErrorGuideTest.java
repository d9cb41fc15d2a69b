package io.github.aepdataflows.provision;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.aepdataflows.Rig;
import io.github.aepdataflows.simulator.Fault;
import io.github.aepdataflows.simulator.Request;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Properties;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Each error that the Platform documents, once, in the format in which it sends it: what the error document makes of it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ErrorGuideTest {

    private static final Properties ADVICE = new Properties();

    private Rig rig;
    private int serial;

    @BeforeAll
    void start(@TempDir Path data) throws Exception {
        rig = Rig.start(data);
    }

    @AfterAll
    void stop() throws Exception {
        rig.close();
    }

    static List<String> codes() throws Exception {
        try (InputStream in = ErrorGuideTest.class.getResourceAsStream("advice.properties")) {
            ADVICE.load(in);
        }
        return ADVICE.stringPropertyNames().stream().filter(code -> code.matches(".*[0-9]{3}")).sorted().toList();
    }

    /** Services number their errors by themselves: 1600-400 of Flow Service is about credentials. */
    @Test
    void should_give_no_advice_of_one_service_for_the_number_of_another() throws Exception {
        rig.simulator().faults().always("POST", "/sourceConnections", inItsFormat("XDM-1600-400"));

        Exchange failed = rig.provision(definition());
        rig.simulator().faults().clear();

        assertThat(error(failed).path("code").asText()).isEqualTo("XDM-1600-400");
        assertThat(error(failed).path("advice").asText()).doesNotContain("auth");
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("codes")
    void should_pass_on_the_platforms_code_and_words_with_advice(String code) throws Exception {
        rig.simulator().faults().always("POST", "/sourceConnections", inItsFormat(code));

        Exchange failed = rig.provision(definition());
        rig.simulator().faults().clear();

        JsonNode error = error(failed);
        assertThat(error.path("advice").asText()).startsWith(ADVICE.getProperty(code));   // and then what exists of the target side
        assertThat(error.path("message").asText()).contains("These are the Platform's words");
        assertThat(error.path("code").asText()).endsWith(code.length() == 3 ? "" : code);
        assertThat(error.path("status").asInt()).isEqualTo(status(code));
        assertThat(error.path("step").asText()).isEqualTo("source-connection");
        assertThat(error.path("requestId").asText()).isNotBlank();
        assertThat(failed.getException()).isNotNull();
    }

    /** Six digits: the gateway. XDM-…: Schema Registry. 1360-400: Flow Service, prefixed. 404: format of a bare message. */
    private static Fault inItsFormat(String code) {
        String words = "These are the Platform's words";
        if (code.matches("[0-9]{6}")) {
            return Fault.gateway(code, words);
        } else if (code.length() == 3) {
            return Fault.answer(status(code), "application/json", "{\"errorMessage\":\"" + words + "\"}");
        }
        String type = "http://ns.adobe.com/aep/errors/" + (code.startsWith("XDM") ? code : "FLOW-" + code);
        return Fault.answer(status(code), "application/problem+json",
                "{\"type\":\"%s\",\"title\":\"%s\",\"status\":%d}".formatted(type, words, status(code)));
    }

    private static int status(String code) {
        return Integer.parseInt(code.matches("[0-9]{6}") ? code.substring(0, 3) : code.substring(code.length() - 3));
    }

    @Test
    void should_name_a_taken_title_as_a_conflict_and_touch_nothing() throws Exception {
        String definition = definition();
        assertThat(rig.provision(definition).getException()).isNull();
        var schemas = rig.resources("schemas");

        Exchange failed = rig.provision(definition.replaceFirst("name: ", "name: Another "));

        JsonNode error = error(failed);
        assertThat(error.path("category").asText()).isEqualTo("conflict");
        assertThat(error.path("code").asText()).isEqualTo("XDM-1521-400");
        assertThat(error.path("message").asText()).as("names the holder").contains("https://ns.adobe.com/acme/schemas/");
        assertThat(rig.resources("schemas")).isEqualTo(schemas);
        assertThat(error.path("resources").has("sourceConnection")).as("what exists so far is listed").isTrue();
    }

    @Test
    void should_reject_after_one_call_and_leave_the_later_steps_alone() throws Exception {
        int before = rig.requests("POST", "/targetConnections").size();
        int later = rig.requests("POST", "/flows").size();
        rig.simulator().faults().always("POST", "/targetConnections", Fault.answer(422, "application/json", "{\"errorMessage\":\"no\"}"));

        Exchange failed = rig.provision(definition());
        rig.simulator().faults().clear();

        assertThat(error(failed).path("category").asText()).isEqualTo("rejected");
        assertThat(rig.requests("POST", "/targetConnections")).hasSize(before + 1);
        assertThat(rig.requests("POST", "/flows")).hasSize(later);
        assertThat(error(failed).path("steps").findValuesAsText("step"))
                .contains("source-connection", "target-schema", "target-dataset").doesNotContain("target-connection", "flow");
    }

    @Test
    void should_wait_as_long_as_retry_after_asks() throws Exception {
        rig.simulator().faults().on("POST", "/sourceConnections", 1, Fault.status(429).header("Retry-After", "1"));
        int before = rig.requests("POST", "/sourceConnections").size();

        assertThat(rig.provision(definition()).getException()).isNull();

        List<Request> calls = rig.requests("POST", "/sourceConnections").subList(before, before + 2);
        assertThat(calls.get(1).instant()).isAfterOrEqualTo(calls.get(0).instant().plusSeconds(1));
    }

    private String definition() throws Exception {
        serial++;
        return Rig.example("customer-success", serial);
    }

    private static JsonNode error(Exchange failed) throws Exception {
        return Rig.json(failed.getVariable("aepError", String.class));
    }
}
