package io.github.aepdataflows.ledger;

import static io.github.aepdataflows.ledger.FileClaim.TABLE;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What can be done with files in hand within a transaction. */
record Claims(Transaction tx) {

    Optional<FileClaim> claim(String file) {
        Optional<FileClaim> found = TABLE.lock(tx, file);
        long now = tx.now();
        if (found.filter(row -> row.leaseUntil() > now && !row.holder().equals(tx.holder())).isPresent()) {
            return Optional.empty();
        }
        FileClaim claim = found.orElse(new FileClaim(file, 0, "", 0, 0)).takenBy(tx.holder(), tx.leaseFrom(now));
        TABLE.save(tx, claim, found.isEmpty());
        return Optional.of(claim);
    }

    void parsed(FileClaim claim) throws LeaseLostException {
        FileClaim row = held(claim).orElseThrow(() -> new LeaseLostException(
                "the file %s was released, or somebody else took it over after too long a silence".formatted(claim.file())));
        TABLE.update(tx, row.parsed(tx.leaseFrom(tx.now())));
    }

    boolean renew(FileClaim claim) {
        return renew(claim, Duration.ZERO);
    }

    /** @param more for how long there will be no sign of life besides */
    boolean renew(FileClaim claim, Duration more) {
        Optional<FileClaim> row = held(claim);
        row.ifPresent(ours -> TABLE.update(tx, ours.leasedUntil(Math.max(ours.leaseUntil(),
                tx.leaseFrom(tx.now()) + more.toMillis()))));
        return row.isPresent();
    }

    void release(FileClaim claim) {
        held(claim).ifPresent(row -> TABLE.delete(tx, row.file()));
    }

    void forget(String file) {
        long now = tx.now();
        TABLE.lock(tx, file).filter(row -> !row.holder().equals(tx.holder()) && row.leaseUntil() <= now)
                .ifPresent(row -> TABLE.delete(tx, row.file()));
    }

    /** Tokens begin anew when a row has gone, so the holder is looked at too. */
    private Optional<FileClaim> held(FileClaim claim) {
        return TABLE.lock(tx, claim.file()).filter(row -> row.token() == claim.token() && row.holder().equals(tx.holder()));
    }

    List<String> orphaned() {
        return TABLE.select(tx, "where holder <> ? and lease_until <= ? order by name", tx.holder(), tx.now()).stream().map(FileClaim::file)
                .toList();
    }

    /** Reads every row, and thereby its seal. */
    void check() {
        TABLE.select(tx, "").stream().filter(row -> tx.isOrphan(row.holder(), row.leaseUntil()))
                .forEach(row -> TABLE.update(tx, row.leasedUntil(0)));
    }
}
