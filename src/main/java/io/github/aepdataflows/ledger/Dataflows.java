package io.github.aepdataflows.ledger;

import static io.github.aepdataflows.ledger.Dataflow.TABLE;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** What can be done with dataflows within a transaction. */
record Dataflows(Transaction tx) {

    Lease take(String name, String digest, Map<String, String> fields, String file) throws BusyException {
        Optional<Dataflow> found = TABLE.lock(tx, name);
        long now = tx.now();
        Dataflow row = found.orElseGet(() -> Dataflow.unknown(name, now));
        if (row.leaseUntil() > now) {
            throw new BusyException("dataflow %s is being worked on%s".formatted(name,
                    row.heldFile().isEmpty() ? "" : " for the file " + row.heldFile()));
        }
        Dataflow taken = row.takenBy(tx.holder(), file, tx.leaseFrom(now));
        boolean begun = RecordedStep.TABLE.select(tx, "where dataflow = ?", name).stream().anyMatch(RecordedStep::made);
        Dataflow said = row.done() || begun ? taken : taken.with(digest, fields, file);
        TABLE.save(tx, said, found.isEmpty());
        boolean resumed = !said.done() && (said.startedAt().toEpochMilli() < tx.openedAt() || tx.database().isReplacement());
        return new Lease(name, said.token(), said.done(), resumed, said.digest(), said.fields(), said.file());
    }

    void release(Lease lease) {
        TABLE.lock(tx, lease.dataflow()).filter(row -> row.token() == lease.token()).ifPresent(row -> TABLE.update(tx, row.released()));
    }

    /** The row of a lease that still holds; nobody can take it over until the transaction is over. */
    Dataflow held(Lease lease) throws LeaseLostException {
        return TABLE.lock(tx, lease.dataflow()).filter(row -> row.token() == lease.token())
                .orElseThrow(() -> new LeaseLostException(
                        "dataflow %s was released, or somebody else took it over after too long a silence".formatted(lease.dataflow())));
    }

    /** Still there, and so is the file that it is worked on for, which nobody else could take of an exclusive ledger. */
    void renew(Dataflow row) {
        renew(row, Duration.ZERO);
    }

    /** @param more for how long there will be no sign of life besides */
    void renew(Dataflow row, Duration more) {
        long until = Math.max(row.leaseUntil(), tx.leaseFrom(tx.now()) + more.toMillis());   // another step may be waited for
        TABLE.update(tx, row.leasedUntil(until));
        if (!tx.database().exclusive()) {
            FileClaim.TABLE.lock(tx, row.heldFile()).filter(file -> file.holder().equals(tx.holder()))
                    .ifPresent(file -> FileClaim.TABLE.update(tx, file.leasedUntil(Math.max(file.leaseUntil(), until))));
        }
    }

    /** Reads every row, and thereby its seal. */
    void check() {
        TABLE.select(tx, "").stream().filter(row -> tx.isOrphan(row.holder(), row.leaseUntil()))
                .forEach(row -> TABLE.update(tx, row.leasedUntil(0)));
    }
}
