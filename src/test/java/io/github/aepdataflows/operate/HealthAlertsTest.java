package io.github.aepdataflows.operate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import io.github.aepdataflows.Rig;
import io.github.aepdataflows.ledger.Event;
import io.github.aepdataflows.simulator.Fault;
import io.github.aepdataflows.simulator.Options;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Somebody is told once when the program itself cannot do its work, and once when it can again. */
class HealthAlertsTest {

    @TempDir
    Path data;

    private final List<JsonNode> posted = new CopyOnWriteArrayList<>();
    private HttpServer server;
    private Map<String, String> settings;

    @BeforeEach
    void listen() throws Exception {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/hook", exchange -> {
            posted.add(Rig.JSON.readTree(exchange.getRequestBody()));
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        server.start();
        settings = Map.of("aep.alerts.webhook.url", "http://127.0.0.1:%d/hook".formatted(server.getAddress().getPort()),
                "aep.alerts.delay", "50", "aep.alerts.health.after", "0", "aep.ops.inbox-age", "1ms", "aep.inbox.settle", "1h",
                "aep.breaker.pause", "100");
    }

    @AfterEach
    void close() {
        server.stop(0);
    }

    private static ConditionFactory soon() {
        return await().atMost(Duration.ofMinutes(1));
    }

    /** The outcomes that were told of a check, in their order. */
    private List<String> told(String check) {
        return posted.stream().filter(alert -> alert.path("subject").asText().equals("check/" + check))
                .map(alert -> alert.path("outcome").asText()).toList();
    }

    @Test
    void should_tell_of_credentials_the_inbox_the_breaker_and_the_ledger_once_and_when_it_is_over() throws Exception {
        try (Rig rig = Rig.start(data, Options.defaults(), settings)) {
            rig.apply(Rig.example("crm"));

            rig.simulator().faults().when(request -> request.path().startsWith("/data/"),
                    Fault.gateway("401013", "Oauth token is not valid"));
            rig.provision(Rig.example("customer-success"));
            soon().until(() -> told("aep-platform").equals(List.of("credentials-refused")));
            JsonNode alert = posted.get(0);
            assertThat(alert.path("text").asText()).startsWith("credentials-refused: aep-dataflows, aep-platform (sandbox dev): ")
                    .contains("refuses every token");
            assertThat(alert.path("action").asText()).isEqualTo("trigger");
            rig.simulator().faults().clear();
            rig.apply(Rig.example("customer-success"));
            soon().until(() -> told("aep-platform").equals(List.of("credentials-refused", "recovered")));
            assertThat(posted.get(1).path("action").asText()).isEqualTo("resolve");

            rig.drop("late.yaml", Rig.example("marketing-automation"));
            soon().until(() -> told("aep-inbox-age").equals(List.of("inbox-stuck")));
            Files.delete(data.resolve("inbox/late.yaml"));
            soon().until(() -> told("aep-inbox-age").equals(List.of("inbox-stuck", "recovered")));

            rig.simulator().outage(true);
            for (int n = 0; n < 3; n++) {
                rig.provision(Rig.example("marketing-automation"));
            }
            soon().until(() -> told("aep-platform").contains("breaker-open"));
            rig.simulator().outage(false);
            rig.apply(Rig.example("marketing-automation"));
            soon().until(() -> told("aep-platform").lastIndexOf("recovered") > told("aep-platform").indexOf("breaker-open"));

            rig.ledger().close();
            soon().until(() -> told("aep-ledger").equals(List.of("ledger-unusable")));
            assertThat(data.resolve("ledger-alerts.json")).isRegularFile();
            rig.ledger().open();
            soon().until(() -> told("aep-ledger").equals(List.of("ledger-unusable", "recovered")));
            soon().until(() -> !Files.exists(data.resolve("ledger-alerts.json")));

            assertThat(rig.ledger().events(Optional.empty(), Long.MAX_VALUE, 100)).filteredOn(event -> event.type().equals(Event.HEALTH))
                    .extracting(Event::outcome).contains("credentials-refused", "inbox-stuck", "breaker-open", "up", "recovered");
            assertThat(posted).extracting(one -> one.path("id").asText()).doesNotHaveDuplicates();
        }
    }

    @Test
    void should_tell_after_a_restart_what_ended_meanwhile_and_nothing_twice() throws Exception {
        try (Rig rig = Rig.start(data, Options.defaults(), settings)) {
            rig.drop("late.yaml", Rig.example("crm"));
            soon().until(() -> told("aep-inbox-age").equals(List.of("inbox-stuck")));
        }
        try (Rig rig = Rig.start(data, Options.defaults(), settings)) {
            soon().until(() -> rig.ledger().untold("webhook", 1).isEmpty());
            Files.delete(data.resolve("inbox/late.yaml"));
            soon().until(() -> told("aep-inbox-age").size() > 1);
        }
        assertThat(told("aep-inbox-age")).containsExactly("inbox-stuck", "recovered");
    }
}
