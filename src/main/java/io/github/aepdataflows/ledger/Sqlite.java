package io.github.aepdataflows.ledger;

import com.zaxxer.hikari.HikariConfig;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jdbi.v3.core.Handle;
import org.sqlite.SQLiteErrorCode;

/**
 * A ledger in a file of one process. It is made beside its place and moved there when it is whole: an empty or unfinished
 * file in its place is never a beginning, but always the rest of a damaged ledger.
 */
final class Sqlite implements Database {

    static final String PREFIX = "jdbc:sqlite:";

    private static final int BUSY_MILLIS = 2_000;
    private static final int CONNECTION_MILLIS = 30_000;

    private static final Set<SQLiteErrorCode> COLLISIONS = Set.of(SQLiteErrorCode.SQLITE_BUSY, SQLiteErrorCode.SQLITE_LOCKED);
    private static final Set<SQLiteErrorCode> DAMAGES = Set.of(SQLiteErrorCode.SQLITE_CORRUPT, SQLiteErrorCode.SQLITE_NOTADB,
            SQLiteErrorCode.SQLITE_ERROR, SQLiteErrorCode.SQLITE_READONLY, SQLiteErrorCode.SQLITE_FORMAT,
            SQLiteErrorCode.SQLITE_MISMATCH, SQLiteErrorCode.SQLITE_TOOBIG);

    private final Path file;
    private final Path place;
    private final boolean draft;

    /**
     * Only this process reads these times while it runs: they follow the monotonic clock, so that no lease ends early when the clock is
     * set.
     */
    private final long startMillis = System.currentTimeMillis();
    private final long startNanos = System.nanoTime();

    /** @param place  what messages call it: a copy is called as what it is a copy of */
    private Sqlite(Path file, Path place, boolean draft) {
        this.file = file;
        this.place = place;
        this.draft = draft;
    }

    /** A ledger of which nobody knows, where nothing is recorded. */
    static Sqlite empty() throws LedgerException {
        Path nowhere = LedgerCopy.folder().resolve("ledger.db");
        return new Sqlite(nowhere, nowhere, false);
    }

    static Sqlite at(String url) throws UnusableLedgerException {
        String name = url.substring(PREFIX.length());
        if (name.isBlank() || name.startsWith(":") || name.startsWith("file:") || name.contains("?")) {
            throw new UnusableLedgerException("The ledger's URL has to name a file, without parameters, as in "
                    + "jdbc:sqlite:data/ledger/ledger.db");
        }
        try {
            Path file = Path.of(name).toAbsolutePath().normalize();
            return new Sqlite(file, file, false);
        } catch (InvalidPathException e) {
            throw new UnusableLedgerException("The ledger's URL has to name a file, as in jdbc:sqlite:data/ledger/ledger.db", e);
        }
    }

    /** A copy, which belongs to the one who asks: whoever works with the ledger has its lock for as long as he lives. */
    @Override
    public Database forReading() throws LedgerException {
        Path copy = LedgerCopy.folder().resolve("ledger.db");
        LedgerCopy.take(file, copy);
        return new Sqlite(copy, file, false);
    }

    @Override
    public void prepare(Setup setup) throws LedgerException {
        try {
            if (Files.isRegularFile(file) && Files.size(file) == 0) {
                throw new UnusableLedgerException("%s is damaged: it is empty. %s".formatted(place(), cure()));
            }
            if (!Files.exists(file)) {
                make(setup);
            }
        } catch (IOException e) {
            throw new LedgerException("%s cannot be made: %s".formatted(place(), e), e);
        }
    }

    private void make(Setup setup) throws IOException, LedgerException {
        Path folder = file.getParent();
        Files.createDirectories(folder, mode(folder, "rwx------"));
        Path unfinished = file.resolveSibling(file.getFileName() + ".new");
        if (!Files.exists(unfinished)) {
            Files.createFile(unfinished, mode(folder, "rw-------"));
        }
        setup.apply(new Sqlite(unfinished, unfinished, true));
        if (Files.exists(unfinished.resolveSibling(unfinished.getFileName() + "-wal"))) {
            throw new LedgerException("%s could not be made in one piece".formatted(place()));
        }
        if (!Files.exists(file)) {   // else another process was faster
            Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
            sync(folder);
        }
    }

    private static FileAttribute<?>[] mode(Path folder, String permissions) {
        boolean posix = folder.getFileSystem().supportedFileAttributeViews().contains("posix");
        return posix ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))}
                : new FileAttribute<?>[0];
    }

    private static void sync(Path folder) {
        try (FileChannel channel = FileChannel.open(folder)) {
            channel.force(true);
        } catch (IOException e) {
            // not every system can open a folder; those that cannot do not need it
        }
    }

    @Override
    public HikariConfig pool() {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(PREFIX + file);
        config.setMaximumPoolSize(1);
        config.setConnectionTimeout(CONNECTION_MILLIS);
        config.addDataSourceProperty("locking_mode", "EXCLUSIVE");
        config.addDataSourceProperty("journal_mode", "WAL");
        config.addDataSourceProperty("synchronous", "FULL");
        config.addDataSourceProperty("transaction_mode", "EXCLUSIVE");   // the lock is had from the first transaction on, and then kept
        config.addDataSourceProperty("busy_timeout", String.valueOf(BUSY_MILLIS));
        // SQLite cannot tell a damaged log from one that a power cut ended early, and silently forgets what follows: nothing stays
        // there for longer than a commit
        config.setConnectionInitSql("pragma wal_autocheckpoint = 1");
        config.setMaxLifetime(0);   // a new connection would have to take the lock anew
        return config;
    }

    @Override
    public boolean mayBeEmpty() {
        return draft;
    }

    @Override
    public boolean exclusive() {
        return true;
    }

    @Override
    public void checkIntegrity(Handle handle) throws LedgerException {
        List<String> findings = handle.createQuery("pragma integrity_check(1)").mapTo(String.class).list();
        if (!findings.equals(List.of("ok"))) {
            throw new UnusableLedgerException("%s is damaged (%s). %s".formatted(place(), String.join(" ", findings).lines().findFirst()
                    .orElse(""), cure()));
        }
    }

    @Override
    public long now(Handle handle) {
        return startMillis + TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNanos);
    }

    @Override
    public Failure failure(SQLException e) {
        SQLiteErrorCode code = SQLiteErrorCode.getErrorCode(e.getErrorCode());
        if (COLLISIONS.contains(code)) {
            return Failure.COLLISION;
        }
        boolean writable = !Files.exists(file) || Files.isWritable(file);
        return DAMAGES.contains(code) && writable ? Failure.DAMAGE : Failure.OTHER;
    }

    @Override
    public String place() {
        return "The ledger " + place;
    }

    @Override
    public String cure() {
        return ("Stop the program, and either restore a backup or move the folder %s away and rebuild the "
                + "ledger").formatted(place.getParent());
    }
}
