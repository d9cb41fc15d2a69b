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
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.sqlite.SQLiteErrorCode;

/**
 * A ledger in a file of one process. It is made beside its place and moved there when it is whole: an empty or unfinished
 * file in its place is never a beginning, but always the rest of a damaged ledger.
 */
final class Sqlite implements Database {

    static final String PREFIX = "jdbc:sqlite:";

    private static final String LOG = "-wal";
    /**
     * Is beside a ledger from its beginning on, and tells one that is missing from one that never was. Not empty beside one that was begun
     * where there may have been another.
     */
    private static final String MADE = ".made";

    private static final int BUSY_MILLIS = 2_000;
    private static final int CONNECTION_MILLIS = 30_000;
    private static final int CACHE_KIBIBYTES = 16 << 10;
    private static final int ROOM_BYTES = 64 << 10;

    private static final Set<SQLiteErrorCode> COLLISIONS = Set.of(SQLiteErrorCode.SQLITE_BUSY, SQLiteErrorCode.SQLITE_LOCKED);
    private static final Set<SQLiteErrorCode> DAMAGES = Set.of(SQLiteErrorCode.SQLITE_CORRUPT, SQLiteErrorCode.SQLITE_NOTADB,
            SQLiteErrorCode.SQLITE_ERROR, SQLiteErrorCode.SQLITE_READONLY, SQLiteErrorCode.SQLITE_FORMAT,
            SQLiteErrorCode.SQLITE_MISMATCH, SQLiteErrorCode.SQLITE_TOOBIG);

    private final Path file;
    private final Path place;
    private final boolean draft;
    private Object openedKey;
    private FileWatch watch;
    private boolean replacement;

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
    public void prepare(Setup setup, Predicate<Boolean> mayBegin) throws LedgerException {
        try {
            if (Files.isRegularFile(file) && Files.size(file) == 0) {
                throw new UnusableLedgerException("%s is damaged: it is empty. %s".formatted(place(), cure()));
            }
            if (!Files.exists(file)) {
                if (!mayBegin.test(Files.exists(besides(place, MADE)) || Files.exists(besides(place, LOG)))) {
                    throw new UnusableLedgerException(("%s is missing, but there was one. Either restore a backup of its folder, or call "
                            + "aep-dataflows rebuild; with aep.ledger.anew=true an empty one is begun").formatted(place()));
                }
                Files.deleteIfExists(beside(LOG));   // of the one that was there: SQLite would take it for this one's
                boolean replaces = file.equals(place) && mayBegin.test(true);   // as it would not be where none was
                make(setup);
                Files.deleteIfExists(beside(MADE));
                Files.write(Files.createFile(beside(MADE), mode(file.getParent(), "rw-------")), new byte[replaces ? 1 : 0]);
            }
            if (!Files.exists(beside(MADE))) {
                Files.createFile(beside(MADE), mode(file.getParent(), "rw-------"));
            }
            replacement = Files.size(beside(MADE)) > 0;
        } catch (IOException e) {
            throw LedgerException.of(place() + " cannot be made", e);
        }
    }

    @Override
    public void backUp(Path target, Setup check) throws LedgerException {
        try {
            if (!Files.exists(file)) {
                throw new LedgerException(place() + " does not exist");
            } else if (Files.exists(target)) {
                throw new LedgerException("%s exists already".formatted(target));
            }
            Path unfinished = unfinished(target);
            LedgerCopy.take(file, unfinished);
            check.apply(new Sqlite(unfinished, file, false));   // closing it puts its log into it, too
            Files.move(unfinished, target, StandardCopyOption.ATOMIC_MOVE);
            sync(target.toAbsolutePath().getParent());
        } catch (IOException e) {
            throw LedgerException.of(target + " cannot be written", e);
        }
    }

    /** An empty file beside a file, for its owner alone. */
    private static Path unfinished(Path target) throws IOException {
        Path unfinished = besides(target, ".new");
        Files.deleteIfExists(besides(unfinished, LOG));
        Files.deleteIfExists(unfinished);
        return Files.createFile(unfinished, mode(target.toAbsolutePath().getParent(), "rw-------"));
    }

    @Override
    public Optional<Path> restore(Path source, Setup check) throws LedgerException {
        if (!Files.isRegularFile(source)) {
            throw new LedgerException("%s %s".formatted(source, Files.exists(source) ? "is no file" : "does not exist"));
        }
        try {
            Files.createDirectories(file.getParent(), mode(file.getParent(), "rwx------"));
            Path unfinished = unfinished(file);
            try {
                return restore(source, unfinished, check);
            } finally {   // what could not be put in its place
                Files.deleteIfExists(besides(unfinished, LOG));
                Files.deleteIfExists(unfinished);
            }
        } catch (IOException e) {
            throw LedgerException.of(place() + " cannot be restored", e);
        }
    }

    private Optional<Path> restore(Path source, Path unfinished, Setup check) throws LedgerException, IOException {
        LedgerCopy.write(source, unfinished);
        Sqlite copy = new Sqlite(unfinished, source, false);
        try {
            check.apply(copy);
        } catch (UnusableLedgerException e) {
            throw new UnusableLedgerException(e.getMessage().replace(copy.cure(), "Nothing was restored"), e);
        }
        Optional<Path> aside = Files.exists(file) ? Optional.of(putAside(check)) : Optional.empty();
        Files.deleteIfExists(beside(LOG));
        Files.write(beside(MADE), new byte[1]);   // first: whoever dies here leaves one that is missing, not one that is young
        Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
        sync(file.getParent());
        return aside;
    }

