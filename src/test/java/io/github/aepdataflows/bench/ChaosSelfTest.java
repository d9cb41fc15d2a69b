package io.github.aepdataflows.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.aepdataflows.simulator.Request;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@link ChaosTest} relies on: a node that is killed here does nothing any more, and the oracle sees what is wrong with a life. */
class ChaosSelfTest {

    private static final Life LIFE = new Life("Contacts");

    private static final List<FaultKind> FAULTS = FaultKind.all("http://127.0.0.1:1/");

    @TempDir
    Path folder;

    private Bench bench;
    private Node node;

    @BeforeEach
    void start() throws Exception {
        bench = new Bench(folder.resolve("data"));
        node = new Node(bench, 0, Optional.empty());
        node.start();
    }

    @AfterEach
    void close() throws Exception {
        if (node.isStarted()) {
            node.kill();
        }
        bench.close();
    }

    private void work(Life life) throws Exception {
        bench.drop("contacts %d.yaml".formatted(bench.dropped().size()), life.definition());
        bench.awaitIdle();
        node.stop();
    }

    private List<String> violations(Life life) throws Exception {
        return bench.oracle().lives(List.of(life)).violations();
    }

    @Test
    void a_node_that_is_killed_sends_nothing_and_writes_nothing_any_more() throws Exception {
        node.lifeline().arm("before:aep-post-flow", Lifeline.End.KILLED);
        bench.drop("contacts.yaml", LIFE.definition());
        await().atMost(Bench.PATIENCE).until(() -> node.lifeline().isDead());
        node.kill();

        assertThat(bench.names("inbox")).containsExactly("contacts.yaml");
        assertThat(bench.names("done")).isEmpty();
        assertThat(bench.platform().posts(Step.FLOW, LIFE.name())).isEmpty();
        assertThat(bench.ledger()).satisfies(ledger -> assertThat(ledger.unresolved()).hasSize(1)).satisfies(ledger -> ledger.close());
        node.start();
        bench.awaitIdle();
        node.stop();
        assertThat(violations(LIFE)).isEmpty();
        assertThat(bench.platform().posts(Step.FLOW, LIFE.name())).hasSize(1);
    }

    @Test
    void a_seed_draws_the_same_each_time_also_when_a_kind_of_event_is_left_out() {
        for (long seed = 1; seed <= 100; seed++) {
            List<String> all = moments(seed, Set.of());
            assertThat(moments(seed, Set.of())).isEqualTo(all);
            assertThat(moments(seed, Set.of("RESTORE"))).isEqualTo(all.stream().filter(moment -> !moment.contains("Restored")).toList());
        }
    }

    private static List<String> moments(long seed, Set<String> without) {
        return Scenario.draw(seed, without, FAULTS).moments().stream().map(Scenario.Moment::toString).toList();
    }

    @Test
    void should_see_a_second_flow_and_that_nobody_names_it() throws Exception {
        work(LIFE);
        assertThat(violations(LIFE)).isEmpty();
        Request post = bench.platform().posts(Step.FLOW, LIFE.name()).get(0);

        new Foreigner(bench.simulator()).post(post.path(), post.text());

        assertThat(violations(LIFE)).anyMatch(text -> text.startsWith("I1 2 of 2 flows of Contacts"))
                .anyMatch(text -> text.startsWith("I1 the ledger does not know flows"));
    }

    @Test
    void should_see_that_something_else_runs_than_the_last_definition_says() throws Exception {
        work(LIFE);

        assertThat(violations(LIFE.edited(Life.Edit.INTERVAL))).anyMatch(text -> text.startsWith("I2 the flow is '15 "));
        assertThat(violations(LIFE.edited(Life.Edit.PAUSE))).anyMatch(text -> text.startsWith("I1 1 of 1 flows of Contacts"));
        assertThat(violations(LIFE.edited(Life.Edit.ABSENT))).anyMatch(text -> text.startsWith("I2 flows of what is absent"));
    }
}
