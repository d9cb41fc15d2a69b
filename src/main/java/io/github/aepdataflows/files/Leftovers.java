package io.github.aepdataflows.files;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.camel.component.file.GenericFile;
import org.apache.camel.component.file.GenericFileFilter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which files in {@code work/} are worked on: those of the inbox that nobody works on any more. The program died, or another file of the
 * same name lies where they would go back to. What was taken from {@code plan/} goes back as soon as it can.
 */
public final class Leftovers implements GenericFileFilter<File> {

    private static final Logger LOG = LoggerFactory.getLogger("aep.inbox");

    private final WorkFolder work;
    private final InboxFilter inbox;

    public Leftovers(WorkFolder work, InboxFilter inbox) {
        this.work = work;
        this.inbox = inbox;
    }

    @Override
    public boolean accept(GenericFile<File> found) {
        Path file = found.getFile().toPath();
        if (found.isDirectory()) {
            return true;
        } else if (!file.getParent().endsWith("plan")) {
            return inbox.isLeft(file);
        }
        try {
            if (work.isStranded(file) && !work.giveBack(file)) {
                Files.delete(file);   // a newer one has replaced it
            }
        } catch (IOException e) {
            LOG.warn("{} could not be moved back into plan/: {}", file, e.toString());
        }
        return false;
    }
}