    /** @throws LedgerException when somebody works with it */
    private Path putAside(Setup check) throws LedgerException, IOException {
        try {
            check.apply(this);
        } catch (UnusableLedgerException e) {
            // damaged, or not ours: a reason to restore another
        }
        Path aside = besides(file, ".before-" + System.currentTimeMillis());
        if (Files.exists(beside(LOG))) {
            Files.move(beside(LOG), besides(aside, LOG));
        }
        return Files.move(file, aside, StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    public boolean isReplacement() {
        return replacement;
    }

    private Path beside(String ending) {
        return besides(file, ending);
    }

    private static Path besides(Path file, String ending) {
        return file.resolveSibling(file.getFileName() + ending);
    }

    private void make(Setup setup) throws IOException, LedgerException {
        Path folder = file.getParent();
        Files.createDirectories(folder, mode(folder, "rwx------"));
        Path unfinished = beside(".new");
        if (!Files.exists(unfinished)) {
            Files.createFile(unfinished, mode(folder, "rw-------"));
        }
        setup.apply(new Sqlite(unfinished, unfinished, true));
        if (Files.exists(unfinished.resolveSibling(unfinished.getFileName() + LOG))) {
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
        openedKey = key();
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(PREFIX + file);
        config.setMaximumPoolSize(1);
        config.setConnectionTimeout(CONNECTION_MILLIS);
        config.addDataSourceProperty("locking_mode", "EXCLUSIVE");
        config.addDataSourceProperty("journal_mode", "WAL");
        config.addDataSourceProperty("synchronous", "NORMAL");   // a commit is in the log, and with sync() on the disk
        config.addDataSourceProperty("transaction_mode", "EXCLUSIVE");   // the lock is had from the first transaction on, and then kept
        config.addDataSourceProperty("busy_timeout", String.valueOf(BUSY_MILLIS));
        config.addDataSourceProperty("cache_size", String.valueOf(-CACHE_KIBIBYTES));
        config.setConnectionInitSql("pragma wal_autocheckpoint = 0");
        config.setMaxLifetime(0);   // a new connection would have to take the lock anew
        return config;
    }

    private Object key() {
        try {
            return FileWatch.key(file);
        } catch (IOException e) {
            return null;   // it is not there
        }
    }

    /** What is done with the watch. */
    private interface Look<T> {
        T at(FileWatch open) throws IOException, FileWatch.Lost;
    }

    private <T> T look(Look<T> look) throws LedgerException {
        try {
            return look.at(watch);
        } catch (FileWatch.Lost e) {
            throw new UnusableLedgerException("%s %s. %s".formatted(place(), e.getMessage(), cure()), e);
        } catch (IOException e) {
            throw new LedgerException("%s cannot be used now (%s)".formatted(place(), e.getMessage()), e);
        }
    }

    @Override
    public void watch() throws LedgerException {
        watch = look(nothing -> new FileWatch(file, beside(LOG), openedKey));
    }

    void checkEvery(Duration interval) {
        watch.checkEvery(interval);
    }

    @Override
    public boolean isToCheck(Session session) throws LedgerException {
        return watch != null && look(open -> open.isToCheck(session));
    }

    @Override
    public void committed(boolean checked) throws LedgerException {
        if (watch != null) {
            look(open -> {
                open.keep();
                if (checked) {
                    open.checked();
                }
                return open;
            });
        }
    }

    /**
     * SQLite cannot tell a damaged log from one that a power cut ended early, and silently forgets what follows: so what has to be kept
     * goes from the log into the file at once, and the log is empty.
     */
    @Override
    public void sync(Session session) throws LedgerException {
        if (!session.select("pragma wal_checkpoint(truncate)", row -> row.getLong(1) == 0).get(0)) {
            throw new LedgerException("%s cannot be used now (its log cannot be emptied)".formatted(place()));
        }
    }

    @Override
    public void probe(Session session) {
        session.execute("create table aep_room as select zeroblob(%d) as room".formatted(ROOM_BYTES));
        session.execute("drop table aep_room");
    }

    @Override
    public void closed() {
        if (watch != null) {
            try {
                watch.close();
            } catch (IOException e) {
                // it was only read
            }
        }
    }

    @Override
    public boolean mayBeEmpty() {
        return draft;
    }

    @Override
    public boolean exclusive() {
        return file.equals(place);   // of a copy, the original is
    }

    @Override
    public void checkIntegrity(Session session) throws LedgerException {
        List<String> findings = session.select("pragma integrity_check(1)", row -> row.getString(1));
        if (!findings.equals(List.of("ok"))) {
            throw new UnusableLedgerException("%s is damaged (%s). %s".formatted(place(), String.join(" ", findings).lines().findFirst()
                    .orElse(""), cure()));
        }
    }

    @Override
    public long now(Session session) {
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
    public Optional<String> user() {
        return LockHolder.of(file);
    }

    @Override
    public String place() {
        return "The ledger " + place;
    }

    @Override
    public String cure() {
        return ("Stop the program, and either restore a backup or move the folder %s away and rebuild the "
                + "ledger").formatted(place.toAbsolutePath().getParent());
    }
}
