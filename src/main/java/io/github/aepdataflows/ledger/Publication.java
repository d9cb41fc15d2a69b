package io.github.aepdataflows.ledger;

import java.util.List;

/**
 * A document that is to be published, once it is in the ledger: a row of aep_publication until it was.
 *
 * @param id       goes up with time; 0 of one that is not recorded yet
 * @param subject  {@link #OUTCOME} or {@link #AUDIT}
 * @param name     of the dataflow, empty where it is not known; or of the sandbox
 * @param document a JSON object
 */
public record Publication(long id, String subject, String name, String document) {

    /** The receipt or the error document of a definition. */
    public static final String OUTCOME = "outcome";
    /** The report of an audit. */
    public static final String AUDIT = "audit";

    static final Table<Publication> TABLE = new Table<>("aep_publication", 1, List.of("id", "subject", "name", "document"),
            row -> new Publication(row.number(0), row.text(1), row.text(2), row.text(3)),
            row -> List.of(row.id, row.subject, row.name, row.document));

    /** One that is not recorded yet. */
    public static Publication of(String subject, String name, String document) {
        return new Publication(0, subject, name, document);
    }

    Publication recordedAs(long newId) {
        return new Publication(newId, subject, name, document);
    }

    public boolean isOutcome() {
        return subject.equals(OUTCOME);
    }
}
