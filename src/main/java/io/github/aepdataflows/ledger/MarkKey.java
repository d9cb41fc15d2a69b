package io.github.aepdataflows.ledger;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;

/** A row of aep_key, the only one: what the digests of secrets are keyed with. */
record MarkKey(long id, String digits) {

    private static final int BYTES = 32;

    private static final Table<MarkKey> TABLE = new Table<>("aep_key", 1, List.of("id", "digits"),
            row -> new MarkKey(row.number(0), row.text(1)),
            row -> List.of(row.id, row.digits));

    /** Reads it, and thereby its seal. */
    static void check(Transaction tx) {
        TABLE.select(tx, "");
    }

    /** The key, which is made when it is first asked for. */
    static byte[] of(Transaction tx) {
        MarkKey key = TABLE.get(tx, 1).orElse(null);   // no lock: a ledger may be read only
        if (key == null) {
            byte[] random = new byte[BYTES];
            new SecureRandom().nextBytes(random);
            key = new MarkKey(1, HexFormat.of().formatHex(random));
            TABLE.insert(tx, key);
        }
        return HexFormat.of().parseHex(key.digits);
    }
}
