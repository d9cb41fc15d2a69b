package io.github.aepdataflows.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.aepdataflows.ledger.Ledger;
import io.github.aepdataflows.platform.PlatformClient;
import io.github.aepdataflows.provision.Failure;
import io.github.aepdataflows.provision.OpenLedger;
import io.github.aepdataflows.settings.Settings;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.camel.Exchange;
import org.apache.camel.Ordered;
import org.apache.camel.RuntimeCamelException;
import org.apache.camel.component.properties.PropertiesComponent;
import org.apache.camel.main.BaseMainSupport;
import org.apache.camel.main.Main;
import org.apache.camel.main.MainListenerSupport;
import org.apache.camel.spi.PropertiesSource;
import org.apache.camel.util.IOHelper;

/**
 * The program for as long as one command lasts: its routes, settings and ledger, but no inbox, no schedule and no port, whatever
 * the settings say of them. Its log is for trouble only and goes to standard error, so that the output is the command's own.
 */
final class OneShot implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();
    /** What a definition becomes is in the ledger all the same, for whoever publishes. */
    private static final Map<String, String> NOTHING_BY_ITSELF = Map.ofEntries(
            Map.entry("aep.inbox.enabled", "false"), Map.entry("aep.audit.enabled", "false"), Map.entry("aep.audit.on-start", "false"),
            Map.entry("aep.alerts.enabled", "false"), Map.entry("aep.alerts.health", "false"), Map.entry("aep.journal.enabled", "false"),
            Map.entry("aep.audit.retry", "false"), Map.entry("aep.ops.port", "0"), Map.entry("aep.health.port", "0"),
            Map.entry("aep.jms.enabled", "false"), Map.entry("aep.kafka.publishing", "false"));

    /** How the ledger comes of the settings. */
    private interface Opening {
        Ledger of(Settings settings) throws Exception;
    }

    private final Main main;
    private final PrintWriter err;

    private OneShot(Main main, PrintWriter err) {
        this.main = main;
        this.err = err;
    }

    /**
     * @param readOnly whether the ledger is only read, which somebody else may be working with
     * @param anew     whether a ledger may be made where one was lost
     * @param err      where it says that it waits
     */
    static OneShot start(Program program, boolean readOnly, boolean anew, PrintWriter err) throws Exception {
        return started(program, readOnly, anew, err, main -> { });
    }

    /** The same with settings and ledger alone, which is only read. */
    static OneShot ledger(Program program, PrintWriter err) throws Exception {
        return alone(program, err, settings -> OpenLedger.of(settings, true, false));
    }

    /** The same, but the ledger is not opened. */
    static OneShot closedLedger(Program program, PrintWriter err) throws Exception {
        return alone(program, err, settings -> OpenLedger.closed(settings, false));
    }

    private static OneShot alone(Program program, PrintWriter err, Opening opening) throws Exception {
        return started(program, true, false, err, main -> {
            main.configure().withRoutesCollectorEnabled(false);
            main.addMainListener(new LedgerAlone(opening));
        });
    }

    private static OneShot started(Program program, boolean readOnly, boolean anew, PrintWriter err, Consumer<Main> change)
            throws Exception {
        quieten();
        Main main = program.main();
        NOTHING_BY_ITSELF.forEach(main::addOverrideProperty);
        main.addOverrideProperty("aep.ledger.read-only", String.valueOf(readOnly));
        if (anew) {
            main.addOverrideProperty("aep.ledger.anew", "true");
        }
        main.configure().withRouteFilterExcludePattern("file:*,timer:*,aep-quartz:*");   // not even made: their threads would be
        main.addMainListener(new EnvironmentAsAnySource());
        change.accept(main);
        try {
            main.start();
        } catch (Exception e) {
            main.stop();
            throw e;
        }
        return new OneShot(main, err);
    }

    /** The file log4j2.properties asks for these when the first logger is made, which must not have happened yet. */
    private static void quieten() {
        Map.of("aep.log.target", "SYSTEM_ERR", "aep.log.level", "warn", "aep.log.shown", "off").forEach((name, value) -> {
            if (System.getProperty(name) == null) {
                System.setProperty(name, value);
            }
        });
    }

    /** What an endpoint of ours answers, as JSON. What has failed is thrown, as it was thrown there. */
    JsonNode ask(String endpoint, Object body) throws Exception {
        return json(request(endpoint, body, Map.of()));
    }

    /** The exchange after it, which had these variables. */
    Exchange request(String endpoint, Object body, Map<String, Object> variables) throws Exception {
        Exchange exchange = send(endpoint, body, variables);
        if (exchange.getException() != null) {
            throw exchange.getException();
        }
        return exchange;
    }

    /** The same; what has failed is the exchange's exception. */
    Exchange send(String endpoint, Object body, Map<String, Object> variables) {
        Optional<PlatformClient> platform = Optional.ofNullable(bean("aepPlatformClient", PlatformClient.class));
        Waiting waiting = new Waiting(platform, bean("aepSettings", Settings.class).url(), err);
        try {
            return main.getCamelContext().createFluentProducerTemplate().to(endpoint).withProcessor(asked -> {
                asked.getMessage().setBody(body);
                variables.forEach(asked::setVariable);
            }).request(Exchange.class);
        } finally {
            waiting.close();
        }
    }

    /** The answer, or the error document of what has failed. A failure without one is thrown, as it was thrown there. */
    static JsonNode document(Exchange exchange) throws Exception {
        Failure failure = exchange.getVariable(Failure.NAME, Failure.class);
        if (failure == null && exchange.getException() != null) {
            throw exchange.getException();
        }
        return failure == null ? json(exchange) : failure.document();
    }

    static boolean isFailed(Exchange exchange) {
        return exchange.getVariable(Failure.NAME) != null;
    }

    static JsonNode json(Exchange exchange) throws IOException {
        return JSON.readTree(exchange.getMessage().getBody(String.class));
    }

    <T> T bean(String name, Class<T> type) {
        return main.getCamelContext().getRegistry().lookupByNameAndType(name, type);
    }

    @Override
    public void close() {
        main.stop();
    }

    /** In place of beans.camel.yaml: what a look into the ledger needs. */
    private static final class LedgerAlone extends MainListenerSupport {

        private final Opening opening;
        private Ledger ledger;

        private LedgerAlone(Opening opening) {
            this.opening = opening;
        }

        @Override
        public void afterConfigure(BaseMainSupport main) {
            Settings settings = new Settings();
            settings.setCamelContext(main.getCamelContext());
            try {
                ledger = opening.of(settings);
            } catch (Exception e) {
                throw RuntimeCamelException.wrapRuntimeCamelException(e);
            }
            main.getCamelContext().getRegistry().bind("aepSettings", settings);
            main.getCamelContext().getRegistry().bind("aepLedger", ledger);
        }

        @Override
        public void afterStop(BaseMainSupport main) {
            if (ledger != null) {
                ledger.close();
            }
        }
    }

    /** Camel asks the environment before all else, so that AEP_HEALTH_PORT of an image would win over what a command needs. */
    private static final class EnvironmentAsAnySource extends MainListenerSupport implements PropertiesSource, Ordered {

        @Override
        public void beforeInitialize(BaseMainSupport main) {
            PropertiesComponent properties = (PropertiesComponent) main.getCamelContext().getPropertiesComponent();
            properties.setEnvironmentVariableMode(PropertiesComponent.ENVIRONMENT_VARIABLES_MODE_NEVER);
            properties.setSystemPropertiesMode(PropertiesComponent.SYSTEM_PROPERTIES_MODE_NEVER);
            properties.addPropertiesSource(this);
        }

        @Override
        public String getName() {
            return "environment";
        }

        @Override
        public String getProperty(String name) {
            String value = IOHelper.lookupEnvironmentVariable(name);
            return value == null ? System.getProperty(name) : value;
        }

        @Override
        public int getOrder() {
            return HIGHEST;   // still below what the command needs
        }
    }
}
