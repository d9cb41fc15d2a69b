package io.github.aepdataflows.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.aepdataflows.Rig;
import io.github.aepdataflows.ledger.Lease;
import io.github.aepdataflows.ledger.Ledger;
import io.github.aepdataflows.resource.Kinds;
import io.github.aepdataflows.resource.Lookup;
import io.github.aepdataflows.simulator.Fault;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.camel.component.http.HttpClientConfigurer;
import org.apache.camel.component.http.HttpComponent;
import org.apache.camel.main.Main;
import org.apache.camel.spi.InterceptStrategy;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.impl.ChainElement;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.http.io.support.ClassicRequestBuilder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A bench that cannot fail proves nothing: with each safeguard taken out, by the test alone, the oracle has to see it. */
class BenchSelfTest {

    private static final String DATAFLOW = "Contacts";

    @TempDir
    Path folder;

    private Bench bench;

    @BeforeEach
    void drop() throws Exception {
        bench = new Bench(folder.resolve("data"));
        bench.drop("contacts.yaml", Definitions.crm(DATAFLOW));
    }

    @AfterEach
    void close() throws Exception {
        bench.close();
    }

    private void fault(Step step, Fault fault) {
        bench.simulator().faults().when(request -> step.isPost(request, DATAFLOW), 1, fault);
    }

    @Test
    void should_find_nothing_where_nothing_was_planted() throws Exception {
        fault(Step.TARGET_DATASET, Fault.status(503).afterCommit());

        bench.finish();

        bench.oracle().check();
    }

    @Test
    void should_see_that_intents_are_not_written() throws Exception {
        fault(Step.TARGET_DATASET, Fault.hang().afterCommit());
        try (Child child = Child.start(bench, Map.of("aep.response-timeout", "30s", "aep.call-timeout", "30s"))) {
            await().atMost(Bench.PATIENCE).until(() -> bench.simulator().faults().held() == 1);
            child.kill();
        }
        forgetIntents();

        bench.finish();

        assertThat(bench.oracle().violations()).anyMatch(text -> text.startsWith("I1 target-dataset of Contacts: 2 resources"))
                .anyMatch(text -> text.startsWith("I1 the ledger does not know dataSets"));
    }

    /** What the ledger would say of the killed step if it had written nothing before the call. */
    private void forgetIntents() throws Exception {
        try (Ledger ledger = new Ledger("jdbc:sqlite:" + bench.data().resolve("ledger/ledger.db"), "", "",
                bench.simulator().options().orgId(), Rig.SANDBOX, Duration.ofSeconds(30))) {
            ledger.open();
            String digest = ledger.dataflow(DATAFLOW).orElseThrow().digest();
            Lease lease = ledger.take(DATAFLOW, digest, Map.of(), "contacts.yaml");
            for (var step : ledger.unresolved()) {
                ledger.clear(lease, step.key(), step.attempt());
            }
            ledger.release(lease);
        }
    }

    @Test
    void should_see_that_the_http_client_repeats_calls_by_itself() throws Exception {
        fault(Step.TARGET_DATASET, Fault.status(503).afterCommit());

        AtomicBoolean planted = new AtomicBoolean();
        // before the first route is built, and with it the first HTTP client
        bench.finish((InterceptStrategy) (context, definition, target, next) -> {
            if (planted.compareAndSet(false, true)) {
                HttpComponent http = context.getComponent("aep-http", HttpComponent.class);
                HttpClientConfigurer product = http.getHttpClientConfigurer();
                http.setHttpClientConfigurer(builder -> {
                    product.configureHttpClient(builder);
                    builder.addExecInterceptorBefore(ChainElement.PROTOCOL.name(), "planted", BenchSelfTest::repeat);
                });
            }
            return target;
        });

        assertThat(bench.oracle().violations()).anyMatch(text -> text.startsWith("I1 target-dataset of Contacts: 2 resources"))
                .anyMatch(text -> text.startsWith("blind repeat"));
    }

    /** As the retry adapters of HTTP libraries do: the same bytes once more after a 5xx. */
    private static ClassicHttpResponse repeat(ClassicHttpRequest request, ExecChain.Scope scope, ExecChain chain)
            throws IOException, HttpException {
        if (request.getEntity() != null) {
            request.setEntity(new ByteArrayEntity(EntityUtils.toByteArray(request.getEntity()), ContentType.APPLICATION_JSON));
        }
        ClassicHttpRequest again = ClassicRequestBuilder.copy(request).build();
        ClassicHttpResponse answer = chain.proceed(request, scope);
        if (answer.getCode() < 500) {
            return answer;
        }
        EntityUtils.consume(answer.getEntity());
        return chain.proceed(again, scope);
    }

    @Test
    void should_see_that_nothing_is_looked_for() throws Exception {
        fault(Step.TARGET_DATASET, Fault.status(503).afterCommit());

        bench.finish(NodeWatch.after("aep-get", 0, exchange -> {
            if (exchange.getVariable("aepLookup", Lookup.class).path().equals(Kinds.TARGET_DATASET.collection())) {
                exchange.setVariable("aepResponse", "{}".getBytes(StandardCharsets.UTF_8));
            }
        }));

        assertThat(bench.oracle().violations()).anyMatch(text -> text.startsWith("I1 target-dataset of Contacts: 2 resources"));
    }

    @Test
    void should_see_that_the_first_miss_is_believed() throws Exception {
        fault(Step.TARGET_CONNECTION, Fault.reset().committedLater(Duration.ofSeconds(2)));
        bench.set("aep.settle-window", "1");

        bench.finish();

        assertThat(bench.oracle().violations()).anyMatch(text -> text.startsWith("I1 target-connection of Contacts: 2 resources"));
    }

    @Test
    void should_see_that_ids_are_not_checked() throws Exception {
        bench.foreign(Definitions.crm("Foreign"));
        Step step = Step.SOURCE_CONNECTION;
        String theirs = step.idOf(bench.platform().resources(step, "Foreign").get(0));

        // as if the answer to the check had been the right one, whatever the id
        bench.finish(NodeWatch.before("aep-complete-" + step.key(), 1,
                exchange -> exchange.getMessage().setHeader("AepSourceConnectionId", theirs)));

        assertThat(bench.oracle().foreign("Foreign").violations())
                .anyMatch(text -> text.startsWith("I2 the receipt of Contacts has sourceConnection"));
    }

    @Test
    void should_see_that_two_instances_do_not_fence_each_other_off() throws Exception {
        // each has a ledger of its own: nobody's lease holds anybody back
        Main one = null;
        Main other = null;
        fault(Step.FLOW, Fault.hang());
        bench.set("aep.response-timeout", "30s").set("aep.call-timeout", "30s");
        try {
            one = bench.start();
            await().atMost(Bench.PATIENCE).until(() -> bench.simulator().faults().held() == 1);
            bench.set("camel.main.name", "bench-other").set("aep.ledger.url", "jdbc:sqlite:" + folder.resolve("other.db"));
            other = bench.start();
            bench.awaitIdle();
            bench.simulator().faults().clear();
            bench.awaitIdle();
        } finally {
            bench.simulator().faults().clear();
            if (one != null) {
                one.stop();
            }
            if (other != null) {
                other.stop();
            }
        }

        assertThat(bench.oracle().violations()).isNotEmpty();
    }
}
