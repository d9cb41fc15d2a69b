package io.github.aepdataflows.files;

import io.github.aepdataflows.settings.Settings;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.camel.component.file.GenericFile;
import org.apache.camel.component.file.GenericFileFilter;

/**
 * Which files the inbox takes: regular files only (no link, no folder, no pipe), no dot files, and none that was written
 * to a moment ago, because its writer may not be done. While the Platform is out of reach, none at all.
 */
public final class InboxFilter implements GenericFileFilter<File> {

    private final Duration settle;
    private final Duration pause;
    private final Map<String, Long> held = new ConcurrentHashMap<>();
    private volatile long pausedUntil = System.nanoTime();

    public InboxFilter(Settings settings) {
        this.settle = settings.duration("aep.inbox.settle");
        this.pause = settings.duration("aep.inbox.pause");
    }

    /** An outage was met: the files stay where they are, and are tried again after the pause. */
    public void pause() {
        pausedUntil = System.nanoTime() + pause.toNanos();
    }

    /** Leave this file alone until it is replaced: it has been worked off, but could not be moved away. */
    void hold(Path file) {
        held.put(file.getFileName().toString(), file.toFile().lastModified());
    }

    @Override
    public boolean accept(GenericFile<File> file) {
        Path path = file.getFile().toPath();
        return System.nanoTime() - pausedUntil >= 0
                && !Long.valueOf(file.getLastModified()).equals(held.get(file.getFileNameOnly()))
                && !file.getFileNameOnly().startsWith(".")
                && Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)
                && Instant.ofEpochMilli(file.getLastModified()).plus(settle).isBefore(Instant.now());
    }
}
