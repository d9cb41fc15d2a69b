package io.github.aepdataflows.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A small {@link QueueBench}. */
class QueueKillsIT {

    @TempDir
    Path folder;

    @Test
    void should_make_each_dataflow_once_though_nodes_and_the_broker_are_killed() throws Exception {
        try (QueueBench queue = new QueueBench(folder, 1)) {
            queue.startNode();
            queue.startNode();
            List<String> dataflows = queue.send(48, "Killed", true);
            await().atMost(Bench.PATIENCE).until(() -> queue.answered() >= 5);
            queue.killNode();
            await().atMost(Bench.PATIENCE).until(() -> queue.answered() >= 15);
            queue.killBroker();
            await().atMost(Bench.PATIENCE).until(() -> queue.answered() >= 25);
            queue.killNode();
            queue.awaitAll();

            assertThat(queue.violations(dataflows)).as(queue::log).isEmpty();
        }
    }
}
