package io.github.aepdataflows.ledger;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Writes into the ledger of the given URL until it is killed; says on the standard output what the ledger has acknowledged. */
final class LedgerWriter {

    private LedgerWriter() {
    }

    public static void main(String[] arguments) throws Exception {
        Ledger ledger = new Ledger(arguments[0], "postgres", "postgres", "org", "prod", Duration.ofMinutes(5));
        ledger.open();
        String run = arguments[1];
        for (int i = 0; ; i++) {
            String name = run + "-" + i;
            StepKey key = new StepKey(name, "flow", "content " + name);
            FileClaim claim = ledger.claim(name + ".yaml").orElseThrow();
            say("claimed", name);
            Lease lease = ledger.take(name, "digest", Map.of("k", "v"), name + ".yaml");
            say("taken", name);
            int attempt = ledger.begin(lease, key, "name", Duration.ofSeconds(60)).attempt();
            say("begun", name);
            ledger.complete(lease, key, attempt, new Result("id " + name, "", "", "created"));
            say("made", name);
            ledger.finish(lease, List.of(key));
            say("finished", name);
            ledger.release(claim);
            say("released", name);
        }
    }

    private static void say(String what, String name) {
        System.out.println(what + " " + name);
        System.out.flush();
    }
}
