package io.github.aepdataflows.platform;

import io.github.aepdataflows.definition.Connectors;
import io.github.aepdataflows.settings.Settings;
import org.apache.camel.support.ResourceHelper;

/** Where the connectors are: {@code connectors.yaml}. */
public final class ConnectorsFile {

    private ConnectorsFile() {
    }

    /**
     * It is read when the first connector is needed; with an inbox now, so that a mistake in it stops the start and not the definitions.
     *
     * @param location as in {@code classpath:aep-dataflows/connectors.yaml}
     * @throws IllegalArgumentException naming each of its faults
     */
    public static Connectors at(Settings settings, String location) {
        Connectors connectors = Connectors.in(() -> ResourceHelper.resolveMandatoryResourceAsInputStream(settings.getCamelContext(),
                location));
        if (settings.text("aep.inbox.enabled").equals("true")) {
            connectors.all();
        }
        return connectors;
    }
}
