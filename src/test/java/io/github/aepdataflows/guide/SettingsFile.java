package io.github.aepdataflows.guide;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** What {@code config/application.properties} sets, and the four that it only names. */
final class SettingsFile {

    private static final Pattern LINE = Pattern.compile("(?m)^#?(aep\\.[a-z.-]+) *= ?(.*)$");
    private static final Set<String> REQUIRED = Set.of("aep.client-id", "aep.client-secret", "aep.org-id", "aep.sandbox");

    private SettingsFile() {
    }

    /** Each with its default, which is empty where it has none. */
    static Map<String, String> defaults() {
        Map<String, String> defaults = new TreeMap<>();
        try {
            LINE.matcher(Files.readString(Path.of("config/application.properties"))).results()
                    .forEach(line -> defaults.put(line.group(1), REQUIRED.contains(line.group(1)) ? "" : line.group(2).strip()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return defaults;
    }

    static Set<String> names() {
        return defaults().keySet();
    }

    /** The environment variable of a setting. */
    static String variable(String name) {
        return name.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
    }
}
