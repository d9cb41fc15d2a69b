package io.github.aepdataflows.files;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.aepdataflows.definition.DefinitionFile;
import io.github.aepdataflows.ledger.Ledger;
import io.github.aepdataflows.settings.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.camel.CamelContext;
import org.apache.commons.lang3.StringUtils;
import org.slf4j.Logger;

/**
 * Which files of one folder may be worked on: regular files only (no link, no folder, no pipe, no second hard link) with the name of a
 * definition, and none whose writer may not be done: a file must have been seen unchanged for the quiet period. No clock is compared with
 * another's, so that a folder on a share whose clock is off works too. While the way to the Platform is blocked, the ledger is not open,
 * or a stop has begun, none at all.
 */
final class FolderFilter {

    /** A file as it was when it was first seen so; {@code at} in nanoseconds of this process. */
    private record Sighting(long size, long modified, long at) {

        static Sighting of(Path file) {
            return new Sighting(file.toFile().length(), file.toFile().lastModified(), System.nanoTime());
        }

        boolean isSameFile(Sighting other) {
            return other != null && size == other.size && modified == other.modified;
        }
    }

    /** What Java reads for a byte that is no UTF-8; a file of that name is not found. */
    private static final char UNREADABLE = '\uFFFD';

    private final String folder;
    private final Logger log;
    private final CamelContext context;
    private final Ledger ledger;
    private final Duration quietPeriod;
    private final Duration pause;
    private final Cache<String, Sighting> seen;
    private final Cache<String, Sighting> postponed;
    private volatile long pausedUntil = System.nanoTime();

    /** @param folder in words */
    FolderFilter(String folder, Logger log, Settings settings, Ledger ledger) {
        this.folder = folder;
        this.log = log;
        this.context = settings.getCamelContext();
        this.ledger = ledger;
        this.quietPeriod = settings.duration("aep.inbox.settle");
        this.pause = settings.duration("aep.inbox.pause");
        this.seen = Caffeine.newBuilder().expireAfterAccess(untilForgotten(settings)).build();
        this.postponed = Caffeine.newBuilder().expireAfterWrite(pause).build();
    }

    /** How long a file that shows no more is remembered. */
    static Duration untilForgotten(Settings settings) {
        return Duration.ofMinutes(10).plus(settings.duration("aep.inbox.settle")).plus(settings.duration("aep.inbox.delay"));
    }

    /** An outage was met: all are left alone for the length of a pause. */
    void pause() {
        pausedUntil = System.nanoTime() + pause.toNanos();
    }

    /** Leave this file alone for as long: it could not be worked on just now. */
    void postpone(Path file) {
        postponed.put(name(file), Sighting.of(file));
    }

    /** Whether any may be worked on. */
    boolean isOpen() {
        return !context.isStopping() && ledger.isOpen() && System.nanoTime() - pausedUntil >= 0;
    }

    /** Whether a file of that name may be: decided before anybody makes a path of it, which not every name can be made. */
    boolean hasName(String name) {
        if (!DefinitionFile.isNameOfOne(name)) {
            leaveAlone(name, "is no definition: those are called *.yaml, *.yml or *.json, but not *.receipt.json, *.error.json or"
                    + " *.plan.json");
            return false;
        }
        try {
            Path.of(name);
            return true;
        } catch (InvalidPathException e) {
            leaveAlone(name, "has a name that this process cannot read in its locale (start it with LC_ALL=C.UTF-8)");
            return false;
        }
    }

    /**
     * Whether this one may be. To be asked twice: before the file is claimed, and then of where it lies now, as another one may have been
     * put in its place.
     */
    boolean isReady(Path file) {
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
                leaveAlone(name(file), "is no regular file");
            } else if (name(file).indexOf(UNREADABLE) >= 0 && seen.getIfPresent(name(file)) == null) {
                leaveAlone(name(file), "has a name that is not valid UTF-8 (its bytes: %s); rename it".formatted(bytes(file)));
            }
            return false;
        }
        if (WorkFolder.links(file) > 1) {
            leaveAlone(name(file), "has another name, too (a hard link), under which it could be changed");
            return false;
        }
        Sighting now = Sighting.of(file);
        Sighting before = seen.asMap().compute(name(file), (key, earlier) -> now.isSameFile(earlier) ? earlier : now);
        return now.at - before.at >= quietPeriod.toNanos() && !isPostponed(file);
    }

    /** The names in the folder that all read as this one, as in caf%E9.yaml. */
    private static String bytes(Path unreadable) {
        try (Stream<Path> files = Files.list(unreadable.getParent())) {
            return files.filter(each -> name(each).equals(name(unreadable)))
                    .map(each -> StringUtils.substringAfterLast(each.toUri().getRawPath(), "/")).sorted().collect(Collectors.joining(", "));
        } catch (IOException e) {
            return e.toString();
        }
    }

    boolean isPostponed(Path file) {
        return Sighting.of(file).isSameFile(postponed.getIfPresent(name(file)));
    }

    /** Says once that a file will not be worked on. */
    void leaveAlone(String name, String why) {
        if (seen.getIfPresent(name) == null) {
            seen.put(name, new Sighting(-1, -1, 0));
            log.warn("{} in the {} {}; it is left alone", name, folder, why);
        }
    }

    private static String name(Path file) {
        return file.getFileName().toString();
    }
}
