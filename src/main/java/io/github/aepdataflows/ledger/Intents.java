package io.github.aepdataflows.ledger;

import static io.github.aepdataflows.ledger.RecordedStep.TABLE;

import io.github.aepdataflows.ledger.RecordedStep.State;
import java.time.Duration;

/** What can be done with one step within a transaction: the intent before a create is sent, and what became of it. */
record Intents(Transaction tx) {

    private static final String OTHERS = "where step = ? and name = ? and content <> ? and dataflow = '' ";

    Beginning begin(Lease lease, StepKey key, String name, Duration callTimeout) throws LedgerException {
        Dataflows dataflows = new Dataflows(tx);
        Dataflow dataflow = dataflows.held(lease);
        dataflows.renew(key.shared() ? dataflow.using(key) : dataflow);
        RecordedStep row = RecordedStep.lock(tx, key).orElse(null);
        long now = tx.now();
        if (row != null && row.made()) {
            if (key.shared()) {
                Changes.refuseIfDeleted(tx, lease, row);
            }
            if (row.state() == State.LEFT) {   // of an earlier version, and used again
                TABLE.update(tx, row.in(State.DONE));
            }
            return new Beginning(Beginning.State.DONE, row.attempt(), Duration.ZERO, row.result());
        } else if (row != null && row.state() == State.INTENT) {
            return Beginning.unresolved(row.attempt(), row.deadline(), now, callTimeout);
        }
        refuseIfOnItsWay(key);
        refuseIfNameIsOnItsWay(key, name, "state = 'INTENT'");
        if (row != null && row.state() == State.LEFT) {   // nobody found out what its last attempt had made
            TABLE.update(tx, row.in(State.INTENT));
            return Beginning.unresolved(row.attempt(), row.deadline(), now, callTimeout);
        }
        RecordedStep last = row != null ? row
                : new RecordedStep(key, name, State.FREE, 0, false, 0, Math.max(now, lastBegun(lease) + 1), Result.NONE);
        return send(last, false, now, callTimeout);
    }

    Beginning again(Lease lease, StepKey key, int attempt, Duration callTimeout) throws LedgerException {
        if (!key.shared()) {
            Dataflows dataflows = new Dataflows(tx);
            dataflows.renew(dataflows.held(lease));
        }
        RecordedStep row = RecordedStep.lock(tx, key).filter(found -> found.isIntent(attempt)).orElseThrow(() -> overtaken(key, attempt));
        refuseIfNameIsOnItsWay(key, row.name(), "state in ('INTENT', 'DONE')");   // no look has shown what was made after it
        return send(row, true, tx.now(), callTimeout);
    }

    private Beginning send(RecordedStep last, boolean again, long now, Duration callTimeout) {
        RecordedStep next = last.attempted(now + callTimeout.toMillis(), again);
        TABLE.save(tx, next, last.attempt() == 0);
        return Beginning.sent(next.attempt(), callTimeout);
    }

    void ended(Lease lease, StepKey key, int attempt) throws LedgerException {
        fence(lease, key);
        RecordedStep.lock(tx, key).filter(row -> row.isIntent(attempt)).ifPresent(row -> TABLE.update(tx, row.endedAt(tx.now())));
    }

    void clear(Lease lease, StepKey key, int attempt) throws LedgerException {
        fence(lease, key);
        RecordedStep row = RecordedStep.lock(tx, key).filter(found -> found.attempt() == attempt)
                .orElseThrow(() -> overtaken(key, attempt));
        if (row.state() == State.INTENT) {
            TABLE.update(tx, row.in(State.FREE));
        } else if (row.state() != State.FREE) {   // which it is when this is asked again after a commit whose outcome was not known
            throw overtaken(key, attempt);
        }
    }

    void complete(Lease lease, StepKey key, int attempt, Result result) throws LedgerException {
        fence(lease, key);
        RecordedStep row = RecordedStep.lock(tx, key).orElseThrow(() -> overtaken(key, attempt));
        if (row.made() && row.result().id().equals(result.id())) {
            return;   // asked again after a commit whose outcome was not known, or another dataflow found the shared resource too
        }
        if (!row.isIntent(attempt)) {
            throw overtaken(key, attempt);
        }
        for (RecordedStep other : TABLE.select(tx, "where step = ? and resource_id = ?", key.step(), result.id())) {
            throw new UsedIdException("%s of %s is already recorded for %s".formatted(result.id(), key.words(), other.key().words()));
        }
        TABLE.update(tx, row.done(result));
    }

    /** What the sandbox shares is kept apart by its attempt alone: whoever made it knows the truth, whatever became of his lease. */
    private void fence(Lease lease, StepKey key) throws LeaseLostException {
        if (!key.shared()) {
            new Dataflows(tx).held(lease);
        }
    }

    private void refuseIfOnItsWay(StepKey key) throws BusyException {
        for (RecordedStep other : TABLE.select(tx, "where step = ? and content = ? and state = 'INTENT'", key.step(), key.content())) {
            throw new BusyException("the same %s is being created for %s".formatted(key.step(), other.key().owner()));
        }
    }

    /** What the sandbox shares is known by its name: two of other contents are not made side by side. */
    private void refuseIfNameIsOnItsWay(StepKey key, String name, String states) throws BusyException {
        if (!key.shared() || name.isEmpty()) {
            return;
        }
        tx.database().lockName(tx.session(), key.step() + " " + name);
        for (RecordedStep other : TABLE.select(tx, OTHERS + "and deadline > ? and " + states, key.step(), name, key.content(), tx.now())) {
            throw new BusyException("another %s of the name %s is being created with other content".formatted(key.step(), other.name()));
        }
    }

    /** Whether one of that name, but of other content, was made or may have been. */
    static boolean isNameKnown(Transaction tx, StepKey key, String name) {
        return !TABLE.select(tx, OTHERS + "and state in ('INTENT', 'DONE', 'LEFT')", key.step(), name, key.content()).isEmpty();
    }

    private long lastBegun(Lease lease) {
        return tx.session().select("select coalesce(max(begun), 0) from aep_step where dataflow in (?, '')", row -> row.getLong(1),
                lease.dataflow()).get(0);
    }

    private static BusyException overtaken(StepKey key, int attempt) {
        return new BusyException("attempt %d of %s is not the latest any more: somebody else went on".formatted(attempt, key.words()));
    }
}
