package io.github.aepdataflows.ledger;

import static io.github.aepdataflows.ledger.Turn.TABLE;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.LongUnaryOperator;

/** What instances that share a ledger tell each other, within a transaction: that they are there, and whose turn it is. */
record Turns(Transaction tx) {

    /** Who was not heard of for so long is not there any more. */
    private static final long SILENCE = Duration.ofSeconds(10).toMillis();
    private static final long FORGOTTEN = 100 * SILENCE;

    /**
     * This instance is there, and keeps those turns. One that it has taken without hearing of it is none of them, and ends for want of it.
     */
    Beat beat(String host, Collection<Turn> inHand) {
        String name = Instance.name(host, tx.holder());
        boolean isNew = Instance.TABLE.lock(tx, name).isEmpty();
        long now = tx.now();
        Instance.TABLE.save(tx, new Instance(name, now), isNew);
        TABLE.select(tx, "where holder = ? and done = 0" + tx.forUpdate(), tx.holder()).stream()
                .filter(row -> inHand.stream().anyMatch(turn -> turn.token() == row.token() && turn.work().equals(row.work())))
                .forEach(turn -> TABLE.update(tx, turn.leasedUntil(now + SILENCE)));
        Instance.TABLE.select(tx, "where seen <= ?", now - FORGOTTEN).forEach(gone -> Instance.TABLE.delete(tx, gone.name()));
        List<Instance> all = Instance.TABLE.select(tx, "");
        return new Beat(isNew, (int) all.stream().filter(one -> one.seen() > now - SILENCE).count(), all);
    }

    /**
     * What an instance learns when it says that it is there.
     *
     * @param isNew whether nobody knew of it
     * @param there how many are there
     * @param known those, and who was there not long ago
     */
    record Beat(boolean isNew, int there, List<Instance> known) {
    }

    /** The turn, which is ours now where it is {@code taken}. As long as there is nothing to do, it is only read. */
    Turn take(String work, LongUnaryOperator next) {
        Optional<Turn> seen = TABLE.get(tx, work);
        if (seen.isPresent() && !isDue(seen.get(), next, tx.now())) {
            return seen.get();
        }
        Optional<Turn> found = TABLE.lock(tx, work);
        long now = tx.now();
        if (found.isEmpty()) {
            Turn first = Turn.first(work, now);
            TABLE.insert(tx, first);
            return first;
        } else if (!isDue(found.get(), next, now)) {
            return found.get();
        }
        Turn taken = found.get().takenBy(tx.holder(), now, now + SILENCE);
        TABLE.update(tx, taken);
        return taken;
    }

    /** One that was begun in the time to come was so by a clock that has been set back since. */
    private static boolean isDue(Turn last, LongUnaryOperator next, long now) {
        long begun = last.begun().toEpochMilli();
        return last.done() ? begun > now || next.applyAsLong(begun) <= now : last.leaseUntil() <= now;
    }

    /** To say so twice is no fault. */
    void end(Turn turn) throws LeaseLostException {
        Turn row = TABLE.lock(tx, turn.work()).filter(found -> isOurs(found, turn)).orElseThrow(() -> new LeaseLostException(
                "another instance has taken over the %s after too long a silence of this one".formatted(turn.work())));
        TABLE.update(tx, row.ended());
    }

    void release(Turn turn) {
        TABLE.lock(tx, turn.work()).filter(row -> isOurs(row, turn) && !row.done()).ifPresent(row -> TABLE.update(tx, row.released()));
    }

    /** Whether nobody has taken it over, nor was it ended. */
    boolean has(Turn turn) {
        return TABLE.select(tx, "where work = ?", turn.work()).stream().anyMatch(row -> isOurs(row, turn) && !row.done());
    }

    private boolean isOurs(Turn row, Turn turn) {
        return row.token() == turn.token() && row.holder().equals(tx.holder());
    }

    /** Reads every row, and thereby its seal. */
    void check() {
        Instance.TABLE.select(tx, "");
        TABLE.select(tx, "").stream().filter(row -> tx.isOrphan(row.holder(), row.leaseUntil()))
                .forEach(row -> TABLE.update(tx, row.leasedUntil(0)));
    }
}
