package io.github.aepdataflows.ledger;

import static io.github.aepdataflows.ledger.StepRow.TABLE;

import io.github.aepdataflows.ledger.Beginning.State;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What can be done with steps within a transaction. */
final class Steps {

    private final Transaction tx;

    Steps(Transaction tx) {
        this.tx = tx;
    }

    Beginning begin(Lease lease, StepKey key, String name, Duration callTimeout) throws LedgerException {
        Dataflows dataflows = new Dataflows(tx);
        DataflowRow dataflow = dataflows.held(lease);
        dataflows.renew(key.shared() ? dataflow.using(key) : dataflow);
        Optional<StepRow> found = TABLE.lock(tx, keyOf(key));
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
        StepRow row = locked(key).filter(found -> found.isIntent(attempt)).orElseThrow(() -> overtaken(key, attempt));
        StepRow next = row.repeating().attempted(tx.now() + callTimeout.toMillis());
        TABLE.update(tx, next);
        return sent(next, callTimeout);
    }

    private static Beginning sent(StepRow row, Duration callTimeout) {
        return new Beginning(State.NEW, row.attempt(), callTimeout, Result.NONE);
    }

    void ended(Lease lease, StepKey key, int attempt) throws LedgerException {
        fence(lease, key);
        locked(key).filter(row -> row.isIntent(attempt)).ifPresent(row -> TABLE.update(tx, row.until(Math.min(row.deadline(), tx.now()))));
    }

    void clear(Lease lease, StepKey key, int attempt) throws LedgerException {
        fence(lease, key);
        StepRow row = locked(key).filter(found -> found.attempt() == attempt).orElseThrow(() -> overtaken(key, attempt));
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
        StepRow row = locked(key).orElseThrow(() -> overtaken(key, attempt));
        if (row.made() && row.result().id().equals(result.id())) {
            return;   // asked again after a commit whose outcome was not known, or another dataflow found the shared resource too
        }
        if (!row.isIntent(attempt)) {
            throw overtaken(key, attempt);
        }
        for (StepRow other : TABLE.select(tx, "where step = ? and resource_id = ?", key.step(), result.id())) {
            throw new UsedIdException("%s of %s is already recorded for %s".formatted(result.id(), words(key), words(other.key())), other.key().dataflow());
        }
        TABLE.update(tx, row.made(result));
    }

    void finish(Lease lease, Collection<StepKey> used) throws LedgerException {
        DataflowRow dataflow = new Dataflows(tx).held(lease);
        Map<String, String> shared = new TreeMap<>();
        for (StepKey key : used) {
            StepRow row = locked(key).filter(StepRow::made)
                    .orElseThrow(() -> new LedgerException("dataflow %s is not finished: %s has no result".formatted(lease.dataflow(), words(key))));
            if (key.shared()) {
                shared.put(key.step(), key.content());
            } else if (!row.state().equals(StepRow.DONE)) {
                TABLE.update(tx, row.in(StepRow.DONE));
            }
        }
        for (StepRow row : TABLE.select(tx, "where dataflow = ?", lease.dataflow())) {
            if (!used.contains(row.key()) && !row.state().equals(StepRow.LEFT)) {
                TABLE.update(tx, row.in(StepRow.LEFT));
            }
        }
        DataflowRow finished = dataflow.using(shared);
        DataflowRow.TABLE.update(tx, dataflow.done() ? finished : finished.finished(tx.now()));
    }

    List<RecordedStep> of(String dataflow) {
        Map<String, String> shared = DataflowRow.TABLE.select(tx, "where name = ?", dataflow).stream().findFirst()
                .map(DataflowRow::shared).orElse(Map.of());
        return TABLE.select(tx, "where dataflow in (?, '') order by begun", dataflow).stream()
                .filter(row -> row.key().shared() ? row.key().content().equals(shared.get(row.key().step())) : !row.state().equals(StepRow.LEFT))
                .map(StepRow::step).toList();
    }

    Optional<String> owner(String step, String resourceId) {
        return TABLE.select(tx, "where step = ? and resource_id = ?", step, resourceId).stream().findFirst().map(row -> row.key().dataflow());
    }

    Map<String, String> resources(String step) {
        Map<String, String> owners = new TreeMap<>();
        TABLE.select(tx, "where step = ? and state = 'DONE' and (dataflow = '' or dataflow in (select name from aep_dataflow where state = 'DONE'))", step)
                .forEach(row -> owners.put(row.result().id(), row.key().dataflow()));
        return owners;
    }

    List<RecordedStep> unresolved() {
        return TABLE.select(tx, "where state = 'INTENT' order by dataflow, begun").stream().map(StepRow::step).toList();
    }

    List<RecordedStep> repeated() {
        return TABLE.select(tx, "where repeated = 1 order by dataflow, begun").stream().map(StepRow::step).toList();
    }

    /** Reads every row, and thereby its seal. */
    void check() {
        TABLE.select(tx, "");
    }

    /** What the sandbox shares is kept apart by its attempt alone: whoever made it knows the truth, whatever became of his lease. */
    private void fence(Lease lease, StepKey key) throws LeaseLostException {
        if (!key.shared()) {
            new Dataflows(tx).held(lease);
        }
    }

    private void refuseIfOnItsWay(StepKey key, long now) throws BusyException {
        for (StepRow other : TABLE.select(tx, "where step = ? and content = ? and state = 'INTENT'", key.step(), key.content())) {
            throw new BusyException("the same %s is being created for %s".formatted(key.step(), owner(other.key())), owner(other.key()),
                    Duration.ofMillis(Math.max(0, other.deadline() - now)));
        }
    }

    private long lastBegun(Lease lease) {
        return TABLE.select(tx, "where dataflow in (?, '')", lease.dataflow()).stream().mapToLong(StepRow::begun).max().orElse(0);
    }

    private Optional<StepRow> locked(StepKey key) {
        return TABLE.lock(tx, keyOf(key));
    }

    private static Object[] keyOf(StepKey key) {
        return new Object[] {key.dataflow(), key.step(), key.content()};
    }

    private static BusyException overtaken(StepKey key, int attempt) {
        return new BusyException("attempt %d of %s is not the latest any more: somebody else went on".formatted(attempt, words(key)),
                owner(key), Duration.ZERO);
    }

    private static String words(StepKey key) {
        return "step %s of %s".formatted(key.step(), owner(key));
    }

    private static String owner(StepKey key) {
        return key.shared() ? "the sandbox" : "dataflow " + key.dataflow();
    }
}
