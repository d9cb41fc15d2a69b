package io.github.aepdataflows.ledger;

import java.util.List;

/**
 * The right to work on a file of the inbox: a row of aep_file.
 *
 * @param leaseUntil  in milliseconds since 1970
 * @param starts      how often it was taken since it was last parsed, this time included
 */
public record FileClaim(String file, long token, String holder, long leaseUntil, int starts) {

    static final Table<FileClaim> TABLE = new Table<>("aep_file", 1, List.of("name", "token", "holder", "lease_until", "starts"),
            row -> new FileClaim(row.text(0), row.number(1), row.text(2), row.number(3), row.count(4)),
            row -> List.of(row.file, row.token, row.holder, row.leaseUntil, (long) row.starts));

    FileClaim takenBy(String newHolder, long until) {
        return new FileClaim(file, token + 1, newHolder, until, starts + 1);
    }

    FileClaim parsed(long until) {
        return new FileClaim(file, token, holder, until, 0);
    }

    FileClaim leasedUntil(long until) {
        return new FileClaim(file, token, holder, until, starts);
    }
}
