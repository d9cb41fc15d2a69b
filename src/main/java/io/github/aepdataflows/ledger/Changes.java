package io.github.aepdataflows.ledger;

import static io.github.aepdataflows.ledger.RecordedChange.TABLE;

import io.github.aepdataflows.ledger.RecordedChange.State;
import java.time.Duration;
import java.util.function.UnaryOperator;

/** What can be done with the change of a resource within a transaction: the intent before it is sent, and what became of it. */
record Changes(Transaction tx) {

    private static final String DELETE = "delete";

    Beginning begin(Lease lease, Change change, Duration callTimeout) throws LedgerException {
        Dataflows dataflows = new Dataflows(tx);
        dataflows.renew(dataflows.held(lease));
        if (change.action().equals(DELETE)) {
            refuseIfUsed(lease, change);
        }
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

    /** What the sandbox shares may have got another user since it was found to have none. */
    private void refuseIfUsed(Lease lease, Change change) throws BusyException {
        for (RecordedStep shared : RecordedStep.TABLE.select(tx, "where dataflow = '' and step = ? and resource_id = ?" + tx.forUpdate(),
                change.step(), change.resourceId())) {
            for (Dataflow other : Dataflow.TABLE.select(tx, "where name <> ?", lease.dataflow())) {
                if (other.uses(shared.key())) {
                    throw new BusyException("the %s %s is used by dataflow %s by now".formatted(change.step(), change.resourceId(),
                            other.name()));
                }
            }
        }
    }

    /** Nothing is built on what is being deleted for another dataflow, or was a moment ago. */
    static void refuseIfDeleted(Transaction tx, Lease lease, RecordedStep shared) throws BusyException {
        for (RecordedChange change : TABLE.select(tx, "where step = ? and resource_id = ? and dataflow <> ?", shared.key().step(),
                shared.result().id(), lease.dataflow())) {
            if (change.change().action().equals(DELETE) && (change.isIntent() || change.state() == State.DONE)) {
                throw new BusyException("the %s %s is being deleted for dataflow %s".formatted(shared.key().step(),
                        change.change().resourceId(), change.dataflow()));
            }
        }
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
