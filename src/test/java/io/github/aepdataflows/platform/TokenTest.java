package io.github.aepdataflows.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.github.aepdataflows.Rig;
import io.github.aepdataflows.resource.Lookup;
import io.github.aepdataflows.simulator.Fault;
import io.github.aepdataflows.simulator.Options;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.apache.camel.Exchange;
import org.apache.hc.client5.http.classic.HttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TokenTest {

    private static final Redaction NO_SECRETS = new Redaction(List.of());

    @TempDir
    Path data;

    @Test
    void should_send_client_id_and_secret_properly_encoded_in_a_form() throws Exception {
        String secret = "a&b=c+d%20e /?#\"ä";
        try (Rig rig = Rig.start(data, Options.defaults().withClientSecret(secret), Map.of())) {
            assertThat(call(rig).getException()).isNull();

            var request = rig.requests("POST", "/ims/token/v3").get(0);
            assertThat(request.header("content-type").orElse("")).startsWith("application/x-www-form-urlencoded");
            assertThat(request.query()).isEmpty();
            assertThat(request.header("authorization")).isEmpty();
        }
    }

    @Test
    void should_ask_for_one_token_under_64_cold_callers() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(64);
        try (Rig rig = Rig.start(data)) {
            rig.simulator().faults().on("POST", "/ims/token/v3", 1, Fault.hang().afterCommit());
            CountDownLatch started = new CountDownLatch(64);
            List<Future<Exchange>> all = IntStream.range(0, 64).mapToObj(n -> threads.submit(() -> {
                started.countDown();
                return call(rig);
            })).toList();
            started.await();
            await().until(() -> rig.simulator().faults().held() == 1);
            rig.simulator().faults().release();
            for (Future<Exchange> each : all) {
                assertThat(each.get().getException()).isNull();
            }

            assertThat(rig.simulator().tokenRequests()).isEqualTo(1);
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void should_get_another_token_and_repeat_the_call_once_when_the_gateway_refuses_the_token() throws Exception {
        try (Rig rig = Rig.start(data)) {
            call(rig);
            rig.simulator().revokeTokens();

            Exchange done = rig.provision(Rig.example("customer-success"));

            assertThat(done.getException()).isNull();
            assertThat(rig.simulator().tokenRequests()).isEqualTo(2);
            assertThat(rig.requests("GET", "/flowSpecs")).as("the first call of the chain").hasSize(2);
            assertThat(rig.resources("flows")).hasSize(1);
        }
    }

    @Test
    void should_share_the_new_token_when_many_calls_had_theirs_refused() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(16);
        try (Rig rig = Rig.start(data)) {
            call(rig);
            rig.simulator().revokeTokens();
            List<Future<Exchange>> all = IntStream.range(0, 16)
                    .mapToObj(n -> threads.submit(() -> rig.provision(Rig.example("customer-success", n)))).toList();
            for (Future<Exchange> each : all) {
                assertThat(each.get().getException()).isNull();
            }

            assertThat(rig.simulator().tokenRequests()).isEqualTo(2);
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void should_come_through_when_tokens_expire_in_the_middle_of_the_chain() throws Exception {
        try (Rig rig = Rig.start(data, Options.defaults().withTokenRequests(3), Map.of())) {
            Exchange done = rig.provision(Rig.example("crm"));

            assertThat(done.getException()).isNull();
            assertThat(rig.resources("flows")).hasSize(1);
            assertThat(rig.resources("sourceConnections")).hasSize(1);
            assertThat(rig.resources("mappingSets")).hasSize(1);
        }
    }

    @Test
    void should_repeat_a_refused_call_even_after_it_was_throttled() throws Exception {
        try (Rig rig = Rig.start(data)) {
            rig.simulator().faults().on("POST", "/sourceConnections", 1, Fault.status(429));
            rig.simulator().faults().on("POST", "/sourceConnections", 2, Fault.status(429));
            rig.simulator().faults().on("POST", "/sourceConnections", 3, Fault.gateway("401013", "Oauth token is not valid"));

            assertThat(rig.provision(Rig.example("customer-success")).getException()).isNull();
            assertThat(rig.requests("POST", "/sourceConnections")).hasSize(4);
        }
    }

    @Test
    void should_give_up_when_fresh_tokens_are_refused_for_longer_than_anything_settles() throws Exception {
        try (Rig rig = Rig.start(data)) {
            rig.simulator().faults().always("POST", "/sourceConnections", Fault.gateway("401013", "Oauth token is not valid"));

            Exchange refused = rig.provision(Rig.example("customer-success"));

            assertThat(refused.getException()).isInstanceOf(PlatformException.class);
            assertThat(rig.requests("POST", "/sourceConnections")).hasSizeBetween(3, 40);   // 10 ms, 20 ms, 20 ms … within 300 ms
            assertThat(rig.simulator().tokenRequests()).isEqualTo(rig.requests("POST", "/sourceConnections").size());
            assertThat(Rig.json(refused.getVariable("aepError", String.class)).path("category").asText()).isEqualTo("unauthorized");
        }
    }

    @Test
    void should_show_nothing_but_a_delay_when_the_gateway_knows_no_token_for_a_moment() throws Exception {
        ExecutorService threads = Executors.newSingleThreadExecutor();
        try (Rig rig = Rig.start(data, Options.defaults(), Map.of("aep.settle-window", "60s"))) {
            rig.simulator().faults().when(request -> request.path().startsWith("/data/"), Fault.gateway("401013", "not valid"));
            Future<Exchange> provisioned = threads.submit(() -> rig.provision(Rig.example("customer-success")));
            await().until(() -> rig.requests("GET", "/flowSpecs").size() >= 6);
            rig.simulator().faults().clear();

            assertThat(provisioned.get().getException()).isNull();
            assertThat(rig.resources("flows")).hasSize(1);
            int refused = rig.requests(request -> request.status() == 401).size();
            assertThat(rig.simulator().tokenRequests()).as("a new one at most for each call that was refused")
                    .isLessThanOrEqualTo(1 + refused);
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void should_not_ask_again_with_credentials_that_were_refused() throws Exception {
        try (Rig rig = Rig.start(data, Options.defaults(), Map.of("aep.client-secret", "wrong"))) {
            Exchange refused = rig.provision(Rig.example("customer-success"));

            assertThat(((PlatformException) refused.getException()).getOutcome()).isEqualTo(Outcome.MISCONFIGURED);
            assertThat(rig.requests("POST", "/ims/token/v3")).hasSize(1);
            var error = Rig.json(refused.getVariable("aepError", String.class));
            assertThat(error.path("message").asText()).contains("invalid_client");
            assertThat(error.path("advice").asText()).contains("aep.client-secret");
            assertThat(rig.requests("POST", "/sourceConnections")).isEmpty();
        }
    }

    @Test
    void should_wait_for_a_token_service_that_is_down_for_a_moment() throws Exception {
        try (Rig rig = Rig.start(data)) {
            rig.simulator().faults().on("POST", "/ims/token/v3", 1, Fault.status(503));
            rig.simulator().faults().on("POST", "/ims/token/v3", 2, Fault.html());
            rig.simulator().faults().on("POST", "/ims/token/v3", 3, Fault.status(429));

            assertThat(rig.provision(Rig.example("customer-success")).getException()).isNull();
            assertThat(rig.resources("flows")).hasSize(1);
        }
    }

    @Test
    void should_renew_ahead_of_expiry_and_serve_the_old_token_meanwhile() throws Exception {
        try (Rig rig = Rig.start(data, Options.defaults().withTokenLifetime(Duration.ofSeconds(1000)), Map.of())) {
            long[] now = {0};
            TokenProvider tokens = new TokenProvider(rig.settings(), NO_SECRETS,
                    HttpClients.custom().disableAutomaticRetries().build(), Clock.systemUTC(), () -> now[0]);
            String first = tokens.get();
            now[0] = Duration.ofSeconds(899).toNanos();
            assertThat(tokens.get()).isEqualTo(first);
            assertThat(rig.simulator().tokenRequests()).isEqualTo(1);

            now[0] = Duration.ofSeconds(901).toNanos();   // a tenth of its life is left
            rig.simulator().faults().on("POST", "/ims/token/v3", 1, Fault.status(503));
            assertThat(tokens.get()).as("the renewal failed, but the old token still serves").isEqualTo(first);
            assertThat(tokens.get()).as("not asked for at each call").isEqualTo(first);
            now[0] += rig.settings().duration("aep.breaker.pause").toNanos();
            assertThat(tokens.get()).as("now it came").isNotEqualTo(first);
            assertThat(rig.simulator().tokenRequests()).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @MethodSource
    void should_leave_a_token_service_alone_for_as_long_as_it_asks_for(Fault fault) throws Exception {
        try (TimedClient client = TimedClient.start(Map.of())) {
            client.simulator().faults().on("POST", "/ims/token/v3", 1, fault.header("Retry-After", "120"));
            PlatformException asked = client.get().orElseThrow();
            assertThat(asked.getOutcome()).isEqualTo(Outcome.NOT_SENT);
            assertThat(asked.retryAfter()).contains(Duration.ofSeconds(120));
            client.pass(Duration.ofSeconds(119));

            PlatformException held = client.get().orElseThrow();
            assertThat(held.getOutcome()).isEqualTo(Outcome.NOT_SENT);
            assertThat(held.retryAfter()).contains(Duration.ofSeconds(1));
            assertThat(client.simulator().requests().count("POST", "/ims/token/v3")).isEqualTo(1);
            client.pass(Duration.ofSeconds(1));
            assertThat(client.get()).isEmpty();
        }
    }

    @Test
    void should_ask_again_at_once_when_a_renewal_failed_and_the_old_token_has_expired_or_was_refused() throws Exception {
        for (boolean refused : new boolean[] {true, false}) {
            try (Rig rig = Rig.start(data, Options.defaults().withTokenLifetime(Duration.ofSeconds(1000)), Map.of())) {
                long[] now = {0};
                TokenProvider tokens = new TokenProvider(rig.settings(), NO_SECRETS, HttpClients.createDefault(),
                    Clock.systemUTC(), () -> now[0]);
                String first = tokens.get();
                now[0] = Duration.ofSeconds(999).plusMillis(950).toNanos();
                rig.simulator().faults().on("POST", "/ims/token/v3", 1, Fault.status(500));
                assertThat(tokens.get()).isEqualTo(first);
                if (refused) {
                    tokens.refused(first);
                } else {
                    now[0] += Duration.ofMillis(50).toNanos();
                }

                assertThat(tokens.get()).isNotEqualTo(first);
            }
        }
    }

    static List<Fault> should_leave_a_token_service_alone_for_as_long_as_it_asks_for() {
        return List.of(Fault.status(429), Fault.status(503), Fault.answer(503, "text/html", "<html>Sorry</html>"),
                Fault.answer(429, "application/json", "{\"error\":\"slow_down\",\"error_description\":\"not so fast\"}"));
    }

    @Test
    void should_count_one_failed_request_once_however_many_callers_waited_for_its_token() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(64);
        try (TimedClient client = TimedClient.start(Map.of())) {
            client.simulator().faults().on("POST", "/ims/token/v3", 1, Fault.hang());   // and then closes the connection
            List<Future<Optional<PlatformException>>> all = IntStream.range(0, 64).mapToObj(n -> threads.submit(client::get)).toList();
            await().until(() -> client.simulator().faults().held() == 1);
            client.simulator().faults().release();
            for (Future<Optional<PlatformException>> each : all) {
                each.get();
            }

            assertThat(client.post()).as("the breaker is closed").isEmpty();
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void should_not_make_later_callers_wait_for_one_who_came_to_grief() throws Exception {
        try (Rig rig = Rig.start(data)) {
            HttpClient broken = (HttpClient) Proxy.newProxyInstance(HttpClient.class.getClassLoader(), new Class<?>[] {HttpClient.class},
                    (proxy, method, arguments) -> {
                        throw new StackOverflowError();
                    });
            TokenProvider tokens = new TokenProvider(rig.settings(), NO_SECRETS, broken, Clock.systemUTC(), System::nanoTime);

            for (int caller = 0; caller < 2; caller++) {
                assertTimeoutPreemptively(Duration.ofSeconds(20), () -> assertThatThrownBy(tokens::get)
                        .isInstanceOfSatisfying(PlatformException.class, failure ->
                                assertThat(failure.getOutcome()).isEqualTo(Outcome.NOT_SENT)));
            }
        }
    }

    @Test
    void should_believe_no_lifetime_that_is_beyond_belief() throws Exception {
        try (Rig rig = Rig.start(data)) {
            rig.simulator().faults().on("POST", "/ims/token/v3", 1,
                    Fault.body("{\"access_token\":\"t0ken\",\"token_type\":\"bearer\",\"expires_in\":9223372036854775807}").afterCommit());
            long[] now = {0};
            TokenProvider tokens = new TokenProvider(rig.settings(), NO_SECRETS, HttpClients.createDefault(),
                    Clock.systemUTC(), () -> now[0]);
            assertThat(tokens.get()).isEqualTo("t0ken");
            now[0] = Duration.ofDays(31).toNanos();

            assertThat(tokens.get()).isNotEqualTo("t0ken");
        }
    }

    @Test
    void should_never_follow_a_redirect() throws Exception {
        try (Rig rig = Rig.start(data); Rig other = Rig.start(data.resolve("other"))) {
            for (int status : new int[] {301, 302, 307, 308}) {
                rig.simulator().faults().clear();
                rig.simulator().faults().always("GET", "/flows", Fault.redirect(status, other.simulator().url() + "/elsewhere"));
                assertThat(((PlatformException) call(rig).getException()).getStatus()).isEqualTo(status);
                rig.simulator().faults().always("POST", "/ims/token/v3", Fault.redirect(status, other.simulator().url() + "/token"));
                rig.simulator().revokeTokens();
                call(rig);
                assertThat(call(rig).getException()).isInstanceOf(PlatformException.class);
            }

            assertThat(other.simulator().requests().all()).isEmpty();
        }
    }

    @Test
    void should_never_call_another_host_than_the_configured_one() throws Exception {
        try (Rig rig = Rig.start(data); Rig other = Rig.start(data.resolve("other"))) {
            Exchange refused = rig.main().getCamelContext().createProducerTemplate().request(
                    "aep-http:" + other.simulator().url() + "/data/foundation/flowservice/flows?httpMethod=GET", exchange -> { });

            assertThat(((PlatformException) refused.getException()).getOutcome()).isEqualTo(Outcome.NOT_SENT);
            assertThat(refused.getException()).hasMessageContaining("is not the configured aep.url");
            assertThat(other.simulator().requests().all()).isEmpty();
            assertThat(rig.simulator().tokenRequests()).as("not even a token was asked for").isZero();
        }
    }

    /** The simplest call there is. */
    private static Exchange call(Rig rig) {
        return rig.main().getCamelContext().createProducerTemplate().request("direct:aep-read",
                exchange -> exchange.setVariable("aepLookup", Lookup.page("flowservice/flows", "", Lookup.JSON)));
    }
}
