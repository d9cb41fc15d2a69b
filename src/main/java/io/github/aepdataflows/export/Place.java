package io.github.aepdataflows.export;

/**
 * Where something is read.
 *
 * @param path   below {@code /data/foundation/}, encoded
 * @param query  encoded; may be empty
 * @param accept the media type
 */
public record Place(String path, String query, String accept) {
}
