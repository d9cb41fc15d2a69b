package io.github.aepdataflows.ledger;

/**
 * Something that is done to a resource that exists.
 *
 * @param step        the step that has made it, as in {@code source-connection}
 * @param resourceId  the Platform's
 * @param action      update, enable, disable or delete
 * @param content     SHA-256 (hex) of what is sent; empty where nothing is
 */
public record Change(String step, String resourceId, String action, String content) {
}
