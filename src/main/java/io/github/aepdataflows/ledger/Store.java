package io.github.aepdataflows.ledger;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.generic.GenericType;

/** The open database: runs transactions, and says in words what went wrong. */
final class Store implements AutoCloseable {

    /** The work of one transaction. It may run several times, each time from the start. */
    interface Work<T> {
        T apply(Transaction tx) throws LedgerException;
    }

    /** The same, without an answer. */
    interface Change {
        void apply(Transaction tx) throws LedgerException;
    }

    private static final int TRIES = 3;
    private static final long PAUSE_MILLIS = 50;

    private final Database database;
    private final String holder;
    private final Duration lease;
    private final HikariDataSource pool;
    private final Jdbi jdbi;
    private final ReadWriteLock life = new ReentrantReadWriteLock();

    private Store(Database database, String holder, Duration lease) throws LedgerException {
        this.database = database;
        this.holder = holder;
        this.lease = lease;
        HikariConfig config = database.pool();
        config.setPoolName("aep-ledger");
        try {
            this.pool = new HikariDataSource(config);
        } catch (RuntimeException e) {
            throw inWords(e);
        }
        this.jdbi = Jdbi.create(pool).registerColumnMapper(new GenericType<Map<String, String>>() { },
                (result, column, context) -> Pairs.read(result.getString(column)))
                .registerColumnMapper(Instant.class, (result, column, context) -> Instant.ofEpochMilli(result.getLong(column)));
    }

    /** Connects, checks everything that is stored, and brings the tables up to date. */
    static Store open(Database database, Binding binding, String holder, Duration lease) throws LedgerException {
        Store store = new Store(database, holder, lease);
        try {
            store.change(tx -> database.checkIntegrity(tx.handle()));
            new Migration(database).run(store.pool);
            store.change(tx -> {
                binding.bind(tx);
                new Dataflows(tx).check();
                new Claims(tx).check();
                RecordedStep.TABLE.select(tx, "");   // every row, and thereby its seal
                RecordedChange.TABLE.select(tx, "");
                SentSecrets.TABLE.select(tx, "");
                MarkKey.check(tx);
            });
            return store;
        } catch (RuntimeException e) {
            store.close();
            throw store.inWords(e);
        } catch (LedgerException e) {
            store.close();
            throw e;
        }
    }

    void change(Change change) throws LedgerException {
        transaction(tx -> {
            change.apply(tx);
            return tx;
        });
    }

    /** Runs it as one transaction, again when it collided with another one. */
    <T> T transaction(Work<T> work) throws LedgerException {
        life.readLock().lock();
        try {
            for (int attempt = 1; ; attempt++) {
                try {
                    return jdbi.inTransaction(handle -> work.apply(new Transaction(handle, database, holder, lease)));
                } catch (RuntimeException e) {
                    SQLException cause = sqlCause(e);
                    if (attempt == TRIES || cause == null || database.failure(cause) != Database.Failure.COLLISION) {
                        throw inWords(e);
                    }
                    pause(attempt);
                }
            }
        } finally {
            life.readLock().unlock();
        }
    }

    private void pause(int attempt) throws LedgerException {
        try {
            Thread.sleep(PAUSE_MILLIS * attempt * attempt);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new LedgerException("%s was not waited for any longer: the program is stopping".formatted(database.place()), e);
        }
    }

    /** @throws RuntimeException the given one, when it does not come from the database */
    private LedgerException inWords(RuntimeException e) {
        SQLException cause = sqlCause(e);
        if (cause == null) {
            throw e;
        }
        String reason = String.valueOf(cause.getMessage()).lines().findFirst().orElse("");
        return switch (database.failure(cause)) {
            case DAMAGE -> new UnusableLedgerException("%s is damaged (%s). %s".formatted(database.place(), reason, database.cure()), e);
            case COLLISION -> new LedgerException("%s is in use by another process (%s)".formatted(database.place(), reason), e);
            case OTHER -> new LedgerException("%s cannot be used now (%s)".formatted(database.place(), reason), e);
        };
    }

    /** The innermost one: the outer ones are the pool's and only say that there was one. */
    private static SQLException sqlCause(Throwable e) {
        SQLException found = null;
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            found = cause instanceof SQLException sql ? sql : found;
        }
        return found;
    }

    /** Once the transactions under way are over, each of which takes a bounded time. */
    @Override
    public void close() {
        life.writeLock().lock();
        try {
            pool.close();
        } finally {
            life.writeLock().unlock();
        }
    }
}
