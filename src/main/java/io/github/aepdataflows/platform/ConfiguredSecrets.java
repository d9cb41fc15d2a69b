package io.github.aepdataflows.platform;

import io.github.aepdataflows.settings.Settings;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/** Secrets from the folder {@code aep.secrets-dir}, and where it has none of the name, from the environment. An empty one is none. */
public final class ConfiguredSecrets implements Secrets {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");

    private final Optional<SecretsFolder> folder;
    private final UnaryOperator<String> environment;

    public ConfiguredSecrets(Settings settings) {
        this(settings.text("aep.secrets-dir"), System::getenv);
    }

    /** @param folder empty for none */
    ConfiguredSecrets(String folder, UnaryOperator<String> environment) {
        this.folder = folder.isEmpty() ? Optional.empty() : Optional.of(new SecretsFolder(Path.of(folder)));
        this.environment = environment;
    }

    @Override
    public Optional<String> find(String name) {
        if (!NAME.matcher(name).matches()) {
            return Optional.empty();
        }
        return folder.flatMap(mounted -> mounted.find(name))
                .or(() -> Optional.ofNullable(environment.apply(Settings.secretVariable(name))))
                .filter(value -> !value.isEmpty());
    }

    @Override
    public String places(String name) {
        String variable = "environment variable " + Settings.secretVariable(name);
        return folder.map(mounted -> "file %s in %s (aep.secrets-dir), or %s".formatted(name, mounted, variable))
                .orElse(variable + ", or a file of that name in aep.secrets-dir, which is not set");
    }
}
