package io.github.aepdataflows;

import io.github.aepdataflows.settings.SettingsException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.camel.main.Main;

/** Starts Camel Main with the routes and settings that lie beside the program, wherever it is started from. */
public final class Application {

    private static final int UNUSABLE_SETTINGS = 2;

    private Application() {
    }

    public static void main(String[] args) throws Exception {
        boolean demo = "demo".equals(System.getProperty("camel.main.profile"));
        try {
            System.exit(demo ? Demo.run(args) : main("classpath:application.properties").run(args));
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
        Main main = new Main(Application.class);
        main.setPropertyPlaceholderLocations(properties + ";optional=true,classpath:aep-dataflows/application.properties");
        main.configure().withRoutesIncludePattern("classpath:aep-dataflows/*.camel.yaml");
        Path home = home();
        if (Files.isDirectory(home.resolve("routes"))) {
            main.configure().withRoutesIncludePattern("file:" + home.resolve("routes") + "/*.camel.yaml");
        }
        if (Files.isRegularFile(home.resolve("config/connectors.yaml"))) {
            main.addInitialProperty("aep.connectors", "file:" + home.resolve("config/connectors.yaml"));
        }
        return main;
    }

    /** Says what kept the application from starting, and returns the exit code for it. */
    private static int explain(Exception failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SettingsException) {
                System.err.println(cause.getMessage());
                System.err.println("Nothing was started. See config/application.properties for what each of them means.");
                return UNUSABLE_SETTINGS;
            }
        }
        failure.printStackTrace();
        return 1;
    }
}
