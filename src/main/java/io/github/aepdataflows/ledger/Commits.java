package io.github.aepdataflows.ledger;

/**
 * What this process has committed to the ledger since it was opened.
 *
 * @param seconds    of all transactions together
 * @param leasesLost how often somebody else had taken over what we had in hand
 */
public record Commits(long count, double seconds, long leasesLost) {
}
