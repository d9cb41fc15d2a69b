package io.github.aepdataflows.ledger;

import java.time.Instant;

/**
 * What is recorded of a dataflow.
 *
 * @param digest      of the definition that it is, or is to be, made from
 * @param state       OPEN or DONE
 * @param file        the file that the definition came in
 * @param finishedAt  {@link Instant#EPOCH} while it is OPEN
 */
public record Dataflow(String name, String digest, String state, String file, Instant startedAt, Instant finishedAt) {
}
