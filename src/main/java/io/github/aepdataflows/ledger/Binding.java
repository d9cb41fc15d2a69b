package io.github.aepdataflows.ledger;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/** A row of aep_ledger, the only one: whose ledger it is. */
record Binding(long id, String orgId, String sandbox) {

    private static final Table<Binding> TABLE = new Table<>("aep_ledger", 1, List.of("id", "org_id", "sandbox"),
            new AtomicReference<>((result, context) ->
                    new Binding(result.getLong("id"), result.getString("org_id"), result.getString("sandbox"))),
            row -> List.of(row.id, row.orgId, row.sandbox));

    static Binding of(String orgId, String sandbox) {
        return new Binding(1, orgId, sandbox);
    }

    /** @throws UnusableLedgerException when it is bound to another organization or sandbox */
    void bind(Transaction tx) throws LedgerException {
        Database database = tx.database();
        Optional<Binding> bound = TABLE.lock(tx, id);
        if (bound.isPresent() && !bound.get().equals(this)) {
            throw new UnusableLedgerException(("%s belongs to organization %s, sandbox %s, but the settings say organization %s, "
                    + "sandbox %s."
                    + " Correct them, or give this sandbox a ledger of its own").formatted(database.place(), bound.get().orgId,
                    bound.get().sandbox, orgId, sandbox));
        }
        if (bound.isEmpty()) {
            if (!database.mayBeEmpty() || !RecordedStep.TABLE.select(tx, "").isEmpty() || !Dataflow.TABLE.select(tx, "").isEmpty()) {
                throw new UnusableLedgerException("%s is damaged (it does not say whose it is). %s".formatted(database.place(),
                        database.cure()));
            }
            TABLE.insert(tx, this);
        }
    }
}
