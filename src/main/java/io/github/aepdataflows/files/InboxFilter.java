package io.github.aepdataflows.files;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.aepdataflows.ledger.Ledger;
import io.github.aepdataflows.ledger.LedgerException;
import io.github.aepdataflows.settings.Settings;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.camel.component.file.GenericFile;
import org.apache.camel.component.file.OptimizedFileFilter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which files the inbox accepts ({@link FolderFilter}), and in which order: after a start, those that were in work when the program died
 * come first, alone. The order is that of the names, but files that were tried in vain come last, so that one which never gets anywhere
 * keeps no other from its turn.
 */
public final class InboxFilter implements OptimizedFileFilter, Comparator<GenericFile<File>> {

    private static final Logger LOG = LoggerFactory.getLogger("aep.inbox");

    private final FolderFilter folder;
    private final Ledger ledger;
    private final Cache<String, Long> inVain;
    private final AtomicLong tries = new AtomicLong();
    private final Set<String> inWork = ConcurrentHashMap.newKeySet();
    private final WorkFolder work;
    private Map<String, Long> lastInVain;
    private Set<String> first;

    public InboxFilter(Settings settings, Ledger ledger, WorkFolder work) {
        this.work = work;
        this.folder = new FolderFilter("inbox", LOG, settings, ledger);
        this.ledger = ledger;
        this.inVain = Caffeine.newBuilder().expireAfterAccess(FolderFilter.untilForgotten(settings)
                .plus(settings.duration("aep.inbox.pause"))).build();
    }

    /** With this file an outage was met: all stay where they are, and are tried again after the pause. */
    void pause(String name) {
        folder.pause();
        inVain.put(name, tries.incrementAndGet());
    }

    /** Leave this file alone for the length of a pause: it could not be worked on just now. */
    void postpone(Path file) {
        folder.postpone(file);
        inVain.put(file.getFileName().toString(), tries.incrementAndGet());
    }

    /** False when this process works on a file of that name, or nothing more is to be begun. */
    boolean begin(String name) {
        return folder.isOpen() && inWork.add(name);
    }

    void end(String name) {
        inWork.remove(name);
    }

    /** This file was worked on, or another instance works on it: if it was among those that come first, it is no longer waited for. */
    synchronized void finished(String name) {
        if (first != null) {
            first.remove(name);
        }
    }

    /** Whether a file in {@code work/} is nobody's, as far as this process can tell, and may be worked on. */
    boolean isLeft(Path file) {
        String name = file.getFileName().toString();
        return folder.isOpen() && !inWork.contains(name) && isItsTurn(name) && !folder.isPostponed(file);
    }

    /** Whether a file of the inbox that was claimed is still the one that was looked at. */
    boolean isReady(Path file) {
        return folder.isReady(file);
    }

    @Override
    public Boolean accept(String name) {
        return folder.hasName(name) ? null : Boolean.FALSE;   // null: the file decides
    }

    @Override
    public boolean accept(@SuppressWarnings("rawtypes") GenericFile file) {
        lastInVain = null;
        return accepts(((File) file.getFile()).toPath());
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

    boolean accepts(Path file) {
        String name = file.getFileName().toString();
        return folder.isOpen() && !inWork.contains(name) && isItsTurn(name) && folder.isReady(file);
    }

    private synchronized boolean isItsTurn(String file) {
        try {
            first = first == null ? new HashSet<>(ledger.orphanedFiles()) : first;
            for (String name : List.copyOf(first)) {
                if (!folder.hasName(name) || !work.hasAny("inbox", name)) {
                    ledger.forget(name);   // it was moved away before the program died, or by somebody since
                    first.remove(name);
                }
            }
        } catch (LedgerException | IOException e) {
            LOG.warn("the ledger does not say which files were in work: {}", e.getMessage());
            return false;
        }
        return first.isEmpty() || first.contains(file);
    }
}
