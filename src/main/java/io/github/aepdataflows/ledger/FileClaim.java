package io.github.aepdataflows.ledger;

/**
 * The right to work on a file of the inbox.
 *
 * @param starts  how often it was taken since it was last parsed, this time included
 */
public record FileClaim(String file, long token, int starts) {
}
