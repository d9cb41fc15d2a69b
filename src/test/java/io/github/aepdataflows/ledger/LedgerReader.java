package io.github.aepdataflows.ledger;

import java.time.Duration;
import java.util.Optional;

/** Opens the ledger of the given URL and reads, one after the other, what waits in it to be published: says how long each is. */
final class LedgerReader {

    private LedgerReader() {
    }

    public static void main(String[] arguments) throws Exception {
        try (Ledger ledger = new Ledger(arguments[0], "postgres", "postgres", "org", "prod", Duration.ofMinutes(5))) {
            ledger.open();
            ledger.unpublishedFor().orElseThrow();
            ledger.turn("publish", last -> last);
            Turn turn = ledger.turn("publish", last -> last);
            for (long id : ledger.unpublished(Integer.MAX_VALUE)) {
                System.out.println(ledger.publication(id, turn).orElseThrow().document().length());
            }
            ledger.record(Event.of(Event.AUDIT, "crm", "failed"), Optional.of(Publication.of(Publication.AUDIT, "dev", "{}")));
        }
    }
}
