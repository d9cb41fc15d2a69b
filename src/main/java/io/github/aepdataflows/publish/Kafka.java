package io.github.aepdataflows.publish;

import io.github.aepdataflows.settings.ExtComponent;
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

/** The component {@code aep-kafka}: Camel's own for Kafka, with the brokers of the settings. */
public final class Kafka extends ExtComponent {

    private static final String SECURITY = "org.apache.kafka.common.security.";
    private static final String FURTHER = "aep.kafka.properties";

    public Kafka(Settings settings) {
        super(settings, "kafka", "aep.kafka.enabled needs the jars of camel-kafka %s in ext/ beside the program's jar");
    }

    @Override
    protected Map<String, Object> configuration() throws SettingsException {
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
}
