package io.github.aepdataflows;

import java.util.List;
import java.util.Properties;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.properties.PropertiesComponent;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.support.service.ServiceSupport;

/**
 * One of several sets of the routes that a host has, for a sandbox or a tenant each: a Camel context of its own with its own settings,
 * beans, rate and ledger. It starts and stops with the host, which reaches it by {@code direct:aep-provision-NAME} and so on.
 */
final class NamedRoutes extends ServiceSupport {

    private static final List<String> ENDPOINTS = List.of("provision", "provision-all", "check", "plan", "export", "adopt", "export-list",
            "prune", "run-flow", "retry-flow", "rebuild", "compare-connectors", "audit");
    private static final String BEAN = "#bean:";

    private final DefaultCamelContext own = new DefaultCamelContext();
    private final CamelContext host;
    private final String name;
    private ProducerTemplate template;

    NamedRoutes(CamelContext host, String name, Properties settings) {
        this.host = host;
        this.name = name;
        own.getCamelContextExtension().setName(group(name) + "-" + host.getName());
        own.disableJMX();
        PropertiesComponent component = (PropertiesComponent) own.getPropertiesComponent();
        component.setEnvironmentVariableMode(PropertiesComponent.ENVIRONMENT_VARIABLES_MODE_NEVER);
        component.setSystemPropertiesMode(PropertiesComponent.SYSTEM_PROPERTIES_MODE_NEVER);
        for (String setting : settings.stringPropertyNames()) {
            String value = host.resolvePropertyPlaceholders(settings.getProperty(setting));
            component.addOverrideProperty(setting, value);
            if (value.startsWith(BEAN)) {
                String bean = value.substring(BEAN.length());
                own.getRegistry().bind(bean, host.getRegistry().lookupByName(bean));
            }
        }
    }

    /** The name of the service in the host's registry, and the group of its routes. */
    static String group(String name) {
        return "aep-named-" + name;
    }

    /** The routes of the host that lead to these. */
    RouteBuilder endpoints() {
        return new RouteBuilder(host) {
            @Override
            public void configure() {
                for (String endpoint : ENDPOINTS) {
                    String id = "aep-%s-%s".formatted(endpoint, name);
                    from("direct:" + id).routeId(id).routeGroup(group(name)).errorHandler(noErrorHandler())
                            .process(exchange -> pass(exchange, "direct:aep-" + endpoint));
                }
            }
        };
    }

    private void pass(Exchange asked, String endpoint) {
        Exchange answered = template.request(endpoint, inside -> copy(asked, inside));
        asked.getMessage().removeHeaders("*");
        List.copyOf(asked.getVariables().keySet()).stream().filter(name -> !answered.getVariables().containsKey(name))
                .forEach(asked::removeVariable);
        copy(answered, asked);
        asked.setException(answered.getException());
    }

    private static void copy(Exchange from, Exchange to) {
        to.getMessage().setBody(from.getMessage().getBody());
        from.getMessage().getHeaders().forEach(to.getMessage()::setHeader);
        from.getVariables().forEach(to::setVariable);
    }

    @Override
    protected void doStart() throws Exception {
        EmbeddedRoutes.addTo(own);
        own.start();
        template = own.createProducerTemplate();
    }

    @Override
    protected void doStop() {
        own.stop();
    }
}
