package io.github.aepdataflows.ledger;

import static io.github.aepdataflows.ledger.FileRow.TABLE;

import java.util.List;
import java.util.Optional;

/** What can be done with files in hand within a transaction. */
final class Claims {

    private final Transaction tx;

    Claims(Transaction tx) {
        this.tx = tx;
    }

    Optional<FileClaim> claim(String file) {
        Optional<FileRow> found = TABLE.lock(tx, file);
        long now = tx.now();
        if (found.isPresent() && found.get().leaseUntil() > now && !found.get().holder().equals(tx.holder())) {
            return Optional.empty();
        }
        FileRow row = found.orElseGet(() -> new FileRow(file, 0, "", 0, 0)).takenBy(tx.holder(), tx.leaseFrom(now));
        if (found.isPresent()) {
            TABLE.update(tx, row);
        } else {
            TABLE.insert(tx, row);
        }
        return Optional.of(new FileClaim(file, row.token(), row.starts()));
    }

    void parsed(FileClaim claim) throws LeaseLostException {
        FileRow row = held(claim).orElseThrow(() -> new LeaseLostException(
                "the file %s was let go, or somebody else took it over after too long a silence".formatted(claim.file())));
        TABLE.update(tx, row.parsed(tx.leaseFrom(tx.now())));
    }

    boolean renew(FileClaim claim) {
        Optional<FileRow> row = held(claim);
        row.ifPresent(ours -> TABLE.update(tx, ours.leasedUntil(tx.leaseFrom(tx.now()))));
        return row.isPresent();
    }

    void release(FileClaim claim) {
        held(claim).ifPresent(row -> TABLE.delete(tx, row.name()));
    }

    void forget(String file) {
        long now = tx.now();
        TABLE.lock(tx, file).filter(row -> !row.holder().equals(tx.holder()) && row.leaseUntil() <= now).ifPresent(row -> TABLE.delete(tx, row.name()));
    }

    /** Tokens begin anew when a row has gone, so the holder is looked at too. */
    private Optional<FileRow> held(FileClaim claim) {
        return TABLE.lock(tx, claim.file()).filter(row -> row.token() == claim.token() && row.holder().equals(tx.holder()));
    }

    List<String> orphaned() {
        return TABLE.select(tx, "where holder <> ? and lease_until <= ? order by name", tx.holder(), tx.now()).stream().map(FileRow::name).toList();
    }

    /** Reads every row, and thereby its seal. Nobody else can be alive who has a file of an exclusive ledger in hand. */
    void check() {
        for (FileRow row : TABLE.select(tx, "")) {
            if (tx.database().exclusive() && row.leaseUntil() > 0 && !row.holder().equals(tx.holder())) {
                TABLE.update(tx, row.leasedUntil(0));
            }
        }
    }
}
