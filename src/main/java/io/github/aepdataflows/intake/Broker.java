package io.github.aepdataflows.intake;

import io.github.aepdataflows.settings.ExtComponent;
import io.github.aepdataflows.settings.Settings;
import java.util.Map;

/** The component {@code aep-jms}: Camel's own for JMS, with the broker of the settings. */
public final class Broker extends ExtComponent {

    private static final String BEAN = "#bean:";
    private static final String CREDENTIALS = "org.springframework.jms.connection.UserCredentialsConnectionFactoryAdapter";

    public Broker(Settings settings) {
        super(settings, "jms", "aep.jms.enabled needs the jars of camel-jms %s and of the broker's client in ext/ beside the program's"
                + " jar");
    }

    @Override
    protected Map<String, Object> configuration() throws Exception {
        return Map.of(
                "connectionFactory", connections(),
                "transacted", true,
                "lazyCreateTransactionManager", false,   // the session's own transaction
                "objectMessageEnabled", false,
                "disableReplyTo", true,
                "errorHandlerLogStackTrace", false,
                "concurrentConsumers", settings.integer("aep.jms.concurrency"));
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
            throw missing(named);
        }
    }
}
