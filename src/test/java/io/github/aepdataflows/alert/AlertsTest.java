package io.github.aepdataflows.alert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpServer;
import io.github.aepdataflows.LogLines;
import io.github.aepdataflows.Rig;
import io.github.aepdataflows.ledger.Ledger;
import io.github.aepdataflows.ledger.Observation;
import io.github.aepdataflows.settings.Settings;
import io.github.aepdataflows.simulator.Options;
import io.github.aepdataflows.simulator.Simulator;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AlertsTest {

    private static final int SUBJECTS = 50;

    @TempDir
    Path folder;

    private final AtomicLong nanos = new AtomicLong();

    @Test
    void should_post_what_an_audit_finds_once_it_can_be_posted_and_that_it_is_over() throws Exception {
        List<JsonNode> posted = new CopyOnWriteArrayList<>();
        AtomicInteger calls = new AtomicInteger();
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/hook", exchange -> {
            JsonNode body = Rig.JSON.readTree(exchange.getRequestBody());
            boolean refused = calls.incrementAndGet() == 1;
            if (!refused) {
                assertThat(exchange.getRequestHeaders().getFirst("Idempotency-Key")).isEqualTo(body.path("id").asText());
                posted.add(body);
            }
            exchange.sendResponseHeaders(refused ? 503 : 204, -1);
            exchange.close();
        });
        server.start();
        Path program = Files.writeString(folder.resolve("tell.sh"), "#!/bin/sh\n{ cat; echo; env; } >> " + folder.resolve("told") + "\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
        String url = "http://127.0.0.1:%d/hook?key=k3y".formatted(server.getAddress().getPort());
        try (Simulator simulator = Simulator.start(Options.defaults()); LogLines log = LogLines.of("aep.alerts");
             Rig rig = Rig.against(simulator, folder.resolve("data"), Map.of("aep.alerts.webhook.url", url, "aep.alerts.delay", "100",
                     "aep.alerts.command", program.toString(), "aep.clock", "#bean:simulatorClock", "aep.audit.lookback", "1d"))) {
            simulator.seedDemo(Rig.SANDBOX);
            rig.audit();
            rig.audit();

            await().atMost(Duration.ofSeconds(60)).until(() -> posted.size() >= 3);
            assertThat(posted).extracting(body -> body.path("outcome").asText()).containsExactlyInAnyOrder("failed", "late", "partial");
            assertThat(posted).allSatisfy(body -> assertThat(body.path("action").asText()).isEqualTo("trigger"));
            assertThat(posted.get(0).path("text").asText()).contains("(sandbox " + Rig.SANDBOX + "): ");
            assertThat(calls).hasValue(4);
            assertThat(log.contain("the webhook could not be told")).isTrue();
            assertThat(log.toString()).contains("status 503").doesNotContain("k3y", "127.0.0.1");
            await().atMost(Duration.ofSeconds(60)).until(() -> Files.exists(folder.resolve("told"))
                    && Files.readString(folder.resolve("told")).split("\"action\"").length == 4);
            assertThat(Files.readString(folder.resolve("told"))).doesNotContain("AEP_");

            JsonNode failed = posted.stream().filter(body -> body.path("outcome").asText().equals("failed")).findFirst().orElseThrow();
            Ledger ledger = rig.ledger();
            ledger.observe(List.of(new Observation(failed.path("subject").asText(), "healthy", false, "x", "f", "its last run \"ran\"")),
                    Set.of());
            await().atMost(Duration.ofSeconds(60)).until(() -> posted.size() == 4);
            assertThat(posted.get(3).path("action").asText()).isEqualTo("resolve");
            assertThat(posted.get(3).path("reason").asText()).isEqualTo("its last run \"ran\"");
            await().atMost(Duration.ofSeconds(60)).until(() -> ledger.untold("webhook", 1).isEmpty());
            assertThat(ledger.events(Optional.of("x"), Long.MAX_VALUE, 9)).extracting(event -> event.type() + " " + event.outcome())
                    .containsExactly("alert recovered", "audit healthy");
        } finally {
            server.stop(0);
        }
    }

    /** A program that is killed: before it has told, or after. */
    @Test
    void should_not_wait_for_what_a_webhook_says_beside_its_status() throws Exception {
        Ledger ledger = open();
        AtomicInteger calls = new AtomicInteger();
        try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
                Simulator simulator = Simulator.start(Options.defaults());
                Rig rig = Rig.against(simulator, folder.resolve("data"), Map.of("aep.alerts.enabled", "false", "aep.alerts.webhook.url",
                        "http://127.0.0.1:%d/hook".formatted(server.getLocalPort())))) {
            List<Socket> open = new CopyOnWriteArrayList<>();   // no answer ever ends
            Thread answers = new Thread(() -> {
                try {
                    while (true) {
                        Socket socket = server.accept();
                        open.add(socket);
                        calls.incrementAndGet();
                        socket.getOutputStream().write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"
                                .getBytes(StandardCharsets.US_ASCII));
                    }
                } catch (IOException e) {
                    // the end
                }
            });
            answers.setDaemon(true);
            answers.start();
            Alerts alerts = alerts(ledger, Webhook.of(rig.main().getCamelContext().getRegistry()
                    .lookupByNameAndType("aepSettings", Settings.class)).orElseThrow());
            fail(ledger, 0, 2);

            assertTimeoutPreemptively(Duration.ofSeconds(60), () -> tell(alerts, 1));

            assertThat(calls).hasValue(2);
            for (Socket socket : open) {
                socket.close();
            }
        }
        assertThat(ledger.untold("webhook", 1)).isEmpty();
        ledger.close();
    }

    @Test
    void should_believe_a_command_that_is_well_without_reading_what_it_is_told() throws Exception {
        Path program = Files.writeString(folder.resolve("tell.sh"), "#!/bin/sh\nexec echo told > %s\n".formatted(folder.resolve("told")));
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwx------"));
        try (Simulator simulator = Simulator.start(Options.defaults());
                Rig rig = Rig.against(simulator, folder.resolve("data"), Map.of("aep.alerts.enabled", "false", "aep.alerts.command",
                        program.toString()))) {
            Sink command = AlertCommand.of(rig.main().getCamelContext().getRegistry()
                    .lookupByNameAndType("aepSettings", Settings.class)).orElseThrow();

            command.tell(1, Map.of("text", "more than a pipe holds ".repeat(10_000)));   // so that it has ended before all is written

            assertThat(folder.resolve("told")).hasContent("told");
        }
    }

    private static final class Kill extends Error {

        private static final long serialVersionUID = 1L;
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void should_lose_none_of_many_alerts_and_repeat_only_those_that_it_was_killed_at(long seed) throws Exception {
        Random random = new Random(seed);
        Map<Long, String> told = new TreeMap<>();
        int[] kills = {0, 0};
        Sink sink = new Sink() {
            @Override
            public String name() {
                return "webhook";
            }

            @Override
            public void tell(long id, Map<String, String> values) throws IOException {
                if (random.nextInt(40) == 0) {
                    throw new Kill();
                }
                String words = values.get("subject") + " " + values.get("outcome");
                String before = told.put(id, words);
                kills[1] += before == null ? 0 : 1;
                assertThat(before).as("what is told again is the same").isIn(null, words);
                if (random.nextInt(40) == 0) {
                    kills[0]++;
                    throw new Kill();
                }
            }
        };
        Map<String, Boolean> alarming = new HashMap<>();
        List<String> expected = new ArrayList<>();
        Ledger ledger = open();
        Alerts alerts = alerts(ledger, sink);
        for (int round = 0; expected.size() < 500; round++) {
            List<Observation> seen = new ArrayList<>();
            for (int i = 0; i < SUBJECTS; i++) {
                boolean now = random.nextBoolean();
                String subject = "flow/" + i;
                if (alarming.put(subject, now) != Boolean.valueOf(now) && (now || round > 0)) {
                    expected.add(subject + (now ? " failed" : " recovered"));
                }
                seen.add(new Observation(subject, now ? "failed" : "healthy", now, "", "", "r"));
            }
            ledger.observe(seen, Set.of("flow/"));
            for (boolean all = false; !all; ) {
                try {
                    alerts.tell();
                    all = ledger.untold("webhook", 1).isEmpty();
                } catch (Kill e) {
                    ledger.close();
                    ledger = open();
                    alerts = alerts(ledger, sink);
                }
            }
        }
        ledger.close();
        assertThat(told.values()).containsExactlyInAnyOrderElementsOf(expected);
        assertThat(kills[1]).as("told again").isEqualTo(kills[0]).isPositive();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void should_tell_that_the_ledger_fails_though_it_is_killed_again_and_again(long seed) throws Exception {
        Random random = new Random(seed);
        Map<Long, String> told = new TreeMap<>();
        Sink sink = new Sink() {
            @Override
            public String name() {
                return "webhook";
            }

            @Override
            public void tell(long id, Map<String, String> values) throws IOException {
                if (random.nextInt(4) == 0) {
                    throw new Kill();
                }
                assertThat(told.put(id, values.get("outcome"))).as("what is told again is the same").isIn(null, values.get("outcome"));
                if (random.nextInt(4) == 0) {
                    throw new Kill();
                }
            }
        };
        Ledger ledger = new Ledger("jdbc:sqlite:" + folder.resolve("none.db"), "", "", "org", "dev", Duration.ofMinutes(1));
        Alerts alerts = alerts(ledger, sink);
        List<String> expected = new ArrayList<>();
        boolean down = false;
        for (int round = 0; round < 300; round++) {
            boolean now = random.nextInt(3) == 0 ? !down : down;
            if (now != down) {
                expected.add(now ? "ledger-unusable" : "recovered");
                down = now;
            }
            try {
                alerts.ledgerIs(now ? Optional.of("the disk is full") : Optional.empty());
                alerts.tell();
            } catch (Kill e) {
                alerts = alerts(ledger, sink);
            }
        }
        for (boolean all = false; !all; ) {
            try {
                alerts.tell();
                all = true;
            } catch (Kill e) {
                alerts = alerts(ledger, sink);
            }
        }
        assertThat(expected).hasSizeGreaterThan(50);
        assertThat(told.values()).containsExactlyElementsOf(expected);
        assertThat(Files.exists(folder.resolve("kept/ledger-alerts.json"))).isEqualTo(down);
    }

    private Ledger open() throws Exception {
        Ledger ledger = new Ledger("jdbc:sqlite:" + folder.resolve("ledger.db"), "", "", "org", "dev", Duration.ofMinutes(1));
        ledger.open();
        return ledger;
    }

    /** Takes what {@code taken} says, at once. */
    private record Choosy(String name, List<String> told, Predicate<String> taken, boolean refuses) implements Sink {

        @Override
        public void tell(long id, Map<String, String> values) throws IOException {
            if (!taken.test(values.get("subject"))) {
                throw refuses ? new RefusedException("status 400") : new IOException("no");
            }
            told.add(values.get("subject"));
        }
    }

    /** Tells so often, with an hour between. */
    private void tell(Alerts alerts, int times) throws Exception {
        for (int i = 0; i < times; i++) {
            nanos.addAndGet(Duration.ofHours(1).toNanos());
            alerts.tell();
        }
    }

    private Alerts alerts(Ledger ledger, Sink... sinks) {
        return new Alerts(ledger, "dev", List.of(sinks), nanos::get, folder.resolve("kept/ledger-alerts.json"), true);
    }

    private static void fail(Ledger ledger, int from, int to) throws Exception {
        ledger.observe(IntStream.range(from, to).mapToObj(i -> new Observation("flow/" + i, "failed", true, "", "", "r")).toList(),
                Set.of());
    }

    @Test
    void should_tell_one_though_another_is_dead_which_is_not_waited_for_once_it_is_gone_from_the_settings() throws Exception {
        Choosy dead = new Choosy("webhook", new ArrayList<>(), subject -> false, true);
        Choosy alive = new Choosy("command", new ArrayList<>(), subject -> true, false);
        Ledger ledger = open();
        Alerts alerts = alerts(ledger, dead, alive);
        fail(ledger, 0, 150);
        tell(alerts, 3);
        assertThat(alive.told).hasSize(150).doesNotHaveDuplicates();
        assertThat(ledger.untold("webhook", 1000)).as("none is given up").hasSize(150);

        tell(alerts(ledger, alive), 1);

        assertThat(ledger.untold("webhook", 1)).isEmpty();
        ledger.close();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void should_give_up_one_that_somebody_does_not_take_who_takes_others(boolean refuses) throws Exception {
        Choosy sink = new Choosy("webhook", new ArrayList<>(), subject -> !subject.equals("flow/0"), refuses);
        Ledger ledger = open();
        Alerts alerts = alerts(ledger, sink);
        try (LogLines log = LogLines.of("aep.alerts")) {
            fail(ledger, 0, 10);
            tell(alerts, 2);
            fail(ledger, 10, 11);
            tell(alerts, 1);

            assertThat(sink.told).hasSize(10).doesNotHaveDuplicates();
            assertThat(ledger.untold("webhook", 1)).isEmpty();
            assertThat(log.toString().split("is not told any more", -1)).hasSize(2);
        }
        ledger.close();
    }

    @Test
    void should_tell_of_what_an_event_has_no_room_for() throws Exception {
        Ledger ledger = open();
        Choosy sink = new Choosy("webhook", new ArrayList<>(), subject -> true, false);
        Alerts alerts = alerts(ledger, sink);
        ledger.observe(List.of(new Observation("flow/a", "failed", true, "", "", "\u20ac\"".repeat(9_000)),
                new Observation("flow/b", "failed", true, "", "", "\uD83D\uDE00".repeat(9_000))), Set.of());
        tell(alerts, 1);

        assertThat(sink.told).containsExactly("flow/a", "flow/b");
        ledger.close();
    }

    @Test
    void should_have_templates_that_are_json_whatever_an_alert_says() throws Exception {
        Map<String, String> values = new HashMap<>();
        for (String name : List.of("id", "at", "sandbox", "action", "outcome", "state", "before", "subject", "dataflow", "flow", "reason",
                "text")) {
            values.put(name, "\"{{id}}\\ $1 \n" + name);
        }
        for (String file : List.of("", "config/alerts/slack.json", "config/alerts/teams.json", "config/alerts/pagerduty.json")) {
            assertThat(Rig.JSON.readTree(Template.in(file).with(values)).toString()).contains("{{id}}");
        }
        assertThatThrownBy(() -> new Template("{{nothing}}").with(values)).hasMessageContaining("there is no {{nothing}}");
    }
}
