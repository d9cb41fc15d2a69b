package io.github.aepdataflows.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.github.aepdataflows.simulator.Fault;
import io.github.aepdataflows.simulator.Request;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.apache.hc.core5.http.io.support.ClassicRequestBuilder;
import org.junit.jupiter.api.Test;

/** How much an outage costs the Platform, and how it ends. */
class OutageTest {

    private static final Predicate<Request> ANY = request -> request.path().startsWith("/data/");
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final int TWO_HOURS = 7200;
    /** One each 30 s, after the ten calls that it takes to notice. */
    private static final int PROBES = TWO_HOURS / 30 + 10;

    @Test
    void should_knock_only_once_in_a_pause_during_an_outage_of_two_hours() throws Exception {
        AtomicInteger connections = new AtomicInteger();
        try (ServerSocket platform = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                TimedClient client = TimedClient.start(Map.of("aep.url", "http://127.0.0.1:" + platform.getLocalPort()))) {
            Thread slammer = new Thread(() -> {
                while (!platform.isClosed()) {
                    try {
                        platform.accept().close();
                        connections.incrementAndGet();
                    } catch (IOException e) {
                        return;
                    }
                }
            });
            slammer.setDaemon(true);
            slammer.start();
            for (int second = 0; second < TWO_HOURS; second++) {
                for (int caller = 0; caller < 4; caller++) {
                    assertThat(client.get()).isPresent();
                    assertThat(client.post()).isPresent();
                }
                client.pass(SECOND);
            }

            assertThat(connections.get()).isBetween(PROBES / 2, PROBES);
            assertThat(client.simulator().tokenRequests()).isEqualTo(1);
        }
    }

    @Test
    void should_send_a_read_ahead_of_the_first_create_after_the_pause() throws Exception {
        try (TimedClient client = TimedClient.start(Map.of())) {
            client.simulator().faults().when(ANY, Fault.status(503));
            for (int call = 0; call < 20; call++) {
                client.post();
            }
            assertThat(methods(client)).hasSize(10).containsOnly("POST");
            client.pass(Duration.ofSeconds(31));
            assertThat(client.post().orElseThrow().getOutcome()).as("the Platform is still down").isEqualTo(Outcome.NOT_SENT);
            assertThat(methods(client)).hasSize(11).endsWith("GET");

            client.simulator().faults().clear();
            client.pass(Duration.ofSeconds(29));
            assertThat(client.post()).isPresent();
            assertThat(methods(client)).hasSize(11);
            client.pass(Duration.ofSeconds(2));
            assertThat(client.post()).isEmpty();
            assertThat(client.post()).isEmpty();
            assertThat(methods(client)).hasSize(14).endsWith("GET", "POST", "POST");
        }
    }

    private static List<String> methods(TimedClient client) {
        return client.requests().stream().map(Request::method).toList();
    }

    @Test
    void should_send_no_create_while_a_read_is_finding_out() throws Exception {
        try (TimedClient client = TimedClient.start(Map.of())) {
            client.simulator().faults().when(ANY, Fault.status(503));
            for (int call = 0; call < 10; call++) {
                client.post();
            }
            client.simulator().faults().clear();
            client.simulator().faults().when(ANY, 1, Fault.hang().afterCommit());
            client.pass(Duration.ofSeconds(31));
            var probe = new FutureTask<>(client::get);
            new Thread(probe).start();
            await().until(() -> client.simulator().faults().held() == 1);

            assertThat(client.post().orElseThrow().getOutcome()).isEqualTo(Outcome.NOT_SENT);
            assertThat(client.get().orElseThrow().getOutcome()).isEqualTo(Outcome.NOT_SENT);
            assertThat(client.requests()).hasSize(11);
            client.simulator().faults().release();
            assertThat(probe.get()).isEmpty();
            assertThat(client.post()).isEmpty();
        }
    }

    @Test
    void should_ask_a_token_service_that_is_down_no_more_often_than_the_platform() throws Exception {
        try (TimedClient client = TimedClient.start(Map.of())) {
            client.simulator().faults().always("POST", "/ims/token/v3", Fault.status(503));
            for (int second = 0; second < TWO_HOURS; second++) {
                client.get();
                client.post();
                client.pass(SECOND);
            }
            assertThat(client.simulator().requests().count("POST", "/ims/token/v3")).isBetween(PROBES / 2, PROBES);
            assertThat(client.requests()).isEmpty();

            client.simulator().faults().clear();
            client.pass(Duration.ofSeconds(31));
            assertThat(client.get()).isEmpty();
            assertThat(client.post()).isEmpty();
        }
    }

    @Test
    void should_not_take_refused_tokens_for_an_outage() throws Exception {
        try (TimedClient client = TimedClient.start(Map.of())) {
            client.simulator().faults().when(ANY, Fault.gateway("401013", "Oauth token is not valid"));
            for (int call = 0; call < 100; call++) {
                assertThat(client.get().orElseThrow().getOutcome()).isEqualTo(Outcome.UNAUTHORIZED);
            }

            client.simulator().faults().clear();
            assertThat(client.post()).isEmpty();
        }
    }

    @Test
    void should_come_through_when_every_other_call_fails() throws Exception {
        long seed = Long.getLong("seed", 42);
        Random random = new Random(seed);
        AtomicBoolean flapping = new AtomicBoolean(true);
        try (TimedClient client = TimedClient.start(Map.of())) {
            client.simulator().faults().when(request -> ANY.test(request) && flapping.get() && random.nextBoolean(), Fault.status(503));
            int done = 0;
            for (int call = 0; call < 1000; call++) {
                done += client.get().isEmpty() ? 1 : 0;
                client.pass(SECOND);
            }

            assertThat(done).as("seed %d", seed).isGreaterThan(100);
            flapping.set(false);
            client.pass(Duration.ofSeconds(31));
            assertThat(client.get()).isEmpty();
            assertThat(client.post()).isEmpty();
        }
    }

    /** Socket timeouts bound reading only: what bounds writing is the deadline of the whole call. */
    @Test
    void should_end_a_call_whose_request_nobody_reads() throws Exception {
        try (ServerSocket platform = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                TimedClient client = TimedClient.start(Map.of("aep.call-timeout", "500",
                        "aep.url", "http://127.0.0.1:" + platform.getLocalPort()))) {
            PlatformException late = assertTimeoutPreemptively(Duration.ofSeconds(20), () -> client.send(
                    ClassicRequestBuilder.post(platform(platform)).setEntity(new byte[64 * 1024 * 1024], null)
                            .addHeader(HeaderFilter.SEND_BEFORE, String.valueOf(client.nanoTime() + SECOND.toNanos())).build()))
                    .orElseThrow();

            assertThat(late.getOutcome()).isEqualTo(Outcome.UNKNOWN);
            assertThat(late).hasMessageContaining("within 500 ms");
        }
    }

    private static String platform(ServerSocket socket) {
        return "http://127.0.0.1:" + socket.getLocalPort() + "/data/foundation/flowservice/connections";
    }
}
