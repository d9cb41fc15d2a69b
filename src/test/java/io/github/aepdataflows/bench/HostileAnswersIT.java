package io.github.aepdataflows.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.aepdataflows.wire.HostileFront;
import io.github.aepdataflows.wire.HostileFront.Bomb;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The application in a JVM with little memory, before a Platform that answers with more than that memory holds. */
class HostileAnswersIT {

    @TempDir
    Path folder;

    @Test
    void should_finish_a_definition_after_every_hostile_answer_and_end_soon_while_all_calls_hang() throws Exception {
        try (Bench bench = new Bench(folder.resolve("data")); HostileFront front = new HostileFront(bench.simulator().url())) {
            List<Bomb> all = List.of(Bomb.values());
            front.arm("POST /ims/", all);
            front.arm("GET /data/", all);
            front.arm("POST /data/foundation/flowservice/sourceConnections", List.of(Bomb.GZIP, Bomb.NODES));
            bench.set("aep.url", front.url()).set("aep.token-url", front.url() + "/ims/token/v3");
            bench.drop("contacts.yaml", Definitions.crm("Contacts"));
            try (Child child = Child.start(bench, Map.of("aep.response-timeout", "60s", "aep.call-timeout", "60s",
                    "aep.redelivery.max", "2", "camel.main.shutdownTimeout", "2", "bench.hook", "true"))) {
                await().atMost(Bench.PATIENCE).until(bench::idle);
                assertThat(front.left()).isZero();
                assertThat(bench.names("done")).as(child.log()).contains("contacts.yaml");
                assertThat(bench.names("failed")).isEmpty();

                front.hang();
                bench.drop("leads.yaml", Definitions.crm("Leads"));
                await().atMost(Bench.PATIENCE).until(() -> front.hanging() > 0);
                assertThat(child.terminate(Duration.ofSeconds(20))).as(child.log()).isTrue();
            }
            assertThat(bench.names("inbox")).containsExactly("leads.yaml");
            assertThat(bench.names("failed")).isEmpty();
            assertThat(bench.platform().resources(Step.FLOW, "Contacts")).hasSize(1);
        }
    }
}
