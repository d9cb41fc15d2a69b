package io.github.aepdataflows.ledger;

import java.util.List;

/**
 * A program that works with the ledger: a row of aep_instance.
 *
 * @param name that of the host, a slash, and a random one; of an older version only that
 * @param seen when it was there last, by the ledger's clock, in milliseconds since 1970
 */
record Instance(String name, long seen) {

    static final Table<Instance> TABLE = new Table<>("aep_instance", 1, List.of("name", "seen"),
            row -> new Instance(row.text(0), row.number(1)),
            row -> List.of(row.name, row.seen));

    static String name(String host, String holder) {
        return host + "/" + holder;
    }

    boolean hasHost() {
        return name.contains("/");
    }

    boolean isOn(String host) {
        return name.startsWith(host + "/");
    }
}
