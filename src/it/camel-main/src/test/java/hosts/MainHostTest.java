package hosts;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.aepdataflows.simulator.Options;
import io.github.aepdataflows.simulator.Simulator;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.main.Main;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MainHostTest {

    @Test
    void should_provision_answer_with_the_reason_of_a_failure_and_leave_no_thread(@TempDir Path data) throws Exception {
        try (Simulator simulator = Simulator.start(Options.defaults())) {
            Main main = MainHost.host();
            String[] all = {"aep.url", simulator.url().toString(), "aep.token-url", simulator.tokenUrl().toString(),
                "aep.client-id", simulator.options().clientId(), "aep.client-secret", simulator.options().clientSecret(),
                "aep.org-id", simulator.options().orgId(), "aep.sandbox", "dev", "aep.data-dir", data.toString(),
                "aep.inbox.enabled", "false", "aep.audit.enabled", "false"};
            for (int each = 0; each < all.length; each += 2) {
                main.addInitialProperty(all[each], all[each + 1]);
            }
            main.start();

            for (String seed : List.of("crm", "marketing-automation", "customer-success")) {
                String definition = Files.readString(Path.of("../../../config/examples", seed + ".yaml"));
                assertThat(ask(main.getCamelContext(), definition)).contains("\"created\"");
            }
            assertThat(simulator.store().resources("dev", "flows")).hasSize(3);
            assertThat(ask(main.getCamelContext(), "{}")).contains("\"definition\"");
            main.stop();
        }
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (isOfTheRoutes(thread)) {
                thread.join(10_000);   // it has been told to end
            }
        }
        assertThat(Thread.getAllStackTraces().keySet()).noneMatch(thread -> isOfTheRoutes(thread));
    }

    private static boolean isOfTheRoutes(Thread thread) {
        return thread.isAlive() && (thread.getName().contains("aep") || thread.getName().contains("Camel")
                || thread.getName().contains("Quartz"));
    }

    private static String ask(CamelContext context, String definition) {
        return context.createFluentProducerTemplate().to("direct:definitions").withBody(definition).request(String.class);
    }
}
