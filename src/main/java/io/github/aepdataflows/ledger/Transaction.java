package io.github.aepdataflows.ledger;

import java.time.Duration;
import org.jdbi.v3.core.Handle;

/**
 * What the tables need to know while one transaction lasts.
 *
 * @param holder  name of this instance
 * @param lease   how long something stays ours without a sign of life
 */
record Transaction(Handle handle, Database database, String holder, Duration lease) {

    /**
     * By the clock that all instances share, in milliseconds since 1970. To be asked once the rows are locked, as that may take a while.
     */
    long now() {
        return database.now(handle);
    }

    String forUpdate() {
        return database.forUpdate();
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
