package io.github.aepdataflows.ledger;

import static io.github.aepdataflows.ledger.Publication.TABLE;

import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * What can be done with documents that are to be published, within a transaction: a transactional outbox. A document may be very long, so
 * that only one is read at a time.
 */
record Publications(Transaction tx) {

    void add(Publication publication) {
        long last = ids("desc", 1).stream().findFirst().orElse(0L);
        TABLE.insert(tx, publication.recordedAs(Ids.after(last, tx.now())));
    }

    /** Their ids. */
    List<Long> oldest(int limit) {
        return ids("asc", limit);
    }

    private List<Long> ids(String order, int limit) {
        return tx.session().select("select id from aep_publication order by id %s limit %d".formatted(order, limit), row -> row.getLong(1));
    }

    Optional<Publication> get(long id) {
        return TABLE.get(tx, id);
    }

    /** Reads every row, and thereby its seal. */
    void check() {
        oldest(Integer.MAX_VALUE).forEach(this::get);
    }

    void published(Collection<Long> ids) {
        ids.forEach(id -> TABLE.delete(tx, id));
    }
}
