package io.github.aepdataflows.intake;

import io.github.aepdataflows.settings.Settings;
import io.github.aepdataflows.settings.SettingsException;
import java.util.HashMap;
import java.util.Map;
import org.apache.camel.CamelContext;
import org.apache.camel.Component;
import org.apache.camel.Endpoint;
import org.apache.camel.spi.ComponentResolver;
import org.apache.camel.support.DefaultComponent;
import org.apache.camel.support.PropertyBindingSupport;
import org.apache.camel.support.service.ServiceHelper;

/**
 * The component {@code aep-jms}: Camel's own for JMS, with the broker of the settings. It is made when a route first uses it, as the
 * program has neither that component nor the client of a broker: both lie in {@code ext/}.
 */
public final class Broker extends DefaultComponent {

    private static final String BEAN = "#bean:";
    private static final String CREDENTIALS = "org.springframework.jms.connection.UserCredentialsConnectionFactoryAdapter";
    private static final String ADVICE = "aep.jms.enabled needs the jars of camel-jms %s and of the broker's client in ext/ beside the"
            + " program's jar: ";

    private final Settings settings;
    private Component jms;

    public Broker(Settings settings) {
        this.settings = settings;
    }

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) throws Exception {
        Map<String, Object> own = new HashMap<>(parameters);
        parameters.clear();   // it is told of those that it does not know
        return jms().createEndpoint(uri, own);
    }

    private synchronized Component jms() throws Exception {
        if (jms == null) {
            CamelContext context = getCamelContext();
            Component made = context.getCamelContextExtension().getContextPlugin(ComponentResolver.class).resolveComponent("jms", context);
            if (made == null) {
                throw new SettingsException(ADVICE.formatted(context.getVersion()) + "there is no camel-jms");
            }
            made.setCamelContext(context);
            bind(made, Map.of(
                    "connectionFactory", connections(),
                    "transacted", true,
                    "lazyCreateTransactionManager", false,   // the session's own transaction
                    "objectMessageEnabled", false,
                    "disableReplyTo", true,
                    "errorHandlerLogStackTrace", false,
                    "concurrentConsumers", settings.integer("aep.jms.concurrency")));
            ServiceHelper.startService(made);
            jms = made;
        }
        return jms;
    }

    /** One object for consumer and producer, so that both share a session. */
    private Object connections() throws Exception {
        String named = settings.text("aep.jms.factory");
        if (named.startsWith(BEAN)) {
            return getCamelContext().getRegistry().lookupByName(named.substring(BEAN.length()));
        }
        try {
            Object plain = getCamelContext().getClassResolver().resolveMandatoryClass(named).getConstructor(String.class)
                    .newInstance(settings.text("aep.jms.url"));
            if (settings.text("aep.jms.user").isEmpty()) {
                return plain;
            }
            Object known = getCamelContext().getInjector().newInstance(getCamelContext().getClassResolver()
                    .resolveMandatoryClass(CREDENTIALS));
            bind(known, Map.of("targetConnectionFactory", plain, "username", settings.text("aep.jms.user"),
                    "password", settings.text("aep.jms.password")));
            return known;
        } catch (ClassNotFoundException e) {
            throw new SettingsException(ADVICE.formatted(getCamelContext().getVersion()) + "there is no " + named);
        }
    }

    private void bind(Object target, Map<String, Object> properties) {
        PropertyBindingSupport.build().withCamelContext(getCamelContext()).withTarget(target).withProperties(new HashMap<>(properties))
                .withReference(false).withPlaceholder(false).bind();
    }

    @Override
    protected void doStop() throws Exception {
        ServiceHelper.stopAndShutdownService(jms);
        super.doStop();
    }
}
