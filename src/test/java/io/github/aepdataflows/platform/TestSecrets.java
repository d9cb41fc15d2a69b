package io.github.aepdataflows.platform;

import java.nio.file.Path;
import java.util.Map;

/** The product's own secrets, in an environment that is the test's. */
public final class TestSecrets {

    private TestSecrets() {
    }

    public static Secrets of(Path folder, Map<String, String> environment) {
        return new ConfiguredSecrets(folder.toString(), environment::get);
    }
}
