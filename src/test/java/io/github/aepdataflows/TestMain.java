package io.github.aepdataflows;

import java.util.Map;
import org.apache.camel.main.Main;
import org.apache.camel.main.SimpleMainShutdownStrategy;

/** The application's own Main, not started yet. */
public final class TestMain {

    private TestMain() {
    }

    public static Main with(Map<String, String> settings) throws Exception {
        Main main = Application.main("classpath:application.properties");
        // Camel's own has a hook for the end of the JVM: it would keep every application that a test has started until then
        main.setShutdownStrategy(new SimpleMainShutdownStrategy());
        settings.forEach(main::addOverrideProperty);
        return main;
    }
}
