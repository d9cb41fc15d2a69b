package io.github.aepdataflows;

import io.github.aepdataflows.cli.AepDataflows;
import io.github.aepdataflows.cli.Program;
import io.github.aepdataflows.settings.Settings;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.camel.main.BaseMainSupport;
import org.apache.camel.main.Main;
import org.apache.camel.main.MainListenerSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Starts Camel Main with the routes and settings that lie beside the program, wherever it is started from. */
public final class Application {

    static final String[] NO_ARGUMENTS = {};

    private Application() {
    }

    public static void main(String[] args) {
        System.exit(AepDataflows.of(new Started()).execute(args));
    }

    /** What the command line starts. */
    private static final class Started implements Program {

        @Override
        public int run() throws Exception {
            boolean demo = "demo".equals(System.getProperty("camel.main.profile"));
            return demo ? Demo.run() : main().run(NO_ARGUMENTS);
        }

        @Override
        public Main main() throws URISyntaxException {
            return Application.main("classpath:application.properties");
        }

        @Override
        public void simulator(String... arguments) throws InterruptedException {
            Demo.simulator(arguments);
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

    /** Says in a line each that the application is there, and that it goes. */
    private static final class StartAndStop extends MainListenerSupport {

        // made as late as this: what a command wants of the log has to be known before the first logger is made
        private static final Logger LOG = LoggerFactory.getLogger("aep");

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
}
