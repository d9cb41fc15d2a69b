package io.github.aepdataflows;

import io.github.aepdataflows.provision.ResourceRoutes;
import io.github.aepdataflows.settings.Defaults;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.apache.camel.RoutesBuilder;
import org.apache.camel.model.BeanFactoryDefinition;
import org.apache.camel.model.ModelCamelContext;
import org.apache.camel.model.RouteConfigurationDefinition;
import org.apache.camel.model.RouteDefinition;
import org.apache.camel.model.RouteTemplateDefinition;
import org.apache.camel.spi.Resource;
import org.apache.camel.spi.RoutesLoader;
import org.apache.camel.support.PluginHelper;

/** Adds the packaged routes to the Camel context of a host, running or not, and takes them away again. */
public final class EmbeddedRoutes {

    private static final String BEANS = "beans.camel.yaml";
    private static final Pattern OURS = Pattern.compile(".*\\baep-dataflows/[a-z-]+\\.camel\\.yaml");

    private EmbeddedRoutes() {
    }

    /**
     * Loads {@code classpath:aep-dataflows/*.camel.yaml}. The settings are those of the host, whatever way it sets them; the packaged
     * defaults yield to each. Where the routes cannot be added, nothing of them stays.
     *
     * <p>The beans come first and alone: among several files, Camel would make them a second time after the first routes of
     * a running context had been started with them, and close the first ones.
     *
     * @throws IllegalStateException if the context has the routes already; nothing is touched then
     */
    public static void addTo(CamelContext context) throws Exception {
        if (((ModelCamelContext) context).getRouteDefinition("aep-provision") != null) {
            throw new IllegalStateException("the context " + context.getName() + " has the routes of aep-dataflows already");
        }
        Defaults.addTo(context);
        List<Resource> routes = new ArrayList<>(PluginHelper.getPackageScanResourceResolver(context)
                .findResources("classpath:aep-dataflows/*.camel.yaml"));
        Resource beans = routes.stream().filter(file -> file.getLocation().endsWith(BEANS)).findFirst()
                .orElseThrow(() -> new IllegalStateException("aep-dataflows/" + BEANS + " is not on the class path"));
        routes.remove(beans);
        try {
            RoutesLoader loader = PluginHelper.getRoutesLoader(context);
            loader.loadRoutes(beans);
            loader.loadRoutes(routes);
            if (context.isStarted()) {   // else they are made when it starts
                context.getRegistry().lookupByNameAndType("aepResourceRoutes", ResourceRoutes.class).addRoutes();
            }
        } catch (Exception e) {
            removeFrom(context);
            throw e;
        }
    }

    /**
     * Adds one of several sets of the routes, for a sandbox or a tenant each, with its own beans, threads, rate and ledger. Its endpoints
     * end in the name: {@code direct:aep-provision-NAME}.
     *
     * @param name     lower-case letters, digits and hyphens
     * @param settings all {@code aep.*} settings of it, among them a folder of its own; those of the host do not count, but a value may
     *                 name one as {@code {{…}}}
     * @throws IllegalStateException if the context has routes of that name already; nothing is touched then
     */
    public static void addTo(CamelContext context, String name, Properties settings) throws Exception {
        if (!name.matches("[a-z0-9-]+")) {
            throw new IllegalArgumentException("a name has lower-case letters, digits and hyphens only: " + name);
        }
        if (context.getRegistry().lookupByName(NamedRoutes.group(name)) != null) {
            throw new IllegalStateException("the context %s has the routes of aep-dataflows named %s already"
                    .formatted(context.getName(), name));
        }
        NamedRoutes routes = new NamedRoutes(context, name, settings);
        context.getRegistry().bind(NamedRoutes.group(name), routes);
        try {
            context.addService(routes, true, true);
            context.addRoutes(routes.endpoints());
        } catch (Exception e) {
            removeFrom(context, name);
            throw e;
        }
    }

    /** Removes those of that name, as {@link #removeFrom(CamelContext)} does the others. */
    public static void removeFrom(CamelContext context, String name) throws Exception {
        removeRoutes(context, route -> NamedRoutes.group(name).equals(route.getGroup()));
        NamedRoutes routes = context.getRegistry().lookupByNameAndType(NamedRoutes.group(name), NamedRoutes.class);
        if (routes != null) {
            context.removeService(routes);
            routes.stop();
            context.getRegistry().unbind(NamedRoutes.group(name));
        }
    }

    /** The same for a host that collects its routes: as a bean in Spring Boot, by {@code addRoutesBuilder} in Camel Main. */
    public static RoutesBuilder builder() {
        return new RoutesBuilder() {
            @Override
            public void addRoutesToCamelContext(CamelContext context) throws Exception {
                addTo(context);
            }

            @Override
            public void addTemplatedRoutesToCamelContext(CamelContext context) {
                // the templates come with the routes
            }

            @Override
            public Set<String> updateRoutesToCamelContext(CamelContext context) {
                return Set.of();
            }
        };
    }

    /**
     * Removes the routes, their templates, beans and threads, and closes the ledger. Work that has begun is finished first, for as long
     * as the context's shutdown strategy allows. The routes can then be added again. Does nothing to a context that has none of them.
     */
    public static void removeFrom(CamelContext context) throws Exception {
        ModelCamelContext model = (ModelCamelContext) context;
        removeRoutes(context, route -> isOurs(route.getInput().getLocation()));
        for (RouteTemplateDefinition template : List.copyOf(model.getRouteTemplateDefinitions())) {
            if (isOurs(template.getResource())) {
                model.removeRouteTemplateDefinition(template);
            }
        }
        for (RouteConfigurationDefinition errors : List.copyOf(model.getRouteConfigurationDefinitions())) {
            if (isOurs(errors.getResource())) {
                model.removeRouteConfiguration(errors);
            }
        }
        ResourceRoutes resources = context.getRegistry().lookupByNameAndType("aepResourceRoutes", ResourceRoutes.class);
        context.getLifecycleStrategies().remove(resources);
        List<String> beans = new ArrayList<>(model.getCustomBeans().stream().filter(bean -> isOurs(bean.getResource()))
                .map(BeanFactoryDefinition::getName).distinct().toList());
        Collections.reverse(beans);   // who uses another was made after it
        for (String bean : beans) {
            context.removeComponent(bean);   // if it is one
            context.getRegistry().unbind(bean);
        }
        model.getCustomBeans().removeIf(bean -> isOurs(bean.getResource()));
    }

    private static void removeRoutes(CamelContext context, Predicate<RouteDefinition> which) throws Exception {
        ModelCamelContext model = (ModelCamelContext) context;
        List<RouteDefinition> routes = model.getRouteDefinitions().stream().filter(which).toList();
        for (RouteDefinition route : routes) {
            context.getRouteController().stopRoute(route.getRouteId());
        }
        for (RouteDefinition route : routes) {
            context.removeRoute(route.getRouteId());
        }
        model.removeRouteDefinitions(model.getRouteDefinitions().stream().filter(which).toList());
    }

    /** A name does not tell: a host may call its own alike. */
    private static boolean isOurs(Resource file) {
        return file != null && isOurs(file.getLocation());
    }

    private static boolean isOurs(String location) {
        return location != null && OURS.matcher(location).matches();
    }
}
