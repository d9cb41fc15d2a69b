package hosts;

import io.github.aepdataflows.EmbeddedRoutes;
import java.util.Properties;
import org.apache.camel.CamelContext;
import org.apache.camel.impl.DefaultCamelContext;

/** A plain Camel context with a route of its own and those of aep-dataflows. */
final class PlainHost {

    private PlainHost() {
    }

    static CamelContext start(Properties settings) throws Exception {
        CamelContext context = new DefaultCamelContext();
        context.getPropertiesComponent().setInitialProperties(settings);
        context.addRoutes(new Definitions());
        EmbeddedRoutes.addTo(context);
        context.start();
        return context;
    }
}
