package io.github.aepdataflows.ledger;

import java.time.Instant;
import java.util.List;

/**
 * Whose turn it is, or was last, to do what one instance does for all: a row of aep_turn.
 *
 * @param token  higher than that of everyone who had the turn before; only the latest can end it
 * @param leaseUntil by the ledger's clock, in milliseconds since 1970; renewed while its holder is there
 * @param begun  when it was taken, by the ledger's clock
 * @param taken  it was taken just now, by whoever has asked
 */
public record Turn(String work, long token, String holder, long leaseUntil, Instant begun, boolean done, boolean taken) {

    static final Table<Turn> TABLE = new Table<>("aep_turn", 1, List.of("work", "token", "holder", "lease_until", "begun", "done"),
            row -> new Turn(row.text(0), row.number(1), row.text(2), row.number(3), row.time(4), row.number(5) == 1, false),
            row -> List.of(row.work, row.token, row.holder, row.leaseUntil, row.begun.toEpochMilli(), row.done ? 1L : 0L));

    /** That of some work which nobody has done yet: its first time is the next one from now. */
    static Turn first(String work, long now) {
        return new Turn(work, 0, "", 0, Instant.ofEpochMilli(now), true, false);
    }

    Turn takenBy(String newHolder, long now, long until) {
        return new Turn(work, token + 1, newHolder, until, Instant.ofEpochMilli(now), false, true);
    }

    Turn leasedUntil(long until) {
        return new Turn(work, token, holder, until, begun, done, taken);
    }

    Turn ended() {
        return new Turn(work, token, holder, 0, begun, true, taken);
    }

    /** Nobody's: whoever asks next has it. */
    Turn released() {
        return new Turn(work, token, "", 0, begun, false, taken);
    }
}
