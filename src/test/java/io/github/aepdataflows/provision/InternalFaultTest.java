package io.github.aepdataflows.provision;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.aepdataflows.Rig;
import io.github.aepdataflows.simulator.Options;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import org.apache.camel.Exchange;
import org.apache.camel.builder.AdviceWith;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What no answer of the Platform can bring about: a fault of our own in the middle of a chain, and a stop. */
class InternalFaultTest {

    @TempDir
    Path data;

    private Rig rig;

    @BeforeEach
    void start() throws Exception {
        rig = Rig.start(data, Options.defaults(), Map.of("aep.inbox.enabled", "false"));
    }

    @AfterEach
    void stop() throws IOException {
        rig.close();
    }

    @Test
    void should_report_a_fault_of_our_own_with_what_exists_so_far() throws Exception {
        failAt("aep-create-flow", "aep-post-flow", new IllegalStateException("a bug"));

        Exchange failed = rig.provision(Rig.example("customer-success"));

        JsonNode error = Rig.json(failed.getVariable("aepError", String.class));
        assertThat(error.path("category").asText()).isEqualTo("internal");
        assertThat(error.path("step").asText()).isEqualTo("flow");
        assertThat(error.path("message").asText()).contains("a bug");
        assertThat(error.at("/resources/mappingSet").asText()).isNotBlank();
        assertThat(failed.getVariable("aepTryAgain")).isEqualTo("no");
    }

    @Test
    void should_leave_a_definition_to_be_tried_again_when_a_stop_came_before_anything_was_made() throws Exception {
        failAt("aep-create-source-connection", "aep-post-source-connection", new RejectedExecutionException("stopping"));

        Exchange failed = rig.provision(Rig.example("customer-success"));

        assertThat(failed.getVariable("aepTryAgain")).isEqualTo("pause");
    }

    private void failAt(String route, String step, Exception failure) throws Exception {
        AdviceWith.adviceWith(rig.main().getCamelContext(), route, advice -> advice.weaveById(step).replace().throwException(failure));
    }
}
