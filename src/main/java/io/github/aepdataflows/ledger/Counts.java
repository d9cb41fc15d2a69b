package io.github.aepdataflows.ledger;

/**
 * How much the ledger has.
 *
 * @param done       dataflows that were finished
 * @param unresolved steps that may or may not have been made
 */
public record Counts(long dataflows, long done, long unresolved) {
}
