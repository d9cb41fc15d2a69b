package io.github.aepdataflows.files;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.aepdataflows.ledger.Ledger;
import io.github.aepdataflows.ledger.LedgerException;
import io.github.aepdataflows.settings.Settings;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.camel.CamelContext;
import org.apache.camel.component.file.GenericFile;
import org.apache.camel.component.file.GenericFileFilter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which files the inbox takes, and in which order: regular files only (no link, no folder, no pipe), no dot files, and none whose writer may
 * not be done: a file must have been seen unchanged for a while. No clock is compared with another's, so that a folder on a
 * share whose clock is off works too. While the way to the Platform is blocked, the ledger is not open, or a stop has begun,
 * none at all. After a start, those that were in work when the program died come first, alone. The order is that of the
 * names, but files that were tried in vain come last, so that one which never gets anywhere keeps no other from its turn.
 */
public final class InboxFilter implements GenericFileFilter<File>, Comparator<GenericFile<File>> {

    private static final Logger LOG = LoggerFactory.getLogger("aep.inbox");

    private final Duration pause;
    private final CamelContext context;
    private final Ledger ledger;
    private final Sightings sightings;
    private final Cache<String, Sightings.Sighting> postponed;
    private final Cache<String, Long> inVain;
    private final AtomicLong tries = new AtomicLong();
    private Map<String, Long> lastInVain;
    private volatile long pausedUntil = System.nanoTime();
    private Set<String> first;

    public InboxFilter(Settings settings, Ledger ledger) {
        Duration settle = settings.duration("aep.inbox.settle");
        this.pause = settings.duration("aep.inbox.pause");
        this.context = settings.getCamelContext();
        this.ledger = ledger;
        Duration untilForgotten = Duration.ofMinutes(10).plus(settle).plus(settings.duration("aep.inbox.delay"));
        this.sightings = new Sightings("inbox", settle, untilForgotten, LOG);
        this.postponed = Caffeine.newBuilder().expireAfterWrite(pause).build();
        this.inVain = Caffeine.newBuilder().expireAfterAccess(untilForgotten.plus(pause)).build();
    }

    /** With this file an outage was met: all stay where they are, and are tried again after the pause. */
    void pause(String name) {
        pausedUntil = System.nanoTime() + pause.toNanos();
        inVain.put(name, tries.incrementAndGet());
    }

    /** This file was worked on: if it was among those that come first, it is no longer waited for. */
    synchronized void finished(String name) {
        if (first != null) {
            first.remove(name);
        }
    }

    /** Leave this file alone for the length of a pause: it could not be worked on just now. */
    void postpone(Path file) {
        String name = file.getFileName().toString();
        postponed.put(name, Sightings.Sighting.of(file));
        inVain.put(name, tries.incrementAndGet());
    }

    @Override
    public boolean accept(GenericFile<File> file) {
        lastInVain = null;
        return takes(file.getFile().toPath());
    }

    /** Is called, as {@link #accept} is, by the one thread that looks into the folder. */
    @Override
    public int compare(GenericFile<File> one, GenericFile<File> other) {
        if (lastInVain == null) {
            lastInVain = Map.copyOf(inVain.asMap());   // which does not change while files are sorted
        }
        return Comparator.comparing((GenericFile<File> file) -> lastInVain.getOrDefault(file.getFileNameOnly(), 0L))
                .thenComparing(GenericFile::getFileNameOnly).compare(one, other);
    }

    boolean takes(Path file) {
        String name = file.getFileName().toString();
        if (name.startsWith(".") || context.isStopping() || !ledger.isOpen() || System.nanoTime() - pausedUntil < 0
                || !isItsTurn(file) || !sightings.isRegular(file)) {
            return false;
        }
        Sightings.Sighting now = sightings.settled(file);
        return now != null && !now.sameFile(postponed.getIfPresent(name));
    }

    private synchronized boolean isItsTurn(Path file) {
        try {
            first = first == null ? new HashSet<>(ledger.orphanedFiles()) : first;
            for (String name : List.copyOf(first)) {
                if (!Files.isRegularFile(file.resolveSibling(name), LinkOption.NOFOLLOW_LINKS)) {
                    ledger.forget(name);   // it was moved away before the program died, or by somebody since
                    first.remove(name);
                }
            }
        } catch (LedgerException e) {
            LOG.warn("the ledger does not say which files were in work: {}", e.getMessage());
            return false;
        }
        return first.isEmpty() || first.contains(file.getFileName().toString());
    }
}
