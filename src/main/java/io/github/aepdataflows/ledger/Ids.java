package io.github.aepdataflows.ledger;

import java.time.Instant;
import java.util.concurrent.ThreadLocalRandom;

/** Ids are times with room for several of one millisecond, so that they go up, and two instances hardly ever want the same. */
public final class Ids {

    private static final int OF_ONE_MILLI = 1 << 10;

    private Ids() {
    }

    /** An id for what happened then, to the microsecond: for whoever is alone and need not remember its last id. */
    public static long of(Instant time) {
        return of(time.toEpochMilli()) + time.getNano() / 1000 % 1000;
    }

    /**
     * An id for what is recorded now, which goes up from the last one.
     *
     * @param now in milliseconds since 1970
     */
    static long after(long last, long now) {
        return Math.max(of(now) + ThreadLocalRandom.current().nextInt(OF_ONE_MILLI), last + 1);
    }

    /** The least one of that time. */
    static long of(long millis) {
        return millis * OF_ONE_MILLI;
    }

    /** When that was recorded, in milliseconds since 1970. */
    static long millis(long id) {
        return id / OF_ONE_MILLI;
    }

    static Instant time(long id) {
        return Instant.ofEpochMilli(millis(id));
    }
}
