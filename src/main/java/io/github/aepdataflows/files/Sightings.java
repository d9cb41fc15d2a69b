package io.github.aepdataflows.files;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import org.slf4j.Logger;

/**
 * The files of one folder as they were seen, by name: whether one is a regular file, and whether its writer is done, which is so when
 * it has been seen unchanged for a while. No clock is compared with another's.
 */
final class Sightings {

    /** A file as it was when it was first seen so; {@code at} in nanoseconds of this process. */
    record Sighting(long size, long modified, long at) {

        static Sighting of(Path file) {
            return new Sighting(file.toFile().length(), file.toFile().lastModified(), System.nanoTime());
        }

        boolean sameFile(Sighting other) {
            return other != null && size == other.size && modified == other.modified;
        }
    }

    private final String folder;
    private final Duration settle;
    private final Logger log;
    private final Cache<String, Sighting> seen;

    Sightings(String folder, Duration settle, Duration untilForgotten, Logger log) {
        this.folder = folder;
        this.settle = settle;
        this.log = log;
        this.seen = Caffeine.newBuilder().expireAfterAccess(untilForgotten).build();
    }

    /** Whether it is neither link nor folder nor pipe. Of what is none, it is said once that nobody will take it. */
    boolean isRegular(Path file) {
        if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            return true;
        } else if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            mention(file, "is no regular file");
        }
        return false;
    }

    /** Says once that a file will not be taken. */
    void mention(Path file, String why) {
        String name = file.getFileName().toString();
        if (seen.getIfPresent(name) == null) {
            seen.put(name, new Sighting(-1, -1, 0));
            log.warn("{} in the {} {}; it is left alone", name, folder, why);
        }
    }

    /** The file as it is, when it has been so for the settling time; else null. */
    Sighting settled(Path file) {
        Sighting now = Sighting.of(file);
        Sighting before = seen.asMap().compute(file.getFileName().toString(), (key, earlier) -> now.sameFile(earlier) ? earlier : now);
        return now.at - before.at >= settle.toNanos() ? now : null;
    }
}
