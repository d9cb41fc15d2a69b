package io.github.aepdataflows.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.aepdataflows.simulator.Fault;
import io.github.aepdataflows.simulator.Request;
import java.io.EOFException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a 429 to one caller means to all of them, seen from the Platform's side. */
class ThrottleTest {

    private static final Predicate<Request> ANY = request -> request.path().startsWith("/data/");

    /** TimedClient's wall clock says 12:00:00; a time of our own is blurred by up to a half. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "30 | PT30S | PT30S", "Sun, 01 Mar 2026 12:01:00 GMT | PT60S | PT60S", "315360000 | PT15M | PT15M",
        "Sat, 01 Mar 2036 12:00:00 GMT | PT15M | PT15M", "-30 | PT1S | PT1.5S", "Sun, 01 Mar 2026 11:00:00 GMT | PT1S | PT1.5S",
        "soon | PT1S | PT1.5S", "'' | PT1S | PT1.5S", "1e3 | PT1S | PT1.5S", "99999999999999999999999 | PT1S | PT1.5S"})
    void should_send_nothing_before_the_time_that_the_gateway_asked_for(String retryAfter, Duration earliest, Duration latest)
            throws Exception {
        try (TimedClient client = TimedClient.start(Map.of())) {
            client.simulator().faults().when(ANY, 1, Fault.status(429).header("Retry-After", retryAfter));
            Duration told = client.get().orElseThrow().retryAfter().orElseThrow();
            assertThat(told).isBetween(earliest, latest.plusSeconds(1));
            assertThat(client.requests()).hasSize(1);

            client.pass(earliest.minusMillis(1));
            assertThat(fromManyThreads(client)).hasSize(160).allSatisfy(result -> {
                assertThat(result.orElseThrow().getOutcome()).isEqualTo(Outcome.THROTTLED);
                assertThat(result.orElseThrow().retryAfter().orElseThrow()).isLessThan(Duration.ofMillis(1501));
            });
            assertThat(client.requests()).as("nothing reached the Platform").hasSize(1);

            client.pass(latest.minus(earliest).plusMillis(1));
            assertThat(fromManyThreads(client)).hasSize(160).allMatch(Optional::isEmpty);
            assertThat(client.requests()).hasSize(161);
        }
    }

    @Test
    void should_send_at_most_half_as_much_again_when_one_call_in_three_is_throttled() throws Exception {
        long seed = Long.getLong("seed", 42);
        Random random = new Random(seed);
        try (TimedClient client = TimedClient.start(Map.of())) {
            client.simulator().faults().when(request -> ANY.test(request) && random.nextInt(100) < 30, Fault.status(429));
            for (int call = 0; call < 200; call++) {
                Optional<PlatformException> failure = client.get();
                while (failure.isPresent()) {
                    assertThat(failure.get().getOutcome()).isEqualTo(Outcome.THROTTLED);
                    client.pass(failure.get().retryAfter().orElseThrow());
                    failure = client.get();
                }
            }

            assertThat(client.requests()).as("seed %d", seed).hasSizeBetween(201, 300);
        }
    }

    /** The one connection is in use: the second caller waits for it, has its turn and its token, but has not sent. */
    @Test
    void should_hold_back_a_call_that_was_about_to_be_sent_when_another_was_throttled() throws Exception {
        CountDownLatch answer = new CountDownLatch(1);
        List<Socket> accepted = new ArrayList<>();
        try (ServerSocket platform = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                TimedClient client = TimedClient.start(Map.of("aep.max-connections", "1",
                        "aep.url", "http://127.0.0.1:" + platform.getLocalPort()))) {
            CountDownLatch arrived = new CountDownLatch(1);
            start(() -> {
                Socket socket = platform.accept();
                accepted.add(socket);
                skipRequest(socket.getInputStream());
                arrived.countDown();
                answer.await();
                socket.getOutputStream().write("HTTP/1.1 429 Too Many Requests\r\nRetry-After: 60\r\nContent-Length: 0\r\n\r\n"
                        .getBytes(StandardCharsets.US_ASCII));
                return socket.getInputStream().read();   // the connection stays open: a second request would be read here
            });
            FutureTask<Optional<PlatformException>> first = new FutureTask<>(client::get);
            new Thread(first).start();
            arrived.await();
            FutureTask<Optional<PlatformException>> second = new FutureTask<>(client::get);
            Thread waiting = new Thread(second);
            waiting.start();
            await().until(() -> waiting.getState() == Thread.State.TIMED_WAITING);
            answer.countDown();

            assertThat(first.get().orElseThrow().getStatus()).isEqualTo(429);
            PlatformException held = second.get().orElseThrow();
            assertThat(held.getStatus()).isZero();
            assertThat(held.getOutcome()).isEqualTo(Outcome.THROTTLED);
            assertThat(held.retryAfter().orElseThrow()).isGreaterThanOrEqualTo(Duration.ofSeconds(60));
        } finally {
            for (Socket socket : accepted) {
                socket.close();
            }
        }
    }

    private static List<Optional<PlatformException>> fromManyThreads(TimedClient client) throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try {
            List<Future<Optional<PlatformException>>> all = new ArrayList<>();
            for (int call = 0; call < 160; call++) {
                all.add(threads.submit(call % 2 == 0 ? client::get : client::post));
            }
            List<Optional<PlatformException>> results = new ArrayList<>();
            for (Future<Optional<PlatformException>> each : all) {
                results.add(each.get(30, TimeUnit.SECONDS));
            }
            return results;
        } finally {
            threads.shutdownNow();
        }
    }

    private static FutureTask<Integer> start(Callable<Integer> server) {
        FutureTask<Integer> task = new FutureTask<>(server);
        Thread thread = new Thread(task);
        thread.setDaemon(true);
        thread.start();
        return task;
    }

    private static void skipRequest(InputStream in) throws Exception {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                throw new EOFException("no request");
            }
            head.append((char) next);
        }
    }
}
