package io.github.aepdataflows;

import java.util.Map;
import org.apache.camel.main.Main;

/** The application's own Main, not started yet, for tests in other packages. */
public final class TestMain {

    private TestMain() {
    }

    public static Main with(Map<String, String> settings) throws Exception {
        Main main = Application.main("classpath:application.properties");
        settings.forEach(main::addOverrideProperty);
        return main;
    }
}
