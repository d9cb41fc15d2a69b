package io.github.aepdataflows.ledger;

import static io.github.aepdataflows.ledger.RecordedChange.TABLE;

import io.github.aepdataflows.ledger.RecordedChange.State;
import java.time.Duration;
import java.util.function.UnaryOperator;

/** What can be done with the change of a resource within a transaction: the intent before it is sent, and what became of it. */
record Changes(Transaction tx) {

    Beginning begin(Lease lease, Change change, Duration callTimeout) throws LedgerException {
        Dataflows dataflows = new Dataflows(tx);
        dataflows.renew(dataflows.held(lease));
        RecordedChange last = TABLE.lock(tx, change.step(), change.resourceId()).orElse(null);
        long now = tx.now();
        boolean same = last != null && last.change().equals(change);
        if (last != null && last.isIntent() && !same) {
            Beginning other = Beginning.unresolved(last.attempt(), last.deadline(), now, callTimeout);
            if (!other.untilDeadline().isZero()) {
                return other;
            }
        }
        int attempt = !same ? 1 : last.state() == State.FREE ? last.attempt() : last.attempt() + 1;
        TABLE.save(tx, new RecordedChange(change, lease.dataflow(), State.INTENT, attempt, now + callTimeout.toMillis(), "", ""),
                last == null);
        return Beginning.sent(attempt, callTimeout);
    }

    void done(Lease lease, Change change, String version, String requestId) throws LedgerException {
        update(lease, change, row -> row.done(version, requestId));
    }

    void ended(Lease lease, Change change) throws LedgerException {
        update(lease, change, row -> row.isIntent() ? row.endedAt(tx.now()) : row);
    }

    void futile(Lease lease, Change change) throws LedgerException {
        update(lease, change, RecordedChange::futile);
    }

    void clear(Lease lease, Change change) throws LedgerException {
        update(lease, change, row -> row.isIntent() ? row.refused() : row);
    }

    private void update(Lease lease, Change change, UnaryOperator<RecordedChange> next) throws LedgerException {
        new Dataflows(tx).held(lease);
        TABLE.lock(tx, change.step(), change.resourceId()).filter(row -> row.change().equals(change))
                .ifPresent(row -> TABLE.update(tx, next.apply(row)));
    }

    /** The dataflow is as its definition says: whatever was still open of its changes is answered by that. */
    void close(String dataflow) {
        TABLE.select(tx, "where dataflow = ? and state = 'INTENT'", dataflow).forEach(row -> TABLE.update(tx, row.done("", "")));
    }
}
