package io.github.aepdataflows.ledger;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The open database: runs transactions, and says in words what went wrong. Where it has one connection only, those that wait for it are
 * committed together, with one write to the disk for all; should one of them fail, each is run alone.
 */
final class Store implements AutoCloseable {

    /** The work of one transaction. It may run several times, each time from the start. */
    interface Work<T> {
        T apply(Transaction tx) throws LedgerException;
    }

    /** The same, without an answer. */
    interface Change {
        void apply(Transaction tx) throws LedgerException;
    }

    /** The work of a transaction, and what has come of it. */
    private static final class Waiting<T> {

        private final Work<T> work;
        private final boolean isSynced;
        private final Thread thread = Thread.currentThread();
        private T result;
        private Throwable failure;
        private volatile boolean over;

        private Waiting(Work<T> work, boolean isSynced) {
            this.work = work;
            this.isSynced = isSynced;
        }

        private void apply(Transaction tx) throws LedgerException {
            result = work.apply(tx);
        }

        private void end(Throwable reason) {
            failure = reason;
            over = true;
            LockSupport.unpark(thread);
        }

        private T outcome() throws LedgerException {
            if (failure instanceof LedgerException refused) {
                throw refused;
            } else if (failure instanceof RuntimeException fault) {
                throw fault;
            } else if (failure instanceof Error error) {
                throw error;
            }
            return result;
        }
    }

    private static final long PATIENCE_NANOS = Duration.ofSeconds(30).toNanos();
    private static final int TRIES = 3;
    private static final long PAUSE_MILLIS = 50;

    private static final Logger LOG = LoggerFactory.getLogger("aep.ledger");

    final Database database;
    private final Binding binding;
    private final String holder;
    private final Duration lease;
    private final HikariDataSource pool;
    private final ReadWriteLock life = new ReentrantReadWriteLock();
    private final Queue<Waiting<?>> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean busy = new AtomicBoolean();
    /** The only one of an exclusive database, until it fails. */
    private Session kept;

    private final LongAdder commits = new LongAdder();
    private final LongAdder commitNanos = new LongAdder();
    private final LongAdder leasesLost = new LongAdder();

    private boolean isOpen;
    private volatile long openedAt;
    private volatile UnusableLedgerException unusable;
    private volatile String trouble;

    private Store(Database database, Binding binding, String holder, Duration lease) throws LedgerException {
        this.database = database;
        this.binding = binding;
        this.holder = holder;
        this.lease = lease;
        HikariConfig config = database.pool();
        config.setPoolName("aep-ledger");
        try {
            this.pool = new HikariDataSource(config);
        } catch (RuntimeException e) {
            throw inWords(e);
        }
    }

    /** Connects, checks everything that is stored, and brings the tables up to date. */
    static Store open(Database database, Binding binding, String holder, Duration lease) throws LedgerException {
        Store store = new Store(database, binding, holder, lease);
        try {
            store.change(tx -> database.checkIntegrity(tx.session()));
            new Migration(database).run(store.pool);
            store.change(tx -> {
                store.readAll(tx);
                store.openedAt = tx.now();
            });
            database.watch();
            store.isOpen = true;
            return store;
        } catch (RuntimeException e) {
            store.close();
            throw store.inWords(e);
        } catch (LedgerException e) {
            store.close();
            throw e;
        }
    }

    /** Every row, and thereby its seal. */
    private void readAll(Transaction tx) throws LedgerException {
        binding.bind(tx);
        new Dataflows(tx).check();
        new Claims(tx).check();
        RecordedStep.TABLE.select(tx, "");
        RecordedChange.TABLE.select(tx, "");
        SentSecrets.TABLE.select(tx, "");
        UnshownField.TABLE.select(tx, "");
        RecordedRun.TABLE.select(tx, "");
        Condition.TABLE.select(tx, "");
        new Turns(tx).check();
        Position.TABLE.select(tx, "");
        new Publications(tx).check();
        MarkKey.check(tx);
    }

    boolean isUsable() {
        return unusable == null;
    }

    /** Why nothing can be recorded at the moment; empty when everything can. A database that others work with, too, is not asked. */
    Optional<String> trouble() {
        try {
            if (database.exclusive()) {
                change(tx -> { });
            }
            return Optional.ofNullable(unusable).map(Throwable::getMessage);
        } catch (LedgerException e) {
            return Optional.of(e.getMessage());
        }
    }

    Commits commits() {
        return new Commits(commits.sum(), commitNanos.sum() / (double) TimeUnit.SECONDS.toNanos(1), leasesLost.sum());
    }

    void change(Change change) throws LedgerException {
        transaction(tx -> {
            change.apply(tx);
            return tx;
        });
    }

    /** Runs it in a transaction, again when that collided with another one. What was written is on the disk when this returns. */
    <T> T transaction(Work<T> work) throws LedgerException {
        return run(new Waiting<>(work, true));
    }

    /** The same, but what was written need not be on the disk before the next {@link #transaction} that writes. */
    <T> T unsynced(Work<T> work) throws LedgerException {
        return run(new Waiting<>(work, false));
    }

    private <T> T run(Waiting<T> mine) throws LedgerException {
        life.readLock().lock();
        try {
            if (database.exclusive()) {
                waitFor(mine);
            } else {
                alone(mine);
            }
            return mine.outcome();
        } finally {
            life.readLock().unlock();
        }
    }

