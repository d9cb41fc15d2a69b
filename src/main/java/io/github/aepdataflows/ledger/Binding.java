package io.github.aepdataflows.ledger;

import java.util.List;
import java.util.Optional;

/** A row of aep_ledger, the only one: whose ledger it is. */
record Binding(long id, String orgId, String sandbox) {

    private static final Table<Binding> TABLE = new Table<>("aep_ledger", 1, List.of("id", "org_id", "sandbox"),
            row -> new Binding(row.number(0), row.text(1), row.text(2)),
            row -> List.of(row.id, row.orgId, row.sandbox));

    static Binding of(String orgId, String sandbox) {
        return new Binding(1, orgId, sandbox);
    }

    /** Nobody else gets past this until the transaction is over. */
    static void lock(Transaction tx) {
        TABLE.lock(tx, 1);
    }

    /** @throws UnusableLedgerException when it is bound to another organization or sandbox */
    void bind(Transaction tx) throws LedgerException {
        Database database = tx.database();
        Optional<Binding> bound = TABLE.lock(tx, id);
        if (bound.isPresent() && !bound.get().equals(this)) {
            if (!isEmpty(tx) || database.isReadOnly() || !database.exclusive()) {   // others may be at work with it
                throw new UnusableLedgerException(("%s belongs to organization %s, sandbox %s, but the settings aep.org-id and "
                        + "aep.sandbox say organization %s, sandbox %s. Correct them, or give this sandbox a ledger of its own by "
                        + "aep.data-dir or aep.ledger.url").formatted(database.place(), bound.get().orgId, bound.get().sandbox, orgId,
                        sandbox));
            }
            TABLE.update(tx, this);   // the first start was with wrong settings
        }
        if (bound.isEmpty()) {
            if (!database.mayBeEmpty() || !isEmpty(tx)) {
                throw new UnusableLedgerException("%s is damaged (it does not say whose it is). %s".formatted(database.place(),
                        database.cure()));
            }
            TABLE.insert(tx, this);
        }
    }

    private static boolean isEmpty(Transaction tx) {
        return RecordedStep.TABLE.select(tx, "").isEmpty() && Dataflow.TABLE.select(tx, "").isEmpty();
    }
}
