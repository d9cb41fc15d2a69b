package hosts;

import io.github.aepdataflows.EmbeddedRoutes;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import org.apache.camel.RoutesBuilder;

/** What Quarkus needs to know of the routes; it finds the host's own, as Definitions, by itself. */
@ApplicationScoped
public class QuarkusHost {

    @Produces
    @ApplicationScoped
    RoutesBuilder aepDataflows() {
        return EmbeddedRoutes.builder();
    }
}
