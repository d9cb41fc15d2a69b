package io.github.aepdataflows.ledger;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteConnection;

/**
 * Watches the files of an open ledger. SQLite reads a page once and then believes its memory, and keeps writing to a file that was removed:
 * so what somebody else does to the file is looked for around each transaction, at the cost of two or three stats.
 *
 * <p>Is used by whoever has the only connection.
 */
final class FileWatch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger("aep.ledger");
    private static final Duration LONGEST = Duration.ofMinutes(10);
    /** A larger ledger is not compared in memory. */
    private static final long MOST_BYTES = 64L << 20;

    /** @param key of the file, whatever its name; null where the file system has none */
    private record State(Object key, long size, FileTime modified) {

        static State of(Path file) throws IOException {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return new State(attributes.fileKey(), attributes.size(), attributes.lastModifiedTime());
        }
    }

    private final Path file;
    private final Path log;
    /**
     * Stays open as long as SQLite's own: to close one of them would release the lock of the process. No channel, which a thread that is
     * interrupted would close.
     */
    private final RandomAccessFile content;
    private final Object logKey;
    private State left;
    private long checkedAt = System.nanoTime();
    private Duration interval = LONGEST;

    /**
     * Of a ledger that was opened just now, and checked.
     *
     * @param key of the file before it was opened
     * @throws Lost when it is another one by now
     */
    FileWatch(Path file, Path log, Object key) throws IOException, Lost {
        this.file = file;
        this.log = log;
        this.content = new RandomAccessFile(file.toFile(), "r");
        this.logKey = State.of(log).key();
        this.left = new State(key, 0, FileTime.fromMillis(0));
        keep();
    }

    /** What has become of the file; the message is the end of a sentence. */
    static final class Lost extends Exception {

        private Lost(String message) {
            super(message);
        }
    }

    static Object key(Path file) throws IOException {
        return State.of(file).key();
    }

    void checkEvery(Duration time) {
        interval = time;
    }

    /** The files are the ones that were opened; the ledger is as long as it was, at least. */
    private State here() throws IOException, Lost {
        try {
            State now = State.of(file);
            if (!Objects.equals(now.key(), left.key())) {
                throw new Lost("was replaced by another file while it was open");
            } else if (now.size() < left.size()) {
                throw new Lost("was cut while it was open");
            } else if (!Objects.equals(State.of(log).key(), logKey)) {
                throw new Lost("has lost its file %s while it was open".formatted(log.getFileName()));
            }
            return now;
        } catch (NoSuchFileException e) {
            throw new Lost("has lost its file %s: that was removed or moved away while it was open"
                    .formatted(Path.of(e.getFile()).getFileName()));
        }
    }

    /** Whatever the file is like now, it is like that by ourselves. */
    void keep() throws IOException, Lost {
        left = here();
    }

    /**
     * Whether all that is stored has to be read anew, because somebody else may have written to it, or because that is long ago. Then
     * SQLite has forgotten what it has read.
     *
     * @throws Lost when it is not what SQLite remembers
     */
    boolean isToCheck(Session session) throws IOException, Lost {
        boolean touched = !here().equals(left);
        if (!touched && System.nanoTime() - checkedAt < interval.toNanos()) {
            return false;
        }
        if (touched) {
            LOG.warn("The ledger {} was touched by somebody else; it is checked", file);
        }
        boolean complete = session.select("pragma wal_checkpoint",
                row -> row.getLong(1) == 0 && row.getLong(2) == row.getLong(3)).get(0);
        if (!complete) {
            throw new IOException("its file %s cannot be emptied".formatted(log.getFileName()));
        }
        if (content.length() <= MOST_BYTES && !Arrays.equals(stored(), believed(session))) {
            throw new Lost("is not as it was written: somebody else has changed it while it was open");
        }
        session.execute("pragma shrink_memory");
        return true;
    }

    private byte[] stored() throws IOException {
        byte[] bytes = new byte[(int) content.length()];
        content.seek(0);
        content.readFully(bytes);
        return bytes;
    }

    private static byte[] believed(Session session) throws IOException {
        try {
            return session.connection().unwrap(SQLiteConnection.class).serialize("main");
        } catch (SQLException e) {
            throw new IOException(e);
        }
    }

    void checked() {
        checkedAt = System.nanoTime();
    }

    @Override
    public void close() throws IOException {
        content.close();
    }
}
