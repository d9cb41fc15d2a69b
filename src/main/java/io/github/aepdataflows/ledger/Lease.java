package io.github.aepdataflows.ledger;

import java.util.Map;

/**
 * The right to work on a dataflow.
 *
 * @param token   higher than that of everyone who had the dataflow before; only the latest can write
 * @param done    it was finished before
 * @param resumed it was begun before the ledger was opened, and is not finished, or the ledger is in the place of one that was lost: it may
 *                not know all that was made
 * @param digest  with {@code fields} and {@code file}: what it was made with, or begun to be; if nothing was made, those with
 *                which it was taken
 */
public record Lease(String dataflow, long token, boolean done, boolean resumed, String digest, Map<String, String> fields, String file) {

    public Lease {
        fields = Map.copyOf(fields);
    }

    /** The same right, to be finished with another content. */
    public Lease describing(String newDigest, Map<String, String> newFields, String newFile) {
        return new Lease(dataflow, token, done, resumed, newDigest, newFields, newFile);
    }
}
