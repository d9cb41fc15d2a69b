package hosts;

import io.github.aepdataflows.EmbeddedRoutes;
import org.apache.camel.RoutesBuilder;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;

/** Spring Boot with a route of its own, a database of its own, and the routes of aep-dataflows. */
@SpringBootApplication
public class BootHost {

    public static void main(String[] args) {
        SpringApplication.run(BootHost.class, args);
    }

    @Bean
    RoutesBuilder aepDataflows() {
        return EmbeddedRoutes.builder();
    }
}
