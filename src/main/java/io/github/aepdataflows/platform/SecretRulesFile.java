package io.github.aepdataflows.platform;

import io.github.aepdataflows.definition.Connectors;
import io.github.aepdataflows.definition.SecretRules;
import io.github.aepdataflows.settings.Settings;
import io.github.aepdataflows.settings.SettingsException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.camel.support.ResourceHelper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the rules of the file {@code aep.secrets-allow}. */
public final class SecretRulesFile {

    private static final String SCHEMA = "classpath:aep-dataflows/secrets.schema.json";
    private static final Logger LOG = LoggerFactory.getLogger("aep.platform");

    private SecretRulesFile() {
    }

    /**
     * Without such a file every secret may be sent to every source, of which a warning tells.
     *
     * @param onlyReads whether nothing will be sent, so that there is nothing to warn of
     * @throws SettingsException naming every fault of the file
     */
    public static SecretRules read(Settings settings, Connectors connectors, boolean onlyReads) throws IOException {
        String file = settings.text("aep.secrets-allow");
        if (file.isEmpty()) {
            if (settings.hasSecretsOfSources() && !onlyReads) {
                LOG.warn("every definition can send every secret to every source: write a file that says where each may be sent, and let "
                        + "aep.secrets-allow name it");
            }
            return SecretRules.none();
        }
        try (InputStream schema = ResourceHelper.resolveMandatoryResourceAsInputStream(settings.getCamelContext(), SCHEMA)) {
            return SecretRules.read(file, Files.readAllBytes(Path.of(file)), schema, connectors);
        } catch (IllegalArgumentException faults) {
            throw new SettingsException("The file %s (aep.secrets-allow) has faults:%n%s".formatted(file, faults.getMessage()));
        }
    }
}
