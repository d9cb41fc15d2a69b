package io.github.aepdataflows.ledger;

import static io.github.aepdataflows.ledger.RecordedStep.TABLE;

import io.github.aepdataflows.ledger.RecordedStep.State;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What can be done with all steps of a dataflow, or of the ledger, within a transaction. */
record RecordedSteps(Transaction tx) {

    void finish(Lease lease, Collection<StepKey> used) throws LedgerException {
        Dataflow dataflow = new Dataflows(tx).held(lease);
        Map<String, String> shared = Map.of();
        for (StepKey key : used) {
            RecordedStep row = RecordedStep.lock(tx, key).filter(RecordedStep::made).orElseThrow(() -> key.shared()
                    ? new BusyException("the %s that dataflow %s uses was made what another definition describes meanwhile"
                            .formatted(key.step(), lease.dataflow()))
                    : new LedgerException("dataflow %s is not finished: %s has no result".formatted(lease.dataflow(), key.words())));
            if (key.shared()) {
                shared = Dataflow.together(shared, key);
            } else if (row.state() != State.DONE) {
                TABLE.update(tx, row.in(State.DONE));
            }
        }
        for (RecordedStep row : TABLE.select(tx, "where dataflow = ?", lease.dataflow())) {
            boolean made = row.state() == State.DONE || row.state() == State.INTENT;   // or may have been
            if (made && !used.contains(row.key())) {
                TABLE.update(tx, row.in(State.LEFT));
            }
        }
        new Changes(tx).close(lease.dataflow());
        Dataflow.TABLE.update(tx, dataflow.using(shared).with(lease.digest(), lease.fields(), lease.file()).finished(tx.now()));
    }

    List<RecordedStep> of(String dataflow) {
        List<RecordedStep> own = TABLE.select(tx, "where dataflow = ? and state not in ('LEFT', 'GONE')", dataflow);
        Stream<RecordedStep> shared = Dataflow.TABLE.select(tx, "where name = ?", dataflow).stream()
                .flatMap(known -> known.sharedSteps().stream())
                .flatMap(key -> TABLE.select(tx, "where dataflow = '' and step = ? and content = ?", key.step(), key.content()).stream());
        return Stream.concat(own.stream(), shared).sorted(Comparator.comparingLong(RecordedStep::begun)).toList();
    }

    void describe(Lease lease, StepKey from, StepKey to, String name, String version) throws LedgerException {
        new Dataflows(tx).held(lease);
        RecordedStep row = RecordedStep.lock(tx, from).orElseThrow(() -> new LedgerException(from.words() + " is not recorded"));
        if (!from.equals(to)) {
            RecordedStep.lock(tx, to).ifPresent(other -> move(other, other.setAside(RecordedStep.REPLACED)));
        }
        move(row, row.as(to, name, version));
    }

    void setAside(Lease lease, StepKey key, String why, boolean gone) throws LedgerException {
        new Dataflows(tx).held(lease);
        RecordedStep.lock(tx, key).ifPresent(row -> {
            RecordedStep aside = row.setAside(why);
            move(row, gone ? aside.in(State.GONE) : aside);
        });
    }

    private void move(RecordedStep row, RecordedStep moved) {
        TABLE.delete(tx, row.key().dataflow(), row.key().step(), row.key().content());
        TABLE.insert(tx, moved);
    }
}
