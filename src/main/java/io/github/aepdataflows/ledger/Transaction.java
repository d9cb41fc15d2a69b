package io.github.aepdataflows.ledger;

import java.time.Duration;

/**
 * What the tables need to know while one transaction lasts.
 *
 * @param holder  name of this instance, which has opened the ledger at that time, in milliseconds since 1970
 * @param lease   how long something stays ours without a sign of life
 */
record Transaction(Session session, Database database, String holder, long openedAt, Duration lease) {

    /**
     * By the clock that all instances share, in milliseconds since 1970. To be asked once the rows are locked, as that may take a while.
     */
    long now() {
        return database.now(session);
    }

    String forUpdate() {
        return database.forUpdate();
    }

    /** @param rows what follows {@code from} */
    long count(String rows) {
        return session.select("select count(*) from " + rows, row -> row.getLong(1)).get(0);
    }

    /** Whether somebody who is dead has it in hand: nobody else can be alive who has anything of an exclusive ledger. */
    boolean isOrphan(String itsHolder, long leaseUntil) {
        return database.exclusive() && leaseUntil > 0 && !itsHolder.equals(holder);
    }

    /** When a lease ends that begins at that time. */
    long leaseFrom(long now) {
        return now + lease.toMillis();
    }
}
