package io.github.aepdataflows.provision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.aepdataflows.Rig;
import io.github.aepdataflows.resource.Kind;
import io.github.aepdataflows.resource.Kinds;
import io.github.aepdataflows.simulator.Fault;
import io.github.aepdataflows.simulator.Options;
import io.github.aepdataflows.simulator.Simulator;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.camel.Exchange;
import org.apache.camel.builder.AdviceWith;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two applications, each with a ledger of its own, in one sandbox: there is one flow of a name all the same. */
class TwoLedgersTest {

    @TempDir
    Path data;

    private Simulator simulator;
    private Rig one;
    private Rig two;

    @BeforeEach
    void start() throws Exception {
        simulator = Simulator.start(Options.defaults());
        one = Rig.against(simulator, data.resolve("one"), Map.of("camel.main.name", "one"));
        two = Rig.against(simulator, data.resolve("two"), Map.of("camel.main.name", "two"));
    }

    @AfterEach
    void stop() throws Exception {
        one.close();
        two.close();
        simulator.close();
    }

    private List<ObjectNode> flows() {
        return simulator.store().resources(Rig.SANDBOX, "flows");
    }

    private static JsonNode error(Exchange failed) throws Exception {
        return Rig.json(failed.getVariable("aepError", String.class));
    }

    private void assertAllKnown() throws Exception {
        for (Kind kind : Kinds.ALL) {
            if (!kind.isShared() && !kind.hasSeveral() && kind != Kinds.SOURCE_CLASS && kind != Kinds.SOURCE_SCHEMA) {
                for (ObjectNode resource : one.resources(kind.collection().replaceFirst(".*/", ""))) {
                    String id = resource.path(resource.has("$id") ? "$id" : resource.has("viewId") ? "viewId" : "id").asText();
                    Optional<String> owner = one.ledger().owner(kind.key(), id).or(() -> owner(two, kind, id));
                    assertThat(owner).as("%s %s is in one of the ledgers", kind.key(), id).isPresent();
                }
            }
        }
    }

    private static Optional<String> owner(Rig rig, Kind kind, String id) {
        try {
            return rig.ledger().owner(kind.key(), id);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void should_make_one_flow_of_each_definition_that_both_provision_at_the_same_time() throws Exception {
        int definitions = 6;
        ExecutorService threads = Executors.newFixedThreadPool(2 * definitions);
        List<Exchange> done = new ArrayList<>();
        try {
            List<Future<Exchange>> all = new ArrayList<>();
            for (int n = 0; n < definitions; n++) {
                String definition = Rig.example("customer-success", n);
                for (Rig rig : List.of(one, two)) {
                    all.add(threads.submit(() -> rig.provision(definition)));
                }
            }
            for (Future<Exchange> each : all) {
                done.add(each.get());
            }
        } finally {
            threads.shutdownNow();
        }

        assertThat(flows()).extracting(flow -> flow.path("name").asText()).hasSize(definitions).doesNotHaveDuplicates();
        assertThat(done).filteredOn(each -> each.getException() == null).hasSizeGreaterThanOrEqualTo(definitions);
        for (Exchange failed : done.stream().filter(each -> each.getException() != null).toList()) {
            assertThat(error(failed).path("category").asText()).as(error(failed).toPrettyString()).isEqualTo("conflict");
        }
        assertAllKnown();
    }

    /** The other one makes its dataflow right before the first one sends a create. */
    private void meanwhile(String createOf, String definition) throws Exception {
        AtomicBoolean first = new AtomicBoolean(true);
        AdviceWith.adviceWith(one.main().getCamelContext(), "aep-create-" + createOf, route -> route
                .weaveById("aep-post-" + createOf).before().process(exchange -> {
                    if (first.compareAndSet(true, false)) {
                        two.apply(definition);
                    }
                }));
    }

    /** Its id. */
    private String assertRefusedForTheOthersFlow(Exchange late) throws Exception {
        String flow = two.ledger().resources("flow").keySet().iterator().next();
        assertThat(error(late).path("category").asText()).as(error(late).toPrettyString()).isEqualTo("conflict");
        assertThat(error(late).path("message").asText()).contains(flow);
        return flow;
    }

    @Test
    void should_delete_its_own_flow_where_another_ledger_made_one_between_its_last_look_and_its_create() throws Exception {
        String definition = Rig.example("customer-success");
        meanwhile("flow", definition);

        Exchange late = one.provision(definition);

        String flow = assertRefusedForTheOthersFlow(late);
        assertThat(flows()).singleElement().satisfies(there -> assertThat(there.path("id").asText()).isEqualTo(flow));
        assertThat(error(late).path("advice").asText()).contains("one for a sandbox");
        assertThat(error(late).at("/resources/flow").isMissingNode()).isTrue();
        assertThat(one.ledger().unresolved()).isEmpty();
        assertAllKnown();

        assertThat(one.apply(definition).path("outcome").asText()).as("it is as described, and taken over").isEqualTo("adopted");
        assertThat(one.apply(definition).path("outcome").asText()).isEqualTo("unchanged");
        assertThat(flows()).hasSize(1);
        assertAllKnown();
    }

    @Test
    void should_refuse_a_flow_of_the_name_that_another_ledger_made_after_its_first_look() throws Exception {
        String definition = Rig.example("customer-success");
        meanwhile("mapping-set", definition);
        Duration old = one.settings().duration("aep.settle-window");   // a look of that age is not believed any more
        AdviceWith.adviceWith(one.main().getCamelContext(), "aep-apply-flow", route -> route.weaveAddFirst().process(exchange -> {
            long since = System.nanoTime();
            await().until(() -> System.nanoTime() - since > old.toNanos());
        }));

        Exchange late = one.provision(definition);

        assertRefusedForTheOthersFlow(late);
        assertThat(simulator.requests().where(request -> request.method().equals("POST") && request.path().endsWith("/flows")))
                .as("it sends none").hasSize(1);
    }

    @Test
    void should_delete_its_own_flow_also_where_the_answer_to_the_deletion_is_lost() throws Exception {
        String definition = Rig.example("customer-success");
        meanwhile("flow", definition);
        simulator.faults().on("DELETE", "/flows/.*", 1, Fault.reset().afterCommit());

        Exchange late = one.provision(definition);

        assertThat(flows()).hasSize(1);
        assertThat(error(late).path("category").asText()).isEqualTo("conflict");
        assertThat(one.ledger().unresolved()).isEmpty();
        assertThat(one.ledger().changes("Creating a dataflow for a Customer Success connector")).singleElement()
                .satisfies(change -> assertThat(change.state().name()).isEqualTo("DONE"));
    }

    @Test
    void should_look_before_anything_is_made_and_after_the_create_and_between_them_only_when_that_takes_long() throws Exception {
        one.apply(Rig.example("customer-success", "warm"));
        int before = simulator.requests().all().size();

        one.apply(Rig.example("customer-success", "new"));

        assertThat(simulator.requests().all().subList(before, simulator.requests().all().size()).stream()
                .filter(request -> request.path().startsWith("/data/") && request.path().matches(".*/flows(/[^/]*)?"))
                .map(request -> request.method() + request.path().replaceFirst(".*/flows", "")))
                .startsWith("GET").endsWith("POST", "GET").hasSizeLessThanOrEqualTo(4);
    }
}
