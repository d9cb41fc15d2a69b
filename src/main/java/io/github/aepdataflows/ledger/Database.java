package io.github.aepdataflows.ledger;

import com.zaxxer.hikari.HikariConfig;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.Optional;
import java.util.function.Predicate;

/** In what the two databases differ. */
interface Database {

    /** What an error of the database means. */
    enum Failure {
        /** The transaction collided with another one, and may be tried again at once. */
        COLLISION,
        /** What is stored is damaged. */
        DAMAGE,
        OTHER
    }

    /** How something is made where there is nothing yet. */
    interface Setup {
        void apply(Database database) throws LedgerException;
    }

    /**
     * What is stored at this moment, to be read only. Nothing of it is changed, locked or waited for, and where there is nothing,
     * nothing is made: then it is empty.
     */
    Database forReading() throws LedgerException;

    /** Whether what is found is neither to be brought up to date nor written to. */
    default boolean isReadOnly() {
        return false;
    }

    /**
     * Looks whether it can be opened at all; makes it, in one piece, where there is nothing and the migration would not make it so.
     *
     * @param mayBegin  asked before it is made, with whether something shows that there was one
     */
    default void prepare(Setup setup, Predicate<Boolean> mayBegin) throws LedgerException {
    }

    /** Whether it was begun in the place of one that was lost, so that it may not know what was made. */
    default boolean isReplacement() {
        return false;
    }

    /** It was opened and checked: from now on it is watched that nobody else writes to it, if nobody else may. */
    default void watch() throws LedgerException {
    }

    /**
     * Before a transaction: whether all that is stored has to be checked first.
     *
     * @throws UnusableLedgerException when it is not what was opened
     */
    default boolean isToCheck(Session session) throws LedgerException {
        return false;
    }

    /**
     * After a transaction, which was committed: what is stored now, is by us.
     *
     * @param checked  whether all was
     * @throws UnusableLedgerException when it is not where it can be found again
     */
    default void committed(boolean checked) throws LedgerException {
    }

    /** After a transaction: what was committed is on the disk when this returns. Of most databases it is when a commit returns. */
    default void sync(Session session) throws LedgerException {
    }

    /** Fails when there is no room for anything more. */
    default void probe(Session session) {
    }

    /**
     * Writes all that is stored at this moment into one file, which nobody else's work holds up.
     *
     * @param target a file that does not exist
     * @param check  what is written has to stand it
     */
    default void backUp(Path target, Setup check) throws LedgerException {
        throw new LedgerException(place() + " is backed up with the means of PostgreSQL, as with pg_dump");
    }

    /**
     * Puts such a file in its place, and what is there aside. It may be older than what was made since: that is looked for.
     *
     * @param check what is put there has to stand it
     * @return where that is which was there; empty where nothing was
     */
    default Optional<Path> restore(Path source, Setup check) throws LedgerException {
        throw new LedgerException(place() + " is restored with the means of PostgreSQL, as with pg_restore");
    }

    /** It was closed. */
    default void closed() {
    }

    /** How to connect. Neither the URL nor a log line of the pool holds a credential. */
    HikariConfig pool();

    /** Whether it may be without tables before it is migrated. */
    default boolean mayBeEmpty() {
        return true;
    }

    /** Within the transaction that makes or changes tables: waits for whoever does so at the same time. */
    default void lockForMigration(Session session) {
    }

    /** Waits for whoever works on that name, and keeps others waiting until the transaction is over. */
    default void lockName(Session session, String name) {
    }

    /** Whether no other instance can be using it while it is open. */
    default boolean exclusive() {
        return false;
    }

    /** Beside the seals of the rows, which are read whenever it is opened. */
    default void checkIntegrity(Session session) throws LedgerException {
    }

    /** Milliseconds since 1970 by the clock that all instances share. */
    long now(Session session);

    /** What to add to a select so that the rows stay as they are until the transaction is over. */
    default String forUpdate() {
        return "";
    }

    Failure failure(SQLException e);

    /** Which other process is using it, in words; empty when nobody can tell. */
    default Optional<String> user() {
        return Optional.empty();
    }

    /** In words, as in "the ledger data/ledger/ledger.db". */
    String place();

    /** What an operator does about a damaged one. */
    String cure();

    static Database at(String url, String user, String password) throws UnusableLedgerException {
        if (url.startsWith(Sqlite.PREFIX)) {
            return Sqlite.at(url);
        }
        if (url.startsWith(Postgres.PREFIX)) {
            return Postgres.at(url, user, password);
        }
        throw new UnusableLedgerException("The ledger can be kept in SQLite or PostgreSQL only: its URL has to begin with %s or %s"
                .formatted(Sqlite.PREFIX, Postgres.PREFIX));
    }
}
