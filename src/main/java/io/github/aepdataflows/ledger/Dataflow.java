package io.github.aepdataflows.ledger;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What is recorded of a dataflow: a row of aep_dataflow.
 *
 * @param digest      of the definition that it is, or is to be, made from, which has these fields and came in this file
 * @param token       goes up whenever it is taken or released
 * @param holder      who has it in hand, for the file heldFile, until leaseUntil (milliseconds since 1970)
 * @param shared      the shared steps that it uses: step to content; several of a step with commas between them
 * @param finishedAt  {@link Instant#EPOCH} until it is done
 */
public record Dataflow(String name, String digest, Map<String, String> fields, String file, State state, long token, String holder,
                       String heldFile, long leaseUntil, Map<String, String> shared, Instant startedAt, Instant finishedAt) {

    /** DONE: it was finished, and may be changed since. */
    public enum State { OPEN, DONE }

    static final Table<Dataflow> TABLE = new Table<>("aep_dataflow", 1,
            List.of("name", "digest", "fields", "file", "state", "token", "holder", "held_file", "lease_until", "shared", "started_at",
            "finished_at"),
            row -> new Dataflow(row.text(0), row.text(1), row.pairs(2), row.text(3), State.valueOf(row.text(4)), row.number(5), row.text(6),
                    row.text(7), row.number(8), row.pairs(9), row.time(10), row.time(11)),
            row -> List.of(row.name, row.digest, Pairs.write(row.fields), row.file, row.state.name(), row.token, row.holder, row.heldFile,
                    row.leaseUntil, Pairs.write(row.shared), row.startedAt.toEpochMilli(), row.finishedAt.toEpochMilli()));

    static Dataflow unknown(String name, long now) {
        return new Dataflow(name, "", Map.of(), "", State.OPEN, 0, "", "", 0, Map.of(), Instant.ofEpochMilli(now), Instant.EPOCH);
    }

    Dataflow with(String newDigest, Map<String, String> newFields, String newFile) {
        return new Dataflow(name, newDigest, newFields, newFile, state, token, holder, heldFile, leaseUntil, shared, startedAt, finishedAt);
    }

    /** The token goes up, so that whoever had it cannot write any more. */
    Dataflow takenBy(String newHolder, String forFile, long until) {
        return new Dataflow(name, digest, fields, file, state, token + 1, newHolder, forFile, until, shared, startedAt, finishedAt);
    }

    Dataflow released() {
        return takenBy("", "", 0);
    }

    Dataflow leasedUntil(long until) {
        return new Dataflow(name, digest, fields, file, state, token, holder, heldFile, until, shared, startedAt, finishedAt);
    }

    List<StepKey> sharedSteps() {
        return shared.entrySet().stream().flatMap(step -> Stream.of(step.getValue().split(","))
                .map(content -> new StepKey("", step.getKey(), content))).toList();
    }

    public boolean uses(StepKey key) {
        return List.of(shared.getOrDefault(key.step(), "").split(",")).contains(key.content());
    }

    Dataflow using(StepKey key) {
        return uses(key) ? this : using(together(shared, key));
    }

    static Map<String, String> together(Map<String, String> shared, StepKey key) {
        Map<String, String> more = new TreeMap<>(shared);
        more.merge(key.step(), key.content(), (some, one) -> List.of(some.split(",")).contains(one) ? some : some + "," + one);
        return more;
    }

    Dataflow using(Map<String, String> newShared) {
        return new Dataflow(name, digest, fields, file, state, token, holder, heldFile, leaseUntil, newShared, startedAt, finishedAt);
    }

    Dataflow finished(long now) {
        return done() ? this : new Dataflow(name, digest, fields, file, State.DONE, token, holder, heldFile, leaseUntil, shared, startedAt,
                Instant.ofEpochMilli(now));
    }

    /** Whether somebody works on it at that time, which is by the ledger's clock. */
    public boolean isHeldAt(Instant time) {
        return leaseUntil > time.toEpochMilli();
    }

    public boolean done() {
        return state == State.DONE;
    }
}
