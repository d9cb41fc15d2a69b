package io.github.aepdataflows;

import io.github.aepdataflows.provision.ResourceRoutes;
import java.util.ArrayList;
import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.spi.Resource;
import org.apache.camel.spi.RoutesLoader;
import org.apache.camel.support.PluginHelper;

/** Adds the packaged routes to the Camel context of a host, running or not. */
public final class EmbeddedRoutes {

    private static final String BEANS = "beans.camel.yaml";

    private EmbeddedRoutes() {
    }

    /**
     * Loads {@code classpath:aep-dataflows/*.camel.yaml}, and before them the defaults of the {@code aep.*} settings, which
     * yield to whatever the host sets.
     *
     * <p>The beans come first and alone: among several files, Camel would make them a second time after the first routes of
     * a running context had been started with them, and close the first ones.
     */
    public static void addTo(CamelContext context) throws Exception {
        context.getPropertiesComponent().addLocation("classpath:aep-dataflows/application.properties");
        List<Resource> routes = new ArrayList<>(PluginHelper.getPackageScanResourceResolver(context)
                .findResources("classpath:aep-dataflows/*.camel.yaml"));
        Resource beans = routes.stream().filter(file -> file.getLocation().endsWith(BEANS)).findFirst()
                .orElseThrow(() -> new IllegalStateException("aep-dataflows/" + BEANS + " is not on the class path"));
        routes.remove(beans);
        RoutesLoader loader = PluginHelper.getRoutesLoader(context);
        loader.loadRoutes(beans);
        loader.loadRoutes(routes);
        if (context.isStarted()) {   // else they are made when it starts
            context.getRegistry().lookupByNameAndType("aepResourceRoutes", ResourceRoutes.class).addRoutes();
        }
    }
}
