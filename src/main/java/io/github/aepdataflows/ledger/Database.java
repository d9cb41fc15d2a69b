package io.github.aepdataflows.ledger;

import com.zaxxer.hikari.HikariConfig;
import java.sql.SQLException;
import org.jdbi.v3.core.Handle;

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

    /** Looks whether it can be opened at all; makes it, in one piece, where there is nothing and the migration would not make it so. */
    default void prepare(Setup setup) throws LedgerException {
    }

    /** How to connect. Neither the URL nor a log line of the pool holds a credential. */
    HikariConfig pool();

    /** Whether it may be without tables before it is migrated. */
    default boolean mayBeEmpty() {
        return true;
    }

    /** Whether no other instance can be using it while it is open. */
    default boolean exclusive() {
        return false;
    }

    /** Beside the seals of the rows, which are read whenever it is opened. */
    default void checkIntegrity(Handle handle) throws LedgerException {
    }

    /** Milliseconds since 1970 by the clock that all instances share. */
    long now(Handle handle);

    /** What to add to a select so that the rows stay as they are until the transaction is over. */
    default String forUpdate() {
        return "";
    }

    Failure failure(SQLException e);

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
