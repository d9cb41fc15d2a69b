package io.github.aepdataflows.ledger;

import java.util.List;

/** A row of aep_file. */
record FileRow(String name, long token, String holder, long leaseUntil, int starts) {

    static final Table<FileRow> TABLE = new Table<>("aep_file", 1, List.of("name", "token", "holder", "lease_until", "starts"),
            row -> List.of(row.name, row.token, row.holder, row.leaseUntil, (long) row.starts),
            c -> new FileRow((String) c.get(0), (long) c.get(1), (String) c.get(2), (long) c.get(3), Math.toIntExact((long) c.get(4))));

    FileRow takenBy(String holder, long leaseUntil) {
        return new FileRow(name, token + 1, holder, leaseUntil, starts + 1);
    }

    FileRow parsed(long leaseUntil) {
        return new FileRow(name, token, holder, leaseUntil, 0);
    }

    FileRow leasedUntil(long leaseUntil) {
        return new FileRow(name, token, holder, leaseUntil, starts);
    }
}
