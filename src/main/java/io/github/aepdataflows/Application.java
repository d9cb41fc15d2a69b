package io.github.aepdataflows;

import io.github.aepdataflows.cli.AepDataflows;
import io.github.aepdataflows.cli.Program;
import io.github.aepdataflows.ledger.Ledger;
import io.github.aepdataflows.settings.Defaults;
import io.github.aepdataflows.settings.Settings;
import java.io.IOException;
import java.io.InputStream;
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

    private static final String LOG_CONFIGURATION = "log4j2.configurationFile";
    private static final String CONNECTORS = "config/connectors.yaml";

    private Application() {
    }

    public static void main(String[] args) throws URISyntaxException {
        Path log = home().resolve("config/log4j2.properties");
        if (Files.isRegularFile(log) && System.getProperty(LOG_CONFIGURATION) == null) {
            System.setProperty(LOG_CONFIGURATION, log.toUri().toString());
        }
        System.exit(AepDataflows.of(new Started(), args).execute(args));
    }

    /** What the command line starts. */
    private static final class Started implements Program {

        @Override
        public int run() throws Exception {
            boolean demo = "demo".equals(System.getProperty("camel.main.profile"));
            return demo ? Demo.run() : main().run(NO_ARGUMENTS);
        }

        @Override
        public InputStream connectors() throws IOException {
            try {
                Path beside = home().resolve(CONNECTORS);
                return Files.isRegularFile(beside) ? Files.newInputStream(beside)
                        : Application.class.getResourceAsStream("/aep-dataflows/connectors.yaml");
            } catch (URISyntaxException e) {
                throw new IOException(e);
            }
        }

        @Override
        public Main main() throws URISyntaxException {
            return Application.main(settings("application.properties"));
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

    /** Where Camel finds these settings: in config/, or on the class path of a test. */
    static String settings(String name) throws URISyntaxException {
        Path file = home().resolve("config").resolve(name);
        return Files.isRegularFile(file) ? "file:" + file : "classpath:" + name;
    }

    /** A Camel Main that reads these properties first, and the packaged defaults for what they leave out. */
    static Main main(String properties) throws URISyntaxException {
        hideSettings();
        Main main = new Main();
        main.setPropertyPlaceholderLocations(properties + ";optional=true");
        Defaults.addresses().forEach(main::addInitialProperty);
        // camel.main.* in application.properties wins over these
        main.configure().withName("aep-dataflows").withJmxEnabled(false).withAutoConfigurationLogSummary(false)
                .withShutdownTimeout(25).withShutdownLogInflightExchangesOnTimeout(false);
        Path home = home();
        main.configure().withRoutesIncludePattern(routes(home.resolve("routes")));
        if (Files.isRegularFile(home.resolve(CONNECTORS))) {
            main.addInitialProperty("aep.connectors", "file:" + home.resolve(CONNECTORS));
        }
        if (Files.isRegularFile(home.resolve("config/secrets.yaml"))) {
            main.addInitialProperty("aep.secrets-allow", home.resolve("config/secrets.yaml").toString());
        }
        main.addMainListener(new StartAndStop());
        return main;
    }

    /** The routes of the folder: in place of the packaged ones where it has all of them, else beside them. */
    private static String routes(Path folder) {
        String packaged = "classpath:aep-dataflows/*.camel.yaml";
        if (!Files.isDirectory(folder)) {
            return packaged;
        }
        String own = "file:" + folder + "/*.camel.yaml";
        return Files.isRegularFile(folder.resolve("beans.camel.yaml")) ? own : packaged + "," + own;
    }

    /**
     * At debug, Camel would log each setting with its value, so that level is forced up whatever the log configuration says. Settings
     * refuse to be read where that is not possible.
     */
    static void hideSettings() {
        try {
            Class<?> level = Class.forName("org.apache.logging.log4j.Level");
            Class.forName("org.apache.logging.log4j.core.config.Configurator").getMethod("setAllLevels", String.class, level)
                    .invoke(null, "org.apache.camel.component.properties", level.getField("INFO").get(null));
        } catch (ReflectiveOperationException | LinkageError e) {
            LoggerFactory.getLogger("aep").debug("the log is not of Log4j: {}", e.toString());
        }
    }

    /** Says in a line each that the application is there, and that it goes. */
    private static final class StartAndStop extends MainListenerSupport {

        // made as late as this: what a command wants of the log has to be known before the first logger is made
        private static final Logger LOG = LoggerFactory.getLogger("aep");

        @Override
        public void afterStart(BaseMainSupport main) {
            Settings settings = main.getCamelContext().getRegistry().lookupByNameAndType("aepSettings", Settings.class);
            Ledger ledger = main.getCamelContext().getRegistry().lookupByNameAndType("aepLedger", Ledger.class);
            Path inbox = Path.of(settings.dataDir(), "inbox").toAbsolutePath();
            int port = settings.integer("aep.ops.port");
            String page = port == 0 ? "" : ", page http://%s:%d/".formatted(settings.text("aep.ops.bind"), port);
            if (ledger == null || ledger.isOpen()) {
                LOG.info("started: sandbox {} at {}, inbox {}{}", settings.sandbox(), settings.url(), inbox, page);
            } else {
                LOG.warn("waiting: nothing is taken out of {} until the ledger can be opened: {}{}", inbox, ledger.trouble().orElse(""),
                        page);
            }
        }

        @Override
        public void beforeStop(BaseMainSupport main) {
            LOG.info("stopping: the definitions in work are finished first, the others stay in the inbox");
        }
    }
}
