package io.github.aepdataflows;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.aepdataflows.ledger.LedgerException;
import io.github.aepdataflows.settings.Settings;
import io.github.aepdataflows.settings.SettingsException;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.apache.camel.main.BaseMainSupport;
import org.apache.camel.main.Main;
import org.apache.camel.main.MainListenerSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts Camel Main with the routes and settings that lie beside the program, wherever it is started from. */
public final class Application {

    private static final Logger LOG = LoggerFactory.getLogger("aep");
    static final String[] NO_ARGUMENTS = {};
    private static final int UNUSABLE_SETTINGS = 2;
    private static final int UNUSABLE_ARGUMENTS = 64;

    private Application() {
    }

    public static void main(String[] args) {
        boolean rebuild = args.length == 1 && args[0].equals("rebuild");
        if (args.length > 0 && !rebuild) {
            System.out.println("""
                    aep-dataflows turns definitions that are dropped into data/inbox into dataflows on Adobe Experience Platform.
                    Without arguments it runs until it is stopped. Settings come from config/application.properties and from the
                    environment; these four are required: AEP_CLIENT_ID, AEP_CLIENT_SECRET, AEP_ORG_ID, AEP_SANDBOX.
                    For the demo, which needs none:  java -Dcamel.main.profile=demo -jar aep-dataflows.jar
                    To make a lost ledger again from data/done, creating nothing:  java -jar aep-dataflows.jar rebuild""");
            System.exit(args[0].equals("--help") ? 0 : UNUSABLE_ARGUMENTS);
        }
        boolean demo = "demo".equals(System.getProperty("camel.main.profile"));
        try {
            System.exit(demo ? Demo.run() : rebuild ? rebuild() : main("classpath:application.properties").run(NO_ARGUMENTS));
        } catch (Exception e) {
            System.exit(explain(e));
        }
    }

    /** The folder that holds config/ and routes/: the one above where the program's jar, or its classes, lie. */
    static Path home() throws URISyntaxException {
        return Path.of(Application.class.getProtectionDomain().getCodeSource().getLocation().toURI()).getParent().getParent();
    }

    /** A Camel Main that reads these properties first, and the packaged defaults for what they leave out. */
    static Main main(String properties) throws URISyntaxException {
        Main main = new Main();
        main.setPropertyPlaceholderLocations(properties + ";optional=true,classpath:aep-dataflows/application.properties");
        // camel.main.* in application.properties wins over these
        main.configure().withName("aep-dataflows").withJmxEnabled(false).withAutoConfigurationLogSummary(false)
                .withShutdownTimeout(90).withShutdownLogInflightExchangesOnTimeout(false);
        main.configure().withRoutesIncludePattern("classpath:aep-dataflows/*.camel.yaml");
        Path home = home();
        if (Files.isDirectory(home.resolve("routes"))) {
            main.configure().withRoutesIncludePattern("file:" + home.resolve("routes") + "/*.camel.yaml");
        }
        if (Files.isRegularFile(home.resolve("config/connectors.yaml"))) {
            main.addInitialProperty("aep.connectors", "file:" + home.resolve("config/connectors.yaml"));
        }
        main.addMainListener(new StartAndStop());
        return main;
    }

    /** Makes a lost ledger again and ends. Exit code 1 when a definition in done/ could not be taken back into it. */
    private static int rebuild() throws Exception {
        Main main = main("classpath:application.properties");
        main.addOverrideProperty("aep.inbox.enabled", "false");
        main.addOverrideProperty("aep.audit.enabled", "false");
        main.start();
        try {
            String rebuilt = main.getCamelTemplate().requestBody("direct:aep-rebuild", "", String.class);
            System.out.println(rebuilt);
            return Set.of("adopted", "unchanged").containsAll(new ObjectMapper().readTree(rebuilt).findValuesAsText("outcome")) ? 0 : 1;
        } finally {
            main.stop();
        }
    }

    /** Says in a line each that the application is there, and that it goes. */
    private static final class StartAndStop extends MainListenerSupport {

        @Override
        public void afterStart(BaseMainSupport main) {
            Settings settings = main.getCamelContext().getRegistry().lookupByNameAndType("aepSettings", Settings.class);
            LOG.info("started: sandbox {} at {}, inbox {}", settings.sandbox(), settings.url(),
                    Path.of(settings.dataDir(), "inbox").toAbsolutePath());
        }

        @Override
        public void beforeStop(BaseMainSupport main) {
            LOG.info("stopping: the definitions in work are finished first, the others stay in the inbox");
        }
    }

    /** Says what kept the application from starting, and returns the exit code for it. */
    private static int explain(Exception failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SettingsException) {
                System.err.println(cause.getMessage());
                System.err.println("Nothing was started. See config/application.properties for what each of them means.");
                return UNUSABLE_SETTINGS;
            } else if (cause instanceof IOException || cause instanceof LedgerException) {
                System.err.println("The application could not start: " + cause.getMessage());
                return 1;
            }
        }
        failure.printStackTrace();
        return 1;
    }
}
