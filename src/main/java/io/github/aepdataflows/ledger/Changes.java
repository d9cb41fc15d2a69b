package io.github.aepdataflows.ledger;

import static io.github.aepdataflows.ledger.ChangeRow.TABLE;

import io.github.aepdataflows.ledger.Beginning.State;
import java.time.Duration;
import java.util.List;

/** What can be done with the change of a resource within a transaction: the intent before it is sent, and what became of it. */
final class Changes {

    private final Transaction tx;

    Changes(Transaction tx) {
        this.tx = tx;
    }

    Beginning begin(Lease lease, Change change, Duration callTimeout) throws LedgerException {
        Dataflows dataflows = new Dataflows(tx);
        dataflows.renew(dataflows.held(lease));
        ChangeRow before = TABLE.lock(tx, change.step(), change.resourceId()).orElse(null);
        long now = tx.now();
        if (before != null && before.isIntent() && !before.change().equals(change) && !before.remaining(now, callTimeout).isZero()) {
            return new Beginning(State.UNRESOLVED, before.attempt(), before.remaining(now, callTimeout), Result.NONE);
        }
        int attempt = before != null && before.change().equals(change) ? before.attempt() + 1 : 1;
        ChangeRow row = new ChangeRow(change, lease.dataflow(), StepRow.INTENT, attempt, now + callTimeout.toMillis(), "", "");
        if (before == null) {
            TABLE.insert(tx, row);
        } else {
            TABLE.update(tx, row);
        }
        return new Beginning(State.NEW, attempt, callTimeout, Result.NONE);
    }

    void done(Lease lease, Change change, String version, String requestId) throws LedgerException {
        new Dataflows(tx).held(lease);
        TABLE.lock(tx, change.step(), change.resourceId()).filter(row -> row.change().equals(change))
                .ifPresent(row -> TABLE.update(tx, row.done(version, requestId)));
    }

    void ended(Lease lease, Change change) throws LedgerException {
        new Dataflows(tx).held(lease);
        intent(change, row -> row.until(Math.min(row.deadline(), tx.now())));
    }

    void clear(Lease lease, Change change) throws LedgerException {
        new Dataflows(tx).held(lease);
        intent(change, row -> row.in(StepRow.FREE));
    }

    private interface Next {
        ChangeRow of(ChangeRow row);
    }

    private void intent(Change change, Next next) {
        TABLE.lock(tx, change.step(), change.resourceId()).filter(row -> row.isIntent() && row.change().equals(change))
                .ifPresent(row -> TABLE.update(tx, next.of(row)));
    }

    /** The dataflow is as its definition says: whatever was still open of its changes is answered by that. */
    void settle(String dataflow) {
        TABLE.select(tx, "where dataflow = ? and state = 'INTENT'", dataflow).forEach(row -> TABLE.update(tx, row.done("", "")));
    }

    List<RecordedChange> of(String dataflow) {
        return TABLE.select(tx, "where dataflow = ? order by step, resource_id", dataflow).stream().map(ChangeRow::recorded).toList();
    }

    /** Reads every row, and thereby its seal. */
    void check() {
        TABLE.select(tx, "");
    }
}
