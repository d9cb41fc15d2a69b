package io.github.aepdataflows.ledger;

import static io.github.aepdataflows.ledger.Publication.TABLE;

import java.util.Collection;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/** What can be done with documents that are to be published, within a transaction: a transactional outbox. */
record Publications(Transaction tx) {

    /** Ids are made as those of events are. */
    static final int OF_ONE_MILLI = 1 << 10;

    void add(Publication publication) {
        long last = TABLE.select(tx, "order by id desc limit 1").stream().mapToLong(Publication::id).findFirst().orElse(0);
        long id = tx.now() * OF_ONE_MILLI + ThreadLocalRandom.current().nextInt(OF_ONE_MILLI);
        TABLE.insert(tx, publication.recordedAs(Math.max(id, last + 1)));
    }

    List<Publication> oldest(int limit) {
        return TABLE.select(tx, "order by id limit " + limit);
    }

    void published(Collection<Publication> publications) {
        publications.forEach(publication -> TABLE.delete(tx, publication.id()));
    }
}
