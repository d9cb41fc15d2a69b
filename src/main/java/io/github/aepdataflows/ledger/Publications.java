package io.github.aepdataflows.ledger;

import static io.github.aepdataflows.ledger.Publication.TABLE;

import java.util.Collection;
import java.util.List;

/** What can be done with documents that are to be published, within a transaction: a transactional outbox. */
record Publications(Transaction tx) {

    void add(Publication publication) {
        long last = TABLE.select(tx, "order by id desc limit 1").stream().mapToLong(Publication::id).findFirst().orElse(0);
        TABLE.insert(tx, publication.recordedAs(Ids.after(last, tx.now())));
    }

    List<Publication> oldest(int limit) {
        return TABLE.select(tx, "order by id limit " + limit);
    }

    void published(Collection<Publication> publications) {
        publications.forEach(publication -> TABLE.delete(tx, publication.id()));
    }
}
