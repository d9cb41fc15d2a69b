package hosts;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.aepdataflows.simulator.Options;
import io.github.aepdataflows.simulator.Simulator;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.sql.Connection;
import java.sql.ResultSet;
import java.util.ArrayList;
import javax.sql.DataSource;
import org.apache.camel.CamelContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

class BootHostTest {

    @Test
    void should_provision_and_leave_the_hosts_database_as_it_is_and_no_thread(@TempDir Path data) throws Exception {
        try (Simulator simulator = Simulator.start(Options.defaults())) {
            SpringApplication boot = new SpringApplication(BootHost.class);
            ConfigurableApplicationContext spring = boot.run("--server.port=0", "--aep.url=" + simulator.url(),
                    "--aep.token-url=" + simulator.tokenUrl(), "--aep.client-id=" + simulator.options().clientId(),
                    "--aep.client-secret=" + simulator.options().clientSecret(), "--aep.org-id=" + simulator.options().orgId(),
                    "--aep.sandbox=dev", "--aep.data-dir=" + data);
            CamelContext context = spring.getBean(CamelContext.class);

            for (String seed : List.of("crm", "marketing-automation", "customer-success")) {
                String definition = Files.readString(Path.of("../../../config/examples", seed + ".yaml"));
                assertThat(ask(context, definition)).contains("\"created\"");
            }
            assertThat(simulator.store().resources("dev", "flows")).hasSize(3);
            assertThat(ask(context, "{}")).contains("\"definition\"");
            assertThat(context.getRouteController().getRouteStatus("aep-inbox").isStopped()).isTrue();
            assertThat(tables(spring.getBean(DataSource.class))).containsExactly("CUSTOMERS");
            spring.close();
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

    private static List<String> tables(DataSource database) throws Exception {
        List<String> tables = new ArrayList<>();
        try (Connection connection = database.getConnection();
                ResultSet found = connection.getMetaData().getTables(null, "PUBLIC", "%", null)) {
            while (found.next()) {
                tables.add(found.getString("TABLE_NAME"));
            }
        }
        return tables;
    }
}
