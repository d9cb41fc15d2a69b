package hosts;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.aepdataflows.simulator.Options;
import io.github.aepdataflows.simulator.Simulator;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.quarkus.test.junit.QuarkusTest;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(QuarkusHostTest.Platform.class)
class QuarkusHostTest {

    /** Its addresses and credentials are settings of the host, in MicroProfile's configuration. */
    public static final class Platform implements QuarkusTestResourceLifecycleManager {

        private Simulator simulator;

        @Override
        public Map<String, String> start() {
            try {
                simulator = Simulator.start(Options.defaults());
                return Map.of("aep.url", simulator.url().toString(), "aep.token-url", simulator.tokenUrl().toString(),
                        "aep.client-id", simulator.options().clientId(), "aep.client-secret", simulator.options().clientSecret(),
                        "aep.org-id", simulator.options().orgId(), "aep.sandbox", "dev",
                        "aep.data-dir", Files.createTempDirectory("aep").toString(),
                        "aep.inbox.enabled", "false", "aep.audit.enabled", "false");
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public void stop() {
            try {
                simulator.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @Inject
    CamelContext context;

    @Test
    void should_provision_and_answer_with_the_reason_of_a_failure() throws Exception {
        for (String seed : List.of("crm", "marketing-automation", "customer-success")) {
            String definition = Files.readString(Path.of("../../../config/examples", seed + ".yaml"));
            assertThat(ask(definition)).contains("\"created\"");
        }
        assertThat(ask("{}")).contains("\"definition\"");
        assertThat(context.getRouteController().getRouteStatus("aep-inbox").isStopped()).isTrue();
    }

    private String ask(String definition) {
        return context.createFluentProducerTemplate().to("direct:definitions").withBody(definition).request(String.class);
    }
}
