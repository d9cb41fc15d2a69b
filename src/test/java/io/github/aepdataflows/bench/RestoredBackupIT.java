package io.github.aepdataflows.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.aepdataflows.LogLines;
import io.github.aepdataflows.Rig;
import io.github.aepdataflows.ledger.Dataflow;
import io.github.aepdataflows.ledger.Ledger;
import io.github.aepdataflows.simulator.Options;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.camel.main.Main;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A backup is taken while the program works on many definitions; it is killed later, the backup restored, and the program goes on. */
class RestoredBackupIT {

    private static final int DEFINITIONS = 64;

    @TempDir
    Path folder;

    private static Ledger closed(Bench bench) {
        return new Ledger("jdbc:sqlite:" + bench.data().resolve("ledger/ledger.db"), "", "", bench.simulator().options().orgId(),
                Rig.SANDBOX, Duration.ofSeconds(30));
    }

    private static long receipts(Bench bench) {
        return bench.names("done").stream().filter(name -> name.endsWith(".receipt.json")).count();
    }

    private static void drop(Bench bench, int from, int to) throws Exception {
        for (int n = from; n < to; n++) {
            bench.drop("flow-%02d.yaml".formatted(n), Definitions.customerSuccess("Flow %02d".formatted(n)));
        }
    }

    @Test
    void should_make_nothing_twice_with_an_older_ledger_and_name_what_it_lacks() throws Exception {
        try (Bench bench = new Bench(folder.resolve("data"), Options.defaults().withLatency(Duration.ofMillis(30)))) {
            bench.set("aep.inbox.concurrency", DEFINITIONS).set("aep.ledger.compare", true);
            drop(bench, 0, DEFINITIONS / 2);
            Path backup = folder.resolve("backup.db");
            try (Child child = Child.start(bench, Map.of())) {
                await().atMost(Bench.PATIENCE).until(() -> bench.simulator().store().resources(Rig.SANDBOX, "schemas").size() > 4);
                closed(bench).backUp(backup);
                drop(bench, DEFINITIONS / 2, DEFINITIONS);      // the backup has none of these
                await().atMost(Bench.PATIENCE).pollInterval(Duration.ofMillis(5)).until(() -> receipts(bench) > DEFINITIONS / 2);
                child.kill();
                assertThat(receipts(bench)).as("some are still in work").isLessThan(DEFINITIONS);
            }
            long made = receipts(bench);
            closed(bench).restore(backup);

            try (LogLines log = LogLines.of("aep.ledger")) {
                Main main = bench.start();
                bench.awaitIdle();
                await().atMost(Bench.PATIENCE).until(() -> log.contain("The ledger may be older than the folder done/"));
                JsonNode rebuilt = Rig.json(main.getCamelContext().createFluentProducerTemplate().to("direct:aep-rebuild")
                        .request(String.class));
                assertThat(rebuilt.findValuesAsText("outcome")).hasSize(DEFINITIONS).containsOnly("adopted", "unchanged");
                main.stop();
                System.out.printf("restored: %d were done when it was killed; %s%n", made, log);
            }
            for (String collection : List.of("flows", "sourceConnections", "targetConnections", "dataSets", "schemas", "mappingSets")) {
                List<ObjectNode> all = bench.simulator().store().resources(Rig.SANDBOX, collection);
                assertThat(all).as(collection).hasSize(DEFINITIONS);
            }
            Ledger ledger = bench.ledger();
            assertThat(ledger.dataflows()).hasSize(DEFINITIONS).allMatch(Dataflow::done);
            assertThat(ledger.unresolved()).isEmpty();
            ledger.close();
            assertThat(bench.oracle().mostPosts(2).violations()).isEmpty();
        }
    }
}
