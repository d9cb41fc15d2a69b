package io.github.aepdataflows.ledger;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A row of aep_dataflow.
 *
 * @param file      that it was, or is to be, made from; heldFile is the one in hand now
 * @param shared    the shared steps that it uses: step to content
 */
record DataflowRow(String name, String digest, Map<String, String> fields, String file, String state, long token, String holder,
                   String heldFile, long leaseUntil, Map<String, String> shared, long startedAt, long finishedAt) {

    static final String OPEN = "OPEN";
    static final String DONE = "DONE";

    static final Table<DataflowRow> TABLE = new Table<>("aep_dataflow", 1,
            List.of("name", "digest", "fields", "file", "state", "token", "holder", "held_file", "lease_until", "shared", "started_at", "finished_at"),
            row -> List.of(row.name, row.digest, Pairs.write(row.fields), row.file, row.state, row.token, row.holder, row.heldFile,
                    row.leaseUntil, Pairs.write(row.shared), row.startedAt, row.finishedAt),
            c -> new DataflowRow((String) c.get(0), (String) c.get(1), Pairs.read((String) c.get(2)), (String) c.get(3), (String) c.get(4),
                    (long) c.get(5), (String) c.get(6), (String) c.get(7), (long) c.get(8), Pairs.read((String) c.get(9)), (long) c.get(10),
                    (long) c.get(11)));

    static DataflowRow unknown(String name, long now) {
        return new DataflowRow(name, "", Map.of(), "", OPEN, 0, "", "", 0, Map.of(), now, 0);
    }

    DataflowRow with(String digest, Map<String, String> fields, String file) {
        return new DataflowRow(name, digest, fields, file, state, token, holder, heldFile, leaseUntil, shared, startedAt, finishedAt);
    }

    DataflowRow takenBy(String holder, String heldFile, long leaseUntil) {
        return new DataflowRow(name, digest, fields, file, state, token + 1, holder, heldFile, leaseUntil, shared, startedAt, finishedAt);
    }

    /** The token goes up, so that whoever had it cannot write any more. */
    DataflowRow released() {
        return takenBy("", "", 0);
    }

    DataflowRow leasedUntil(long leaseUntil) {
        return new DataflowRow(name, digest, fields, file, state, token, holder, heldFile, leaseUntil, shared, startedAt, finishedAt);
    }

    DataflowRow using(StepKey key) {
        Map<String, String> more = new TreeMap<>(shared);
        more.put(key.step(), key.content());
        return using(more);
    }

    DataflowRow using(Map<String, String> shared) {
        return new DataflowRow(name, digest, fields, file, state, token, holder, heldFile, leaseUntil, shared, startedAt, finishedAt);
    }

    DataflowRow finished(long now) {
        return new DataflowRow(name, digest, fields, file, DONE, token, holder, heldFile, leaseUntil, shared, startedAt, now);
    }

    boolean done() {
        return state.equals(DONE);
    }

    Dataflow dataflow() {
        return new Dataflow(name, digest, state, file, Instant.ofEpochMilli(startedAt), Instant.ofEpochMilli(finishedAt));
    }
}
