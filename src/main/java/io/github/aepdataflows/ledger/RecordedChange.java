package io.github.aepdataflows.ledger;

/**
 * The last change of a resource.
 *
 * @param dataflow  for which it was made
 * @param state     INTENT: it may be under way or have been applied; FREE: certainly not applied; DONE: applied
 * @param attempt   how often it was begun; the first is 1
 * @param version   the etag that the resource has since, or the version of a mapping set; may be empty
 */
public record RecordedChange(Change change, String dataflow, String state, int attempt, String version) {
}
