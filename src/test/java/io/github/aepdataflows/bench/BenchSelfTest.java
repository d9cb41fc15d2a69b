package io.github.aepdataflows.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.aepdataflows.ledger.Lease;
import io.github.aepdataflows.ledger.Ledger;
import io.github.aepdataflows.platform.PlatformComponent;
import io.github.aepdataflows.platform.PlatformException;
import io.github.aepdataflows.platform.Spelling;
import io.github.aepdataflows.provision.AnsweredId;
import io.github.aepdataflows.resource.Kinds;
import io.github.aepdataflows.resource.Lookup;
import io.github.aepdataflows.simulator.Fault;
import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.apache.camel.component.http.HttpClientConfigurer;
import org.apache.camel.component.http.HttpComponent;
import org.apache.camel.main.Main;
import org.apache.camel.spi.InterceptStrategy;
import org.apache.hc.client5.http.HttpRoute;
import org.apache.hc.client5.http.classic.ExecChain;
import org.apache.hc.client5.http.impl.ChainElement;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManager;
import org.apache.hc.client5.http.io.LeaseRequest;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.impl.io.HttpRequestExecutor;
import org.apache.hc.core5.http.io.HttpClientConnection;
import org.apache.hc.core5.http.io.HttpResponseInformationCallback;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.io.entity.EntityUtils;
import org.apache.hc.core5.http.io.support.ClassicRequestBuilder;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.util.Timeout;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

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

        bench.finish(blind());   // else the look of a dataflow that was begun by an earlier run finds it

        assertThat(bench.oracle().violations()).anyMatch(text -> text.startsWith("I1 target-dataset of Contacts: 2 resources"))
                .anyMatch(text -> text.startsWith("I1 the ledger does not know dataSets"));
    }

    /** What the ledger would say of the killed step if it had written nothing before the call. */
    private void forgetIntents() throws Exception {
        try (Ledger ledger = bench.ledger()) {
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

        bench.finish(planted(builder -> builder.addExecInterceptorBefore(ChainElement.PROTOCOL.name(), "planted", BenchSelfTest::repeat)));

        assertThat(bench.oracle().violations()).anyMatch(text -> text.startsWith("I1 target-dataset of Contacts: 2 resources"))
                .anyMatch(text -> text.startsWith("blind repeat"));
    }

    /** Changes each HTTP client of the product, before the first route is built, and with it the first client. */
    private static InterceptStrategy planted(HttpClientConfigurer change) {
        AtomicBoolean planted = new AtomicBoolean();
        return (context, definition, target, next) -> {
            if (planted.compareAndSet(false, true)) {
                HttpComponent http = (HttpComponent) context.getComponent("aep-http", PlatformComponent.class).component();
                HttpClientConfigurer product = http.getHttpClientConfigurer();
                http.setHttpClientConfigurer(builder -> {
                    product.configureHttpClient(builder);
                    change.configureHttpClient(builder);
                });
            }
            return target;
        };
    }

    @Test
    void should_find_nothing_after_a_call_that_ended_in_an_error() throws Exception {
        AtomicInteger calls = new AtomicInteger();

        bench.finish(planted(builder -> builder.setRequestExecutor(new FailingOnce(calls))));

        assertThat(calls.get()).isGreaterThan(20);
        bench.oracle().check();
    }

    @Test
    void should_see_that_the_pool_is_not_renewed_after_an_error() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        AtomicInteger leases = new AtomicInteger();
        PoolingHttpClientConnectionManager pool = new PoolingHttpClientConnectionManager() {
            @Override
            public LeaseRequest lease(String id, HttpRoute route, Timeout timeout, Object state) {
                leases.incrementAndGet();
                return super.lease(id, route, timeout, state);
            }
        };

        Main main = bench.start(planted(builder -> builder.setRequestExecutor(new FailingOnce(calls)).setConnectionManager(pool)));
        try {
            await().atMost(Bench.PATIENCE).until(() -> leases.get() > FailingOnce.CALL + 5);
            assertThat(calls.get()).as("sent, with what was on its way").isBetween(FailingOnce.CALL, FailingOnce.CALL + 4);
            assertThat(bench.idle()).isFalse();
        } finally {
            main.stop();
        }
        assertThat(bench.oracle().violations()).isNotEmpty();
    }

    /** Sends, but for one call that ends as calls do when the memory is exhausted. */
    private static final class FailingOnce extends HttpRequestExecutor {

        private static final int CALL = 20;

        private final AtomicInteger calls;

        private FailingOnce(AtomicInteger calls) {
            this.calls = calls;
        }

        @Override
        public ClassicHttpResponse execute(ClassicHttpRequest request, HttpClientConnection connection,
                                           HttpResponseInformationCallback informed, HttpContext context)
                throws IOException, HttpException {
            if (calls.incrementAndGet() == CALL) {
                throw new OutOfMemoryError("planted");
            }
            return super.execute(request, connection, informed, context);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"BASE64", "PERCENT_EVERY", "ENTITY_DECIMAL"})
    void should_see_that_secrets_are_removed_in_their_literal_form_only(Spelling spelling) throws Exception {
        String echoed = "refused: " + spelling.of(Bench.CANARY) + ", " + Bench.CANARY;
        fault(Step.TARGET_DATASET, Fault.answer(422, "text/plain", echoed));

        bench.finish(planted(builder -> builder.addExecInterceptorFirst("planted", (request, scope, chain) -> {
            try {
                return chain.proceed(request, scope);
            } catch (PlatformException refused) {
                if (refused.getStatus() == 422) {
                    replaceText(refused, echoed.replace(Bench.CANARY, "***"));
                }
                throw refused;
            }
        })));

        assertThat(bench.oracle().violations()).anyMatch(text -> text.startsWith("I5 secrets in") && text.contains("error.json"));
    }

    private static void replaceText(PlatformException failure, String text) {
        try {
            Field field = PlatformException.class.getDeclaredField("text");
            field.setAccessible(true);
            field.set(failure, text);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
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

    /** No look for a dataset finds anything. */
    private static NodeWatch blind() {
        return NodeWatch.after("aep-get", 0, exchange -> {
            if (exchange.getVariable("aepLookup", Lookup.class).path().equals(Kinds.TARGET_DATASET.collection())) {
                exchange.setVariable("aepResponse", "{}".getBytes(StandardCharsets.UTF_8));
            }
        });
    }

    @Test
    void should_see_that_nothing_is_looked_for() throws Exception {
        fault(Step.TARGET_DATASET, Fault.status(503).afterCommit());

        bench.finish(blind());

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
                exchange -> AnsweredId.change(exchange, theirs)));

        assertThat(bench.oracle().foreign("Foreign").violations())
                .anyMatch(text -> text.startsWith("I2 the receipt of Contacts has sourceConnection"));
    }

    @Test
    void should_see_that_no_flow_is_looked_for_before_a_replacement() throws Exception {
        String replacing = Definitions.customerSuccess("Orders") + "allowReplace: true\n";
        bench.drop("orders.yaml", replacing);
        bench.finish();
        Map<Path, byte[]> backup = new HashMap<>();
        try (Stream<Path> files = Files.list(bench.data().resolve("ledger"))) {
            for (Path file : files.toList()) {
                backup.put(file, Files.readAllBytes(file));
            }
        }
        bench.drop("orders-2.yaml", replacing.replace("tableName: only_Orders", "tableName: second_Orders"));
        bench.finish();
        try (Stream<Path> files = Files.list(bench.data().resolve("ledger"))) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        for (Map.Entry<Path, byte[]> file : backup.entrySet()) {
            Files.write(file.getKey(), file.getValue());
        }
        bench.drop("orders-3.yaml", replacing.replace("tableName: only_Orders", "tableName: third_Orders"));
        bench.finish();
        assertThat(bench.names("failed")).contains("orders-3.yaml");
        assertThat(bench.oracle().violations()).as("of a ledger that is older").noneMatch(text -> text.endsWith("flows of Orders run"));

        bench.drop("orders-4.yaml", replacing.replace("tableName: only_Orders", "tableName: fourth_Orders"));
        bench.finish(NodeWatch.after("aep-get", 0, exchange -> {
            if (exchange.getVariable("aepLookup", Lookup.class).path().equals(Kinds.FLOW.collection())) {
                exchange.setVariable("aepResponse", "{\"items\":[]}".getBytes(StandardCharsets.UTF_8));
            }
        }));

        assertThat(bench.oracle().violations()).contains("I1 2 flows of Orders run");
    }

    @Test
    void should_see_that_a_file_is_looked_at_before_it_is_claimed() throws Exception {
        Path inbox = folder.resolve("race/data/inbox");

        List<String> violations = new SwapRace(Files.createDirectories(folder.resolve("race")), 1).run(Duration.ofSeconds(8),
                NodeWatch.before("aep-claim-file", 0, exchange -> readWhereItLies(inbox.resolve(exchange.getVariable("aepFile",
                        String.class)))));

        assertThat(violations).anyMatch(text -> text.startsWith("only "));
    }

    private static void readWhereItLies(Path file) {
        if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            LockSupport.parkNanos(Duration.ofMillis(2).toNanos());   // longer than a claim takes
            try {
                Files.readAllBytes(file);
            } catch (IOException e) {
                // it has gone
            }
        }
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
