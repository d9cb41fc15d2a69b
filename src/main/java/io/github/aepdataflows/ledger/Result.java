package io.github.aepdataflows.ledger;

/**
 * What a step has made.
 *
 * @param id         of the resource
 * @param version    its etag, or the version of a mapping set; may be empty
 * @param requestId  by which the Platform's support finds the call; may be empty
 * @param outcome    created, adopted or reused
 */
public record Result(String id, String version, String requestId, String outcome) {

    /** That of a step that has none yet: everything is empty. */
    public static final Result NONE = new Result("", "", "", "");

    public Result {
        id = id == null ? "" : id;   // as the database keeps it
    }
}
