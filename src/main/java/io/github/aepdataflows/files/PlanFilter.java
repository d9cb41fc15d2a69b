package io.github.aepdataflows.files;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.aepdataflows.ledger.Ledger;
import io.github.aepdataflows.settings.Settings;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.camel.CamelContext;
import org.apache.camel.component.file.GenericFile;
import org.apache.camel.component.file.GenericFileFilter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which files of {@code plan/} are planned: those that the inbox would take, as {@link InboxFilter} says, but for our own documents
 * and for definitions whose document tells of them as they are. A pause of the inbox is none of this folder, nor the other way round.
 */
public final class PlanFilter implements GenericFileFilter<File> {

    private static final Logger LOG = LoggerFactory.getLogger("aep.plan");
    private static final int MAX_NAME = 200;   // .plan.json has to fit behind it

    private final Duration pause;
    private final CamelContext context;
    private final Ledger ledger;
    private final PlanDocuments documents;
    private final Sightings sightings;
    private final Cache<String, Sightings.Sighting> postponed;
    private volatile long pausedUntil = System.nanoTime();

    public PlanFilter(Settings settings, Ledger ledger, PlanDocuments documents) {
        this.pause = settings.duration("aep.inbox.pause");
        this.context = settings.getCamelContext();
        this.ledger = ledger;
        this.documents = documents;
        Duration settle = settings.duration("aep.inbox.settle");
        this.sightings = new Sightings("plan folder", settle, Duration.ofMinutes(10).plus(settle).plus(settings.duration("aep.inbox.delay")), LOG);
        this.postponed = Caffeine.newBuilder().expireAfterWrite(pause).build();
    }

    /** An outage was met: all are left alone for the length of a pause of the inbox. */
    void pause() {
        pausedUntil = System.nanoTime() + pause.toNanos();
    }

    /** Leave this file alone for as long: the folders failed us. */
    void postpone(Path file) {
        postponed.put(file.getFileName().toString(), Sightings.Sighting.of(file));
    }

    @Override
    public boolean accept(GenericFile<File> file) {
        return takes(file.getFile().toPath());
    }

    boolean takes(Path file) {
        String name = file.getFileName().toString();
        if (name.startsWith(".") || PlanDocuments.isOne(name) || context.isStopping() || !ledger.isOpen()
                || System.nanoTime() - pausedUntil < 0 || !sightings.isRegular(file)) {
            return false;
        } else if (name.getBytes(StandardCharsets.UTF_8).length > MAX_NAME) {
            sightings.mention(file, "has a name too long for another file to be named after it");
            return false;
        }
        Sightings.Sighting now = sightings.settled(file);
        return now != null && !now.sameFile(postponed.getIfPresent(name)) && !documents.tellOf(file);
    }
}
