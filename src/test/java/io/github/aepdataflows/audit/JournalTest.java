package io.github.aepdataflows.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import io.github.aepdataflows.LogLines;
import io.github.aepdataflows.Rig;
import io.github.aepdataflows.ledger.Event;
import io.github.aepdataflows.platform.PlatformClient;
import io.github.aepdataflows.settings.Settings;
import io.github.aepdataflows.simulator.Fault;
import io.github.aepdataflows.simulator.Options;
import io.github.aepdataflows.simulator.Request;
import io.github.aepdataflows.simulator.RunKind;
import io.github.aepdataflows.simulator.Simulator;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.camel.spi.Registry;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Events of runs wake the audit of their flow, from the journal of the simulator, and from one that means harm. */
class JournalTest {

    private static final String CRM = "Dataflow between a CRM system and Platform";

    @TempDir
    Path data;

    private static Map<String, String> settings(String url) {
        return new HashMap<>(Map.of("aep.journal.enabled", "true", "aep.journal.url", url, "aep.journal.delay", "50",
                "aep.redelivery.retry-after-cap", "100", "aep.clock", "#bean:simulatorClock", "aep.audit.lookback", "1d",
                "aep.audit.cron", "0 0 0 1 1 ?"));
    }

    private static ConditionFactory soon() {
        return await().atMost(Duration.ofMinutes(1));
    }

    /** The states that were noted of the flow, oldest first; alerts with an exclamation mark. */
    private static List<String> states(Rig rig) throws Exception {
        List<String> states = new CopyOnWriteArrayList<>();
        for (Event event : rig.ledger().events(Optional.of(CRM), Long.MAX_VALUE, 100)) {
            if (List.of(Event.AUDIT, Event.ALERT).contains(event.type())) {
                states.add(0, event.outcome() + (event.type().equals(Event.ALERT) ? "!" : ""));
            }
        }
        return states;
    }

    private static void run(Simulator simulator, RunKind kind) {
        simulator.runs().script(CRM, kind);
        simulator.clock().advance(Duration.ofMinutes(45));
    }

    @Test
    void should_look_at_a_flow_once_its_run_has_ended_and_go_on_where_it_was_after_a_restart() throws Exception {
        try (Simulator simulator = Simulator.start(Options.defaults())) {
            String url = simulator.journalUrl().toString();
            try (Rig rig = Rig.against(simulator, data, settings(url))) {
                rig.ledger().tells(List.of("webhook"));
                rig.apply(Rig.example("crm"));
                soon().until(() -> rig.ledger().position(url).isPresent());

                run(simulator, RunKind.COPY_FAILED);
                soon().untilAsserted(() -> assertThat(states(rig)).containsExactly("failed", "failed!"));
                assertThat(rig.requests(AuditRig::isList)).as("the other flows are not looked at").isEmpty();
            }
            run(simulator, RunKind.SUCCESS);
            try (Rig rig = Rig.against(simulator, data, settings(url)); LogLines log = LogLines.of("aep.audit")) {
                rig.ledger().tells(List.of("webhook"));
                soon().until(() -> !rig.requests("GET", "/runs").isEmpty());
                assertThat(states(rig)).as("it is as it was").containsExactly("failed", "failed!");
                rig.audit();
                run(simulator, RunKind.SUCCESS);
                soon().untilAsserted(() -> assertThat(states(rig)).containsExactly("failed", "failed!", "healthy", "recovered!"));

                List<Request> asked = rig.requests("GET", "/runs");
                soon().until(() -> {
                    rig.ledger().reached(url, "/events/nothing?since=nonsense");
                    return log.contain("events of runs may have been missed");
                });
                soon().until(() -> rig.ledger().position(url).filter(at -> !at.isEmpty() && !at.contains("nonsense")).isPresent());
                run(simulator, RunKind.COPY_FAILED);
                soon().until(() -> rig.requests("GET", "/runs").size() > asked.size());
                soon().until(() -> rig.ledger().position(url).orElse("").contains("since=penguin"));
            }
        }
    }

