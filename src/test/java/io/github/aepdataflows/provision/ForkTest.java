package io.github.aepdataflows.provision;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.model.ProcessorDefinition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A fork within a fork, as the routes of the chain have them. */
class ForkTest {

    private static final Duration SOON = Duration.ofMillis(1);

    private final Fork fork = new Fork();
    private final ThreadPoolExecutor threads = new ThreadPoolExecutor(0, 2, 1, TimeUnit.SECONDS, new SynchronousQueue<>(),
            (work, pool) -> work.run());
    private final CamelContext context = new DefaultCamelContext();

    @AfterEach
    void stop() {
        context.stop();
        threads.shutdownNow();
    }

    @Test
    void should_bring_together_what_all_branches_have_set() throws Exception {
        start(header("AepSourceConnectionId", "s"), header("AepTargetDatasetId", "d"), header("AepMappingSetId", "m"));

        Exchange joined = send(Map.of("AepTargetSchemaId", "before"));

        assertThat(joined.getException()).isNull();
        assertThat(joined.getMessage().getHeaders()).containsEntry("AepTargetSchemaId", "before")
                .containsEntry("AepSourceConnectionId", "s").containsEntry("AepTargetDatasetId", "d").containsEntry("AepMappingSetId", "m");
        assertThat(joined.getMessage().getBody(String.class)).isEqualTo("definition");
    }

    @Test
    void should_raise_what_is_final_rather_than_what_is_tried_again() throws Exception {
        Exception conflict = new ConflictException("taken", "");
        start(failing(new NotVisibleYetException("late", SOON)), failing(new NotVisibleYetException("later", SOON)), failing(conflict));

        assertThat(send(Map.of()).getException()).isSameAs(conflict);
    }

    @Test
    void should_raise_the_first_of_several_failures_of_a_kind_so_that_it_can_be_tried_again() throws Exception {
        Exception late = new NotVisibleYetException("late", SOON);
        start(failing(late), failing(new NotVisibleYetException("later", SOON)), exchange -> { });

        Exchange failed = send(Map.of());

        assertThat(failed.getException()).isSameAs(late);
        assertThat(failed.getExchangeExtension().isRedeliveryExhausted()).as("the route around it may repeat it").isFalse();
    }

    @Test
    void should_have_what_a_branch_had_set_when_it_is_repeated() throws Exception {
        List<String> seen = new ArrayList<>();
        start(failing(new NotVisibleYetException("late", SOON)), exchange -> {
            seen.add(exchange.getMessage().getHeader("AepTargetDatasetId", "", String.class));
            exchange.getMessage().setHeader("AepTargetDatasetId", "d");
        }, exchange -> { });

        Exchange exchange = send(Map.of());
        exchange.setException(null);   // as a redelivery does
        exchange.getMessage().removeHeaders("Aep*");
        context.createProducerTemplate().send("direct:outer", exchange);

        assertThat(seen).containsExactly("", "d");
    }

    /** All threads, and all callers, are in branches of other forks when the inner forks begin. */
    @Test
    void should_never_wait_for_a_thread_that_waits_for_another() throws Exception {
        int many = 64;
        CountDownLatch callers = new CountDownLatch(many);
        start(exchange -> { }, exchange -> { }, header("AepMappingSetId", "m"));
        ExecutorService pool = Executors.newFixedThreadPool(many);
        try {
            List<Future<Exchange>> all = new ArrayList<>();
            for (int n = 0; n < many; n++) {
                all.add(pool.submit(() -> {
                    callers.countDown();
                    callers.await();
                    return send(Map.of());
                }));
            }
            for (Future<Exchange> each : all) {
                assertThat(each.get(60, TimeUnit.SECONDS).getMessage().getHeader("AepMappingSetId")).isEqualTo("m");
            }
        } finally {
            pool.shutdownNow();
        }
    }

    private void start(Processor source, Processor dataset, Processor mapping) throws Exception {
        context.addRoutes(new RouteBuilder() {
            @Override
            public void configure() {
                errorHandler(noErrorHandler());
                fork("direct:outer", "direct:source", "direct:target");
                fork("direct:target", "direct:dataset", "direct:mapping");
                from("direct:source").process(source);
                from("direct:dataset").process(dataset);
                from("direct:mapping").process(mapping);
            }

            private void fork(String from, String... branches) {
                ProcessorDefinition<?> route = from(from).bean(fork, "resume");
                route.multicast(fork).parallelProcessing().synchronous().executorService(threads).to(branches).end().bean(fork, "join");
            }
        });
        context.start();
    }

    private Exchange send(Map<String, Object> headers) {
        return context.createProducerTemplate().send("direct:outer", exchange -> {
            exchange.getMessage().setBody("definition");
            exchange.getMessage().setHeaders(new HashMap<>(headers));
        });
    }

    private static Processor header(String name, String value) {
        return exchange -> exchange.getMessage().setHeader(name, value);
    }

    private static Processor failing(Exception failure) {
        return exchange -> {
            throw failure;
        };
    }
}
