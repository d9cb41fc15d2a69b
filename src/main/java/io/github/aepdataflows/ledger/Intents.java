package io.github.aepdataflows.ledger;

import static io.github.aepdataflows.ledger.StepRow.TABLE;

import io.github.aepdataflows.ledger.Beginning.State;
import java.time.Duration;
import java.util.Optional;

/** What can be done with one step within a transaction: the intent before a create is sent, and what became of it. */
final class Intents {

    private final Transaction tx;

    Intents(Transaction tx) {
        this.tx = tx;
    }

    Beginning begin(Lease lease, StepKey key, String name, Duration callTimeout) throws LedgerException {
        Dataflows dataflows = new Dataflows(tx);
        DataflowRow dataflow = dataflows.held(lease);
        dataflows.renew(key.shared() ? dataflow.using(key) : dataflow);
        Optional<StepRow> found = StepRow.lock(tx, key);
        long now = tx.now();
        if (found.isEmpty()) {
            refuseIfOnItsWay(key, now);
            StepRow row = new StepRow(key, name, StepRow.FREE, 0, false, 0, Math.max(now, lastBegun(lease) + 1), Result.NONE)
                    .attempted(now + callTimeout.toMillis());
            TABLE.insert(tx, row);
            return sent(row, callTimeout);
        }
        StepRow row = found.get();
        if (row.made()) {
            return new Beginning(State.DONE, row.attempt(), Duration.ZERO, row.result());
        }
        if (row.state().equals(StepRow.INTENT)) {
            return new Beginning(State.UNRESOLVED, row.attempt(), row.remaining(now, callTimeout), Result.NONE);
        }
        refuseIfOnItsWay(key, now);
        if (row.state().equals(StepRow.LEFT)) {   // nobody found out what its last attempt had made
            TABLE.update(tx, row.in(StepRow.INTENT));
            return new Beginning(State.UNRESOLVED, row.attempt(), row.remaining(now, callTimeout), Result.NONE);
        }
        StepRow next = row.attempted(now + callTimeout.toMillis());
        TABLE.update(tx, next);
        return sent(next, callTimeout);
    }

    Beginning again(Lease lease, StepKey key, int attempt, Duration callTimeout) throws LedgerException {
        if (!key.shared()) {
            Dataflows dataflows = new Dataflows(tx);
            dataflows.renew(dataflows.held(lease));
        }
        StepRow row = StepRow.lock(tx, key).filter(found -> found.isIntent(attempt)).orElseThrow(() -> overtaken(key, attempt));
        StepRow next = row.repeating().attempted(tx.now() + callTimeout.toMillis());
        TABLE.update(tx, next);
        return sent(next, callTimeout);
    }

    private static Beginning sent(StepRow row, Duration callTimeout) {
        return new Beginning(State.NEW, row.attempt(), callTimeout, Result.NONE);
    }

    void ended(Lease lease, StepKey key, int attempt) throws LedgerException {
        fence(lease, key);
        StepRow.lock(tx, key).filter(row -> row.isIntent(attempt)).ifPresent(row -> TABLE.update(tx, row.until(Math.min(row.deadline(), tx.now()))));
    }

    void clear(Lease lease, StepKey key, int attempt) throws LedgerException {
        fence(lease, key);
        StepRow row = StepRow.lock(tx, key).filter(found -> found.attempt() == attempt).orElseThrow(() -> overtaken(key, attempt));
        if (row.state().equals(StepRow.FREE)) {
            return;   // asked again after a commit whose outcome was not known
        }
        if (!row.state().equals(StepRow.INTENT)) {
            throw overtaken(key, attempt);
        }
        TABLE.update(tx, row.in(StepRow.FREE));
    }

    void complete(Lease lease, StepKey key, int attempt, Result result) throws LedgerException {
        fence(lease, key);
        StepRow row = StepRow.lock(tx, key).orElseThrow(() -> overtaken(key, attempt));
        if (row.made() && row.result().id().equals(result.id())) {
            return;   // asked again after a commit whose outcome was not known, or another dataflow found the shared resource too
        }
        if (!row.isIntent(attempt)) {
            throw overtaken(key, attempt);
        }
        for (StepRow other : TABLE.select(tx, "where step = ? and resource_id = ?", key.step(), result.id())) {
            throw new UsedIdException("%s of %s is already recorded for %s".formatted(result.id(), key.words(), other.key().words()), other.key().dataflow());
        }
        TABLE.update(tx, row.made(result));
    }

    /** What the sandbox shares is kept apart by its attempt alone: whoever made it knows the truth, whatever became of his lease. */
    private void fence(Lease lease, StepKey key) throws LeaseLostException {
        if (!key.shared()) {
            new Dataflows(tx).held(lease);
        }
    }

    private void refuseIfOnItsWay(StepKey key, long now) throws BusyException {
        for (StepRow other : TABLE.select(tx, "where step = ? and content = ? and state = 'INTENT'", key.step(), key.content())) {
            throw new BusyException("the same %s is being created for %s".formatted(key.step(), other.key().owner()), other.key().owner(),
                    Duration.ofMillis(Math.max(0, other.deadline() - now)));
        }
    }

    private long lastBegun(Lease lease) {
        return TABLE.select(tx, "where dataflow in (?, '')", lease.dataflow()).stream().mapToLong(StepRow::begun).max().orElse(0);
    }

    private static BusyException overtaken(StepKey key, int attempt) {
        return new BusyException("attempt %d of %s is not the latest any more: somebody else went on".formatted(attempt, key.words()),
                key.owner(), Duration.ZERO);
    }
}