    @Test
    void should_follow_no_link_to_another_host_and_read_the_journal_once_it_behaves() throws Exception {
        List<String> elsewhere = new CopyOnWriteArrayList<>();
        HttpServer other = server();
        other.createContext("/", exchange -> {
            elsewhere.add(exchange.getRequestURI().toString());
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        HttpServer journal = server();
        List<String> answers = new CopyOnWriteArrayList<>();
        String evil = "http://127.0.0.1:" + other.getAddress().getPort() + "/steal";
        journal.createContext("/", exchange -> {
            int number = answers.size();
            answers.add(exchange.getRequestHeaders().getFirst("x-ims-org-id") + " " + exchange.getRequestURI());
            String link = List.of("", "<" + evil + ">; rel=\"next\"", "<//127.0.0.1:9/x>; rel=next", "<http://[>; rel=\"next\"",
                    "</events/2>; rel=\"next\"").get(Math.min(4, number));
            byte[] body = (number == 4 ? "<html>no</html>" : "{\"events\":[{\"event\":{\"flowId\":\"../x\",\"metrics\":{}}}]}")
                    .getBytes(StandardCharsets.UTF_8);
            if (!link.isEmpty()) {
                exchange.getResponseHeaders().set("Link", link);
            }
            exchange.sendResponseHeaders(number == 6 ? 503 : number > 6 ? 204 : 200, number >= 6 ? -1 : body.length);
            if (number < 6) {
                exchange.getResponseBody().write(body);
            }
            exchange.close();
        });
        String url = "http://127.0.0.1:%d/organizations/1/integrations/2/3".formatted(journal.getAddress().getPort());
        try (Simulator simulator = Simulator.start(Options.defaults()); LogLines log = LogLines.of("aep.audit");
                Rig rig = Rig.against(simulator, data, settings(url))) {
            soon().until(() -> rig.ledger().position(url).equals(Optional.of("/events/2")));
            soon().until(() -> log.contain("the journal of events is read again"));
            assertThat(elsewhere).isEmpty();
            assertThat(answers.get(0)).isEqualTo(simulator.options().orgId() + " /organizations/1/integrations/2/3?latest=true");
            assertThat(log.count("the journal of events is read later")).as("said once").isLessThanOrEqualTo(2);
            assertThat(rig.requests("GET", "/runs")).isEmpty();
        } finally {
            journal.stop(0);
            other.stop(0);
        }
    }

    @Test
    void should_read_on_though_the_platform_refuses_a_look_at_one_flow() throws Exception {
        HttpServer journal = server();
        AtomicReference<String> flow = new AtomicReference<>("");
        journal.createContext("/", exchange -> {
            boolean more = exchange.getRequestURI().getPath().startsWith("/organizations") && !flow.get().isEmpty();
            byte[] body = "{\"events\":[{\"event\":{\"flowId\":\"none\",\"metrics\":{}}},{\"event\":{\"flowId\":\"%s\",\"metrics\":{}}}]}"
                    .formatted(flow.get()).getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Link", more ? "</events/1>; rel=\"next\"" : "<%s>; rel=\"next\""
                    .formatted(exchange.getRequestURI().getPath()));
            exchange.sendResponseHeaders(more ? 200 : 204, more ? body.length : -1);
            if (more) {
                exchange.getResponseBody().write(body);
            }
            exchange.close();
        });
        String url = "http://127.0.0.1:%d/organizations/1".formatted(journal.getAddress().getPort());
        try (Simulator simulator = Simulator.start(Options.defaults()); Rig rig = Rig.against(simulator, data, settings(url));
                LogLines log = LogLines.of("aep.audit")) {
            rig.apply(Rig.example("crm"));
            simulator.faults().always("GET", "/flows/none", Fault.answer(400, "application/json", "{\"errorMessage\":\"no such flow\"}"));
            run(simulator, RunKind.COPY_FAILED);
            flow.set(rig.ledger().resources("flow").keySet().iterator().next());

            soon().until(() -> rig.ledger().position(url).equals(Optional.of("/events/1")));
            assertThat(states(rig)).containsExactly("failed");
            assertThat(log.toString()).contains("no such flow");
        } finally {
            journal.stop(0);
        }
    }

    @Test
    void should_keep_what_was_read_before_the_journal_wants_to_be_left_alone_and_leave_it_alone() throws Exception {
        HttpServer journal = server();
        journal.createContext("/", exchange -> {
            boolean first = exchange.getRequestURI().getPath().startsWith("/organizations");
            byte[] body = "{\"events\":[{\"event\":{\"flowId\":\"f1\",\"metrics\":{}}}]}".getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set(first ? "Link" : "Retry-After", first ? "</events/1>; rel=\"next\"" : "30");
            exchange.sendResponseHeaders(first ? 200 : 429, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        Map<String, String> settings = settings("http://127.0.0.1:%d/organizations/1".formatted(journal.getAddress().getPort()));
        settings.putAll(Map.of("aep.journal.enabled", "false", "aep.redelivery.retry-after-cap", "60s"));
        AtomicLong nanos = new AtomicLong();
        try (Simulator simulator = Simulator.start(Options.defaults()); Rig rig = Rig.against(simulator, data, settings)) {
            Registry beans = rig.main().getCamelContext().getRegistry();
            JournalIntake intake = new JournalIntake(beans.lookupByNameAndType("aepSettings", Settings.class),
                    beans.lookupByNameAndType("aepPlatformClient", PlatformClient.class).journal(), rig.ledger(), nanos::get);

            assertThat(intake.flows()).containsExactly("f1");
            intake.keep();
            assertThat(rig.ledger().position(settings.get("aep.journal.url"))).contains("/events/1");
            assertThat(intake.isDue()).isFalse();

            nanos.addAndGet(Duration.ofSeconds(30).toNanos());
            assertThat(intake.isDue()).isTrue();
            assertThatThrownBy(intake::flows).hasMessageContaining("429");
            assertThat(intake.isDue()).isFalse();
        } finally {
            journal.stop(0);
        }
    }

    private static HttpServer server() throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.start();
        return server;
    }
}
