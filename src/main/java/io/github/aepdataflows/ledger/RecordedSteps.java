package io.github.aepdataflows.ledger;

import static io.github.aepdataflows.ledger.StepRow.TABLE;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What can be done with all steps of a dataflow, or of the ledger, within a transaction. */
final class RecordedSteps {

    private final Transaction tx;

    RecordedSteps(Transaction tx) {
        this.tx = tx;
    }

    void finish(Lease lease, Collection<StepKey> used) throws LedgerException {
        DataflowRow dataflow = new Dataflows(tx).held(lease);
        Map<String, String> shared = new TreeMap<>();
        for (StepKey key : used) {
            StepRow row = StepRow.lock(tx, key).filter(StepRow::made)
                    .orElseThrow(() -> new LedgerException("dataflow %s is not finished: %s has no result".formatted(lease.dataflow(), key.words())));
            if (key.shared()) {
                shared.put(key.step(), key.content());
            } else if (!row.state().equals(StepRow.DONE)) {
                TABLE.update(tx, row.in(StepRow.DONE));
            }
        }
        for (StepRow row : TABLE.select(tx, "where dataflow = ?", lease.dataflow())) {
            boolean made = row.state().equals(StepRow.DONE) || row.state().equals(StepRow.INTENT);   // or may have been
            if (made && !used.contains(row.key())) {
                TABLE.update(tx, row.in(StepRow.LEFT));
            }
        }
        new Changes(tx).settle(lease.dataflow());
        DataflowRow finished = dataflow.using(shared).with(lease.digest(), lease.fields(), lease.file());
        DataflowRow.TABLE.update(tx, dataflow.done() ? finished : finished.finished(tx.now()));
    }

    List<RecordedStep> of(String dataflow) {
        Map<String, String> shared = DataflowRow.TABLE.select(tx, "where name = ?", dataflow).stream().findFirst()
                .map(DataflowRow::shared).orElse(Map.of());
        return TABLE.select(tx, "where dataflow in (?, '') order by begun", dataflow).stream()
                .filter(row -> row.key().shared() ? row.key().content().equals(shared.get(row.key().step()))
                        : !row.state().equals(StepRow.LEFT) && !row.state().equals(StepRow.GONE))
                .map(StepRow::step).toList();
    }

    List<RecordedStep> madeFor(String dataflow) {
        return TABLE.select(tx, "where dataflow = ? order by begun", dataflow).stream()
                .filter(row -> row.made() && !row.state().equals(StepRow.GONE)).map(StepRow::step).toList();
    }

    void describe(Lease lease, StepKey from, StepKey to, String name, String version) throws LedgerException {
        new Dataflows(tx).held(lease);
        StepRow row = StepRow.lock(tx, from).orElseThrow(() -> new LedgerException(from.words() + " is not recorded"));
        if (!from.equals(to)) {
            StepRow.lock(tx, to).ifPresent(other -> move(other, other.setAside(RecordedStep.REPLACED)));
        }
        move(row, row.as(to, name, version));
    }

    void setAside(Lease lease, StepKey key, String why, boolean gone) throws LedgerException {
        new Dataflows(tx).held(lease);
        StepRow.lock(tx, key).ifPresent(row -> {
            StepRow aside = row.setAside(why);
            move(row, gone ? aside.in(StepRow.GONE) : aside);
        });
    }

    private void move(StepRow row, StepRow moved) {
        if (row.key().equals(moved.key())) {
            TABLE.update(tx, moved);
        } else {
            TABLE.delete(tx, row.key().dataflow(), row.key().step(), row.key().content());
            TABLE.insert(tx, moved);
        }
    }

    Optional<RecordedStep> made(StepKey key) {
        return TABLE.select(tx, "where dataflow = ? and step = ?", key.dataflow(), key.step()).stream()
                .filter(row -> row.key().equals(key) && row.made()).map(StepRow::step).findFirst();
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
}
