package io.github.aepdataflows.ledger;

import static io.github.aepdataflows.ledger.DataflowRow.TABLE;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What can be done with dataflows within a transaction. */
final class Dataflows {

    private final Transaction tx;

    Dataflows(Transaction tx) {
        this.tx = tx;
    }

    Lease take(String name, String digest, Map<String, String> fields, String file) throws BusyException {
        Optional<DataflowRow> found = TABLE.lock(tx, name);
        long now = tx.now();
        DataflowRow row = found.orElseGet(() -> DataflowRow.unknown(name, now));
        if (row.leaseUntil() > now) {
            throw new BusyException("dataflow %s is being worked on for the file %s".formatted(name, row.heldFile()), row.heldFile(),
                    Duration.ofMillis(row.leaseUntil() - now));
        }
        DataflowRow taken = row.takenBy(tx.holder(), file, tx.leaseFrom(now));
        boolean begun = found.isPresent() && StepRow.TABLE.select(tx, "where dataflow = ?", name).stream().anyMatch(StepRow::made);
        DataflowRow said = row.done() || begun ? taken : taken.with(digest, fields, file);
        if (found.isPresent()) {
            TABLE.update(tx, said);
        } else {
            TABLE.insert(tx, said);
        }
        return new Lease(name, said.token(), said.done(), found.isPresent(), said.digest(), said.fields(), said.file());
    }

    void release(Lease lease) {
        TABLE.lock(tx, lease.dataflow()).filter(row -> row.token() == lease.token()).ifPresent(row -> TABLE.update(tx, row.released()));
    }

    /** The row of a lease that still holds; nobody can take it over until the transaction is over. */
    DataflowRow held(Lease lease) throws LeaseLostException {
        return TABLE.lock(tx, lease.dataflow()).filter(row -> row.token() == lease.token())
                .orElseThrow(() -> new LeaseLostException(
                        "dataflow %s was let go, or somebody else took it over after too long a silence".formatted(lease.dataflow())));
    }

    /** Still there, and so is the file that it is worked on for, which nobody else could take of an exclusive ledger. */
    void renew(DataflowRow row) {
        long until = tx.leaseFrom(tx.now());
        TABLE.update(tx, row.leasedUntil(until));
        if (!tx.database().exclusive()) {
            FileRow.TABLE.lock(tx, row.heldFile()).filter(file -> file.holder().equals(tx.holder()))
                    .ifPresent(file -> FileRow.TABLE.update(tx, file.leasedUntil(until)));
        }
    }

    Optional<Dataflow> find(String name) {
        return TABLE.select(tx, "where name = ?", name).stream().findFirst().map(DataflowRow::dataflow);
    }

    List<Dataflow> all() {
        return TABLE.select(tx, "order by name").stream().map(DataflowRow::dataflow).toList();
    }

    /** Reads every row, and thereby its seal. Nobody else can be alive who has an exclusive ledger's dataflow in hand. */
    void check() {
        for (DataflowRow row : TABLE.select(tx, "")) {
            if (tx.database().exclusive() && row.leaseUntil() > 0 && !row.holder().equals(tx.holder())) {
                TABLE.update(tx, row.leasedUntil(0));
            }
        }
    }
}
