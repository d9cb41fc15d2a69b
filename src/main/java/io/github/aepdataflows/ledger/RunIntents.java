package io.github.aepdataflows.ledger;

import static io.github.aepdataflows.ledger.RecordedRun.TABLE;

import io.github.aepdataflows.ledger.RecordedRun.State;
import java.time.Duration;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** What can be done with the order of a run within a transaction: the intent before it is sent, and what became of it. */
record RunIntents(Transaction tx) {

    /** @param bounds absent where somebody has asked for this very run */
    Optional<Beginning> begin(Lease lease, RunOrder order, String seen, long seenAt, long now, Optional<RunOrder.Bounds> bounds,
            Duration callTimeout) throws LedgerException {
        Dataflows dataflows = new Dataflows(tx);
        dataflows.renew(dataflows.held(lease));
        RecordedRun last = TABLE.lock(tx, order.flow(), order.cause()).orElse(null);
        if (last != null && last.isIntent()) {
            return Optional.of(Beginning.unresolved(last.attempt(), last.deadline(), tx.now(), callTimeout));
        } else if (last != null && !order.cause().isEmpty() && (last.state() == State.DONE || bounds.isPresent())) {
            return Optional.of(new Beginning(Beginning.State.DONE, last.attempt(), Duration.ZERO,
                    new Result(last.runId(), "", last.requestId(), "")));
        }
        String origin = TABLE.select(tx, "where flow = ? and run_id = ?", order.flow(), order.cause()).stream()
                .filter(row -> !order.cause().isEmpty()).map(RecordedRun::origin).findFirst().orElse(order.cause());
        if (bounds.isPresent()) {
            Binding.lock(tx);   // two that order at the same time count one after the other
            if (isReached(bounds.get(), order.flow(), origin)) {
                return Optional.empty();
            }
        }
        TABLE.save(tx, new RecordedRun(order, lease.dataflow(), origin, bounds.isPresent() ? 1 : 0, seen, seenAt, now, State.INTENT, 1,
                tx.now() + callTimeout.toMillis(), "", ""), last == null);
        return Optional.of(Beginning.sent(1, callTimeout));
    }

    /** An order that is open may still be sent: it counts, however long ago it was begun. */
    private boolean isReached(RunOrder.Bounds bounds, String flow, String origin) {
        String counted = "where automatic = 1 and state <> 'REFUSED' and ";
        String ofDay = counted + "(ordered_at > ? or state = 'INTENT')";
        return TABLE.select(tx, counted + "flow = ? and origin = ?", flow, origin).size() >= bounds.perRun()
                || TABLE.select(tx, ofDay + " and flow = ?", bounds.since(), flow).size() >= bounds.perFlow()
                || TABLE.select(tx, ofDay, bounds.since()).size() >= bounds.perDay();
    }

    Beginning again(Lease lease, RunOrder order, int attempt, long now, Duration callTimeout) throws LedgerException {
        new Dataflows(tx).held(lease);
        RecordedRun row = TABLE.lock(tx, order.flow(), order.cause()).filter(found -> found.isIntent() && found.attempt() == attempt)
                .orElseThrow(() -> new BusyException("the order of a run of flow %s is not open any more".formatted(order.flow())));
        RecordedRun next = row.again(now, tx.now() + callTimeout.toMillis());
        TABLE.update(tx, next);
        return Beginning.sent(next.attempt(), callTimeout);
    }

    void done(Lease lease, RunOrder order, String runId, String requestId) throws LedgerException {
        update(lease, order, row -> row.became(State.DONE, runId, requestId));
    }

    void ended(Lease lease, RunOrder order) throws LedgerException {
        update(lease, order, row -> row.isIntent() ? row.endedAt(tx.now()) : row);
    }

    void refused(Lease lease, RunOrder order) throws LedgerException {
        update(lease, order, row -> row.became(State.REFUSED, "", ""));
    }

    void clear(Lease lease, RunOrder order) throws LedgerException {
        new Dataflows(tx).held(lease);
        TABLE.lock(tx, order.flow(), order.cause()).filter(RecordedRun::isIntent)
                .ifPresent(row -> TABLE.delete(tx, order.flow(), order.cause()));
    }

    private void update(Lease lease, RunOrder order, UnaryOperator<RecordedRun> next) throws LedgerException {
        new Dataflows(tx).held(lease);
        TABLE.lock(tx, order.flow(), order.cause()).ifPresent(row -> TABLE.update(tx, next.apply(row)));
    }
}
