package io.github.aepdataflows.files;

import io.github.aepdataflows.settings.Settings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.health.HealthCheckResultBuilder;
import org.apache.camel.impl.health.AbstractHealthCheck;

/**
 * Camel's health check {@code aep-folders}: down, and names the folders, while files cannot be moved in one of them. One that is missing is
 * made when it is needed. Being ready, not being alive.
 */
public final class FolderCheck extends AbstractHealthCheck {

    private static final List<String> FOLDERS = List.of("", "inbox", "plan", "work", "done", "failed", "reports");

    private final DataFolder data;
    private final boolean isUsed;

    public FolderCheck(Settings settings, DataFolder data) {
        super("aep", "aep-folders");
        this.data = data;
        this.isUsed = settings.text("aep.inbox.enabled").equals("true");
    }

    @Override
    public boolean isLiveness() {
        return false;
    }

    @Override
    protected void doCall(HealthCheckResultBuilder result, Map<String, Object> options) {
        Stream<Path> folders = isUsed ? FOLDERS.stream().map(name -> data.file(Path.of(name))) : Stream.empty();
        String unusable = folders.filter(Files::exists).filter(folder -> !Files.isDirectory(folder) || !Files.isWritable(folder))
                .map(Path::toString).collect(Collectors.joining(", "));
        if (unusable.isEmpty()) {
            result.up();
        } else {
            result.down().detail("state", "folders-unwritable").message("cannot be written to: " + unusable);
        }
    }
}