    /** Whoever finds nobody at work runs all that wait, its own among them. */
    private void waitFor(Waiting<?> mine) throws LedgerException {
        long start = System.nanoTime();
        boolean interrupted = false;
        waiting.add(mine);
        while (!mine.over) {
            if (busy.compareAndSet(false, true)) {
                runWaiting();
            } else if (System.nanoTime() - start > PATIENCE_NANOS && waiting.remove(mine)) {   // else it is being done
                throw noted(new LedgerException("%s cannot be used now (it has not answered for %d seconds)".formatted(database.place(),
                        PATIENCE_NANOS / 1_000_000_000)));
            } else {
                LockSupport.parkNanos(this, PATIENCE_NANOS);
                interrupted |= Thread.interrupted();   // it ends soon, and with a known outcome
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void runWaiting() {
        try {
            List<Waiting<?>> group = new ArrayList<>();
            for (Waiting<?> next = waiting.poll(); next != null; next = waiting.poll()) {
                group.add(next);
            }
            if (group.size() < 2 || !together(group)) {
                group.forEach(this::alone);
            }
        } finally {
            busy.set(false);
            Waiting<?> next = waiting.peek();
            if (next != null) {
                LockSupport.unpark(next.thread);
            }
        }
    }

    /** Runs them in one transaction; false when nothing of any was committed. */
    private boolean together(List<Waiting<?>> group) {
        try {
            if (unusable != null || trouble != null) {
                return false;
            }
            LedgerException after = committed(tx -> {
                for (Waiting<?> each : group) {
                    each.apply(tx);
                }
            }, group.stream().anyMatch(each -> each.isSynced));
            LedgerException reason = after instanceof UnusableLedgerException ? noted(after) : after;
            group.forEach(each -> each.end(reason));
            return true;
        } catch (LedgerException | RuntimeException | Error e) {
            return false;   // alone, whoever has failed fails again, and says why
        }
    }

    private void alone(Waiting<?> one) {
        try {
            retried(one);
            one.end(null);
        } catch (LedgerException | RuntimeException | Error e) {
            one.end(e);
        }
    }

    private void retried(Waiting<?> one) throws LedgerException {
        for (int attempt = 1; ; attempt++) {
            if (unusable != null) {
                throw new UnusableLedgerException(unusable.getMessage(), unusable);
            }
            try {
                LedgerException after = committed(one::apply, one.isSynced);
                if (after != null) {
                    throw after;
                }
                if (trouble != null) {
                    ended(null);
                }
                return;
            } catch (RuntimeException e) {
                SQLException cause = sqlCause(e);
                if (attempt == TRIES || cause == null || database.failure(cause) != Database.Failure.COLLISION) {
                    throw noted(inWords(e));
                }
                pause(attempt);
            } catch (UnusableLedgerException e) {
                throw noted(e);
            } catch (LeaseLostException e) {
                leasesLost.increment();
                throw e;
            }
        }
    }

    /** Commits it. What is found to be wrong only after that is returned, else null. */
    private LedgerException committed(Change work, boolean isSynced) throws LedgerException {
        Session session = kept == null ? Session.of(pool) : kept;
        kept = null;
        boolean fine = false;
        LedgerException after;
        try {
            if (database.isToCheck(session)) {
                inTransaction(session, tx -> {
                    database.checkIntegrity(session);
                    readAll(tx);
                });
                database.committed(true);
            }
            long begun = System.nanoTime();
            inTransaction(session, work);
            after = isSynced && session.hasWritten() ? sync(session) : null;
            commits.increment();
            commitNanos.add(System.nanoTime() - begun);
            fine = database.exclusive() && isOpen;
        } finally {
            if (fine) {
                kept = session;
            } else {
                session.close();
            }
        }
        try {
            database.committed(false);
            return after;
        } catch (LedgerException e) {
            return e;
        }
    }

    private void inTransaction(Session session, Change work) throws LedgerException {
        session.inTransaction(() -> {
            work.apply(new Transaction(session, database, holder, openedAt, lease));
            if (trouble != null) {
                database.probe(session);
            }
        });
    }

    /** The transaction is over, and is not to be run again, whatever this returns: why it is not on the disk, else null. */
    private LedgerException sync(Session session) {
        try {
            database.sync(session);
            return null;
        } catch (LedgerException e) {
            return noted(e);
        } catch (DatabaseException e) {
            return noted(inWords(e));
        }
    }

    /** What is damaged or lost stays so, whatever shows later; and no room is left until there is. */
    private LedgerException noted(LedgerException failure) {
        if (isOpen && failure instanceof UnusableLedgerException lost) {
            synchronized (this) {
                if (unusable == null) {
                    unusable = lost;
                    LOG.error("the ledger cannot be used any more, nothing is sent: {}", lost.getMessage());
                }
            }
        } else if (isOpen && database.exclusive()) {
            ended(failure.getMessage());
        }
        return failure;
    }

    private synchronized void ended(String newTrouble) {
        if (newTrouble != null && trouble == null) {
            LOG.warn("nothing is sent until it can be recorded: {}", newTrouble);
        } else if (newTrouble == null && trouble != null) {
            LOG.info("the ledger can be written again");
        }
        trouble = newTrouble;
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
            case COLLISION -> new LedgerException("%s is in use by another process (%s)".formatted(database.place(),
                    database.user().orElse(reason)), e);
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
            if (kept != null) {
                kept.close();
            }
            pool.close();
            database.closed();
        } finally {
            life.writeLock().unlock();
        }
    }
}
