package io.github.aepdataflows.publish;

import io.github.aepdataflows.settings.Settings;
import io.github.aepdataflows.settings.SettingsException;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.apache.camel.CamelContext;
import org.apache.camel.Component;
import org.apache.camel.Endpoint;
import org.apache.camel.StartupListener;
import org.apache.camel.spi.ComponentResolver;
import org.apache.camel.support.DefaultComponent;
import org.apache.camel.support.PropertyBindingSupport;
import org.apache.camel.support.service.ServiceHelper;

/**
 * The component {@code aep-kafka}: Camel's own for Kafka, with the brokers of the settings. It is made when a route first uses it, as the
 * program has neither that component nor the client: both lie in {@code ext/}.
 */
public final class Kafka extends DefaultComponent {

    private static final String SECURITY = "org.apache.kafka.common.security.";
    private static final String FURTHER = "aep.kafka.properties";

    private final Settings settings;
    private Component kafka;

    public Kafka(Settings settings) {
        this.settings = settings;
    }

    @Override
    protected Endpoint createEndpoint(String uri, String remaining, Map<String, Object> parameters) throws Exception {
        Map<String, Object> own = new HashMap<>(parameters);
        parameters.clear();   // it is told of those that it does not know
        return kafka().createEndpoint(uri, own);
    }

    private synchronized Component kafka() throws Exception {
        if (kafka == null) {
            CamelContext context = getCamelContext();
            ComponentResolver components = context.getCamelContextExtension().getContextPlugin(ComponentResolver.class);
            Component made = components.resolveComponent("kafka", context);
            if (made == null) {
                throw new SettingsException("aep.kafka.enabled needs the jars of camel-kafka %s in ext/ beside the program's jar: there is"
                        .formatted(context.getVersion()) + " no camel-kafka");
            }
            made.setCamelContext(context);
            PropertyBindingSupport.build().withCamelContext(context).withTarget(made).withProperties(configuration()).withMandatory(true)
                    .withReference(false).withPlaceholder(false).bind();
            ServiceHelper.startService(made);
            if (made instanceof StartupListener listener) {
                context.addStartupListener(listener);   // its consumers begin when the context has started
            }
            kafka = made;
        }
        return kafka;
    }

    private Map<String, Object> configuration() throws SettingsException {
        Map<String, Object> values = new HashMap<>(Map.of("brokers", settings.text("aep.kafka.brokers"), "synchronous", true,
                "requestRequiredAcks", "all", "enableIdempotence", true,
                "maxBlockMs", 10_000, "requestTimeoutMs", 10_000, "deliveryTimeoutMs", 20_000, "lingerMs", 0));   // a stop waits no longer
        if (!settings.text("aep.kafka.user").isEmpty()) {
            String mechanism = settings.text("aep.kafka.mechanism");
            values.put("securityProtocol", "SASL_SSL");
            values.put("saslMechanism", mechanism);
            values.put("saslJaasConfig", "%s required username=%s password=%s;".formatted(
                    SECURITY + (mechanism.equals("PLAIN") ? "plain.PlainLoginModule" : "scram.ScramLoginModule"),
                    quoted(settings.text("aep.kafka.user")), quoted(settings.text("aep.kafka.password"))));
        }
        values.put("additionalProperties", further());   // wins over all others
        Map<String, Object> nested = new HashMap<>();
        values.forEach((name, value) -> nested.put("configuration." + name, value));
        return nested;
    }

    private static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    private Map<String, Object> further() throws SettingsException {
        Properties properties = new Properties();
        if (!settings.text(FURTHER).isEmpty()) {
            try (Reader reader = Files.newBufferedReader(Path.of(settings.text(FURTHER)), StandardCharsets.UTF_8)) {
                properties.load(reader);
            } catch (IOException | IllegalArgumentException e) {
                throw new SettingsException(FURTHER + " is no file that can be read: " + e.getClass().getSimpleName());
            }
        }
        Map<String, Object> all = new HashMap<>();
        properties.forEach((name, value) -> all.put(name.toString(), value));
        return all;
    }

    @Override
    protected void doStop() throws Exception {
        ServiceHelper.stopAndShutdownService(kafka);
        super.doStop();
    }
}
