package io.github.aepdataflows;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.aepdataflows.definition.DefinitionException;
import io.github.aepdataflows.files.Inbox;
import io.github.aepdataflows.ledger.Dataflow;
import io.github.aepdataflows.ledger.Event;
import io.github.aepdataflows.ledger.LeaseLostException;
import io.github.aepdataflows.ledger.Ledger;
import io.github.aepdataflows.ledger.LedgerException;
import io.github.aepdataflows.simulator.Fault;
import io.github.aepdataflows.simulator.Options;
import io.github.aepdataflows.simulator.Simulator;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.camel.Exchange;
import org.apache.camel.builder.AdviceWith;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Several applications with one inbox and one ledger in PostgreSQL: no file and no step is done twice. */
class InstancesTest {

    @RegisterExtension
    static final PostgresServer POSTGRES = new PostgresServer();

    @TempDir
    Path data;

    @BeforeEach
    void emptyDatabase() throws Exception {
        POSTGRES.empty();
    }

    @Test
    void should_work_off_each_file_once() throws Exception {
        int files = 40;
        try (Simulator simulator = Simulator.start(Options.defaults());
                Rig one = instance(simulator); Rig two = instance(simulator)) {
            for (int n = 0; n < files; n++) {
                one.drop("f%02d.yaml".formatted(n), definition(n));
            }
            await().atMost(120, SECONDS).until(() -> one.names("inbox").isEmpty());
            await().atMost(10, SECONDS).until(() -> one.names("done").size() == 2 * files);

            assertThat(one.names("failed")).isEmpty();
            assertThat(simulator.store().resources(Rig.SANDBOX, "flows")).hasSize(files);
            assertThat(simulator.store().resources(Rig.SANDBOX, "sourceConnections")).hasSize(files);
            assertThat(simulator.store().resources(Rig.SANDBOX, "targetConnections")).hasSize(files);
            assertThat(simulator.store().resources(Rig.SANDBOX, "mappingSets")).hasSize(files);
            assertThat(simulator.store().resources(Rig.SANDBOX, "connections").stream()
                    .filter(connection -> connection.path("name").asText().equals("Dataset base connection"))).hasSize(1);
            assertThat(ledger(one).unresolved()).isEmpty();
            assertThat(ledger(two).orphanedFiles()).isEmpty();
        }
    }

    @Test
    void should_make_one_base_connection_when_all_describe_the_same_at_once(@TempDir Path secrets) throws Exception {
        Files.writeString(secrets.resolve("crm"), Rig.MARKER);
        Map<String, String> settings = Map.of("aep.secrets-dir", secrets.toString(), "aep.inbox.enabled", "false",
                "aep.redelivery.max", "500");
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try (Simulator simulator = Simulator.start(Options.defaults());
                Rig one = instance(simulator, settings);
                Rig two = instance(simulator, settings)) {
            simulator.faults().on("POST", "/flowservice/connections", 1, Fault.reset().afterCommit());
            List<Future<Exchange>> all = IntStream.range(0, 8)
                    .mapToObj(n -> threads.submit(() -> (n % 2 == 0 ? one : two).provision(describing(n)))).toList();
            for (Future<Exchange> each : all) {
                assertThat(each.get().getException()).isNull();
            }

            List<ObjectNode> made = simulator.store().resources(Rig.SANDBOX, "connections").stream()
                    .filter(connection -> connection.path("name").asText().equals("CRM")).toList();
            assertThat(made).hasSize(1);
            assertThat(simulator.store().resources(Rig.SANDBOX, "sourceConnections")).hasSize(8)
                    .allSatisfy(source -> assertThat(source.path("baseConnectionId")).isEqualTo(made.get(0).path("id")));
            assertThat(ledger(one).unresolved()).isEmpty();
        } finally {
            threads.shutdown();
        }
    }

    private static String describing(int n) throws Exception {
        return definition(n).replaceFirst("(?m)^  baseConnectionId: .*$", """
                  baseConnection: { name: CRM, auth: { specName: Basic Authentication, params: { environmentUrl: "https://x",
                    username: me, password: { secret: crm }, securityToken: { secret: crm } } } }""".indent(2).stripTrailing());
    }

    @Test
    void should_make_one_dataflow_when_all_provision_the_same_at_once() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(8);
        try (Simulator simulator = Simulator.start(Options.defaults());
                Rig one = instance(simulator, Map.of("aep.redelivery.max", "500"));
                Rig two = instance(simulator, Map.of("aep.redelivery.max", "500"))) {
            List<Future<Exchange>> all = IntStream.range(0, 8)
                    .mapToObj(n -> threads.submit(() -> (n % 2 == 0 ? one : two).provision(definition(1)))).toList();
            int created = 0;
            for (Future<Exchange> each : all) {
                assertThat(each.get().getException()).isNull();
                created += each.get().getMessage().getBody(String.class).contains("\"outcome\" : \"created\",\n  \"digest\"") ? 1 : 0;
            }
            assertThat(created).isEqualTo(1);
            assertThat(simulator.store().resources(Rig.SANDBOX, "flows")).hasSize(1);
        } finally {
            threads.shutdown();
        }
    }

    @Test
    void should_go_on_with_the_dataflow_of_an_instance_that_is_silent_for_longer_than_its_lease() throws Exception {
        try (Simulator simulator = Simulator.start(Options.defaults())) {
            // an instance takes the dataflow, and then is never heard of again
            try (Ledger silent = ledgerOf(simulator, Duration.ofSeconds(3));
                    Rig one = instance(simulator, Map.of("aep.redelivery.max", "500"))) {
                silent.open();
                silent.take("Dataflow 7", "0".repeat(64), Map.of(), "f.yaml");

                assertThat(one.provision(definition(7)).getException()).isNull();

                assertThat(simulator.store().resources(Rig.SANDBOX, "flows")).hasSize(1);
            }
        }
    }

    @Test
    void should_work_on_a_file_that_a_dead_instance_has_claimed_and_leave_that_of_a_live_one_alone() throws Exception {
        try (Simulator simulator = Simulator.start(Options.defaults()); Ledger dead = ledgerOf(simulator, Duration.ofSeconds(3));
                Ledger live = ledgerOf(simulator, Duration.ofMinutes(5))) {
            dead.open();
            live.open();
            dead.claim("dead.yaml");
            live.claim("live.yaml");
            for (String name : List.of("dead", "live")) {
                Path work = Files.createDirectories(data.resolve("work").resolve(name).resolve("inbox"));
                Files.writeString(work.resolve(name + ".yaml"), definition(name.length()));
            }
            try (Rig rig = instance(simulator)) {
                await().atMost(30, SECONDS).until(() -> rig.names("done").contains("dead.yaml"));

                assertThat(data.resolve("work/live/inbox/live.yaml")).exists();
                assertThat(data.resolve("work/dead")).doesNotExist();
                assertThat(rig.names("done")).doesNotContain("live.yaml");
            }
        }
    }

    /** What was in work when an instance died comes first, alone; but not where another one was faster. */
    @Test
    void should_not_wait_for_a_file_that_another_instance_has_taken_over() throws Exception {
        Path left = Files.createDirectories(data.resolve("work/dead/inbox"));
        Files.writeString(left.resolve("dead.yaml"), definition(1));
        try (Simulator simulator = Simulator.start(Options.defaults()); Ledger dead = ledgerOf(simulator, Duration.ZERO);
                Ledger live = ledgerOf(simulator, Duration.ofMinutes(5));
                Rig rig = instance(simulator, Map.of("aep.inbox.enabled", "false"))) {
            dead.open();
            live.open();
            dead.claim("dead.yaml");
            Inbox inbox = rig.main().getCamelContext().getRegistry().lookupByNameAndType("aepInbox", Inbox.class);
            rig.drop("other.yaml", definition(2));
            assertThat(inbox.accepts("other.yaml")).isFalse();

            assertThat(live.claim("dead.yaml")).isPresent();
            assertThat(inbox.claim("dead.yaml", inbox.begin("dead.yaml"))).isNull();
            inbox.release("dead.yaml", null);

            await().atMost(10, SECONDS).until(() -> inbox.accepts("other.yaml"));
        }
    }

    /** For longer than a lease lasts, which is 1.5 s here. */
    @Test
    void should_leave_a_file_to_the_instance_that_waits_as_long_as_the_platform_has_asked_it_to() throws Exception {
        Map<String, String> quick = Map.of("aep.call-timeout", "200ms", "aep.response-timeout", "200ms", "aep.redelivery.max", "500");
        try (Simulator simulator = Simulator.start(Options.defaults()); LogLines log = LogLines.of("aep.inbox");
                Rig one = instance(simulator, quick); Rig two = instance(simulator, quick)) {
            simulator.faults().on("GET", "/flowSpecs", 1, Fault.status(429).header("Retry-After", "5"));
            simulator.faults().on("POST", "/sourceConnections", 1, Fault.status(429).header("Retry-After", "5"));
            one.drop("f.yaml", definition(1));

            await().atMost(60, SECONDS).until(() -> two.names("done").contains("f.yaml"));
            assertThat(simulator.store().resources(Rig.SANDBOX, "flows")).hasSize(1);
            assertThat(log.lines()).noneMatch(line -> line.contains("taken it over"));
            assertThat(ledger(one).commits().leasesLost() + ledger(two).commits().leasesLost()).isZero();
            assertThat(one.json("done", "f.yaml.receipt.json").path("outcome").asText()).isEqualTo("created");
        }
    }

    @Test
    void should_not_let_an_instance_send_that_slept_between_its_intent_and_its_create() throws Exception {
        Map<String, String> quick = Map.of("aep.call-timeout", "1s", "aep.response-timeout", "1s", "aep.redelivery.max", "500");
        CountDownLatch asleep = new CountDownLatch(1);
        CountDownLatch awake = new CountDownLatch(1);
        try (Simulator simulator = Simulator.start(Options.defaults());
                Rig sleeper = instance(simulator, quick); Rig successor = instance(simulator, quick)) {
            AdviceWith.adviceWith(sleeper.main().getCamelContext(), "aep-create-source-connection",
                    route -> route.weaveById("aep-post-source-connection").before().process(exchange -> {
                        asleep.countDown();
                        awake.await();
                    }));
            CompletableFuture<Exchange> slept = CompletableFuture.supplyAsync(() -> provision(sleeper, 9));
            asleep.await();

            Exchange taken = successor.provision(definition(9));
            assertThat(taken.getException()).isNull();
            awake.countDown();

            assertThat(slept.get().getException()).isInstanceOf(LeaseLostException.class);
            assertThat(sleeper.provision(definition(9)).getMessage().getBody(String.class)).contains("\"unchanged\"");
            assertThat(successor.requests("POST", "/sourceConnections")).hasSize(1);
            for (String collection : List.of("sourceConnections", "targetConnections", "mappingSets", "flows")) {
                assertThat(simulator.store().resources(Rig.SANDBOX, collection)).as(collection).hasSize(1);
            }
        }
    }

    /** PostgreSQL keeps neither a NUL nor, where it is indexed, a text of any length. */
    @Test
    void should_go_on_after_a_definition_whose_name_no_database_keeps() throws Exception {
        String longName = new Random(1).ints(3_900, 'a', 'z').mapToObj(Character::toString).collect(Collectors.joining());
        try (Simulator simulator = Simulator.start(Options.defaults()); Rig rig = instance(simulator)) {
            for (String name : List.of("a\\\\0b", longName)) {
                Exchange refused = rig.provision(definition(1).replaceFirst("(?m)^name: .*$", "name: \"" + name + "\""));
                assertThat(refused.getException()).isInstanceOf(DefinitionException.class);
            }

            assertThat(rig.provision(definition(2)).getException()).isNull();
            assertThat(ledger(rig).events(Optional.empty(), Long.MAX_VALUE, 9)).extracting(Event::dataflow)
                    .containsExactly("Dataflow 2", longName.substring(0, 97) + "...", "a?b");
        }
    }

    @Test
    void should_send_nothing_while_the_ledger_is_down_and_begin_by_itself_when_it_is_back() throws Exception {
        int port = freePort();
        EmbeddedPostgres late = null;
        try (Simulator simulator = Simulator.start(Options.defaults());
                Rig rig = instance(simulator, Map.of("aep.ledger.url", "jdbc:postgresql://127.0.0.1:" + port + "/postgres"))) {
            rig.drop("f.yaml", definition(3));
            assertThat(rig.provision(definition(4)).getException()).isInstanceOf(LedgerException.class);
            assertThat(rig.names("inbox")).containsExactly("f.yaml");
            assertThat(simulator.requests().all()).isEmpty();

            late = EmbeddedPostgres.builder().setPort(port).start();

            await().atMost(60, SECONDS).until(() -> rig.names("done").contains("f.yaml"));
            assertThat(simulator.store().resources(Rig.SANDBOX, "flows")).hasSize(1);
        } finally {
            if (late != null) {
                late.close();
            }
        }
    }

    @Test
    void should_make_each_dataflow_once_while_the_database_restarts_again_and_again(@TempDir Path database) throws Exception {
        int files = 40;
        int port = freePort();
        EmbeddedPostgres restarted = start(database, port);
        Map<String, String> settings = Map.of("aep.ledger.url", "jdbc:postgresql://127.0.0.1:" + port + "/postgres",
                "aep.inbox.concurrency", "4");
        try (Simulator simulator = Simulator.start(Options.defaults().withLatency(Duration.ofMillis(20)));
                Rig one = instance(simulator, settings);
                Rig two = instance(simulator, settings);
                Rig three = instance(simulator, settings)) {
            for (int n = 0; n < files; n++) {
                one.drop("f%02d.yaml".formatted(n), definition(n));
            }
            for (int restarts = 1; restarts <= 3; restarts++) {
                int made = restarts * files / 5;
                await().atMost(120, SECONDS).until(() -> simulator.store().resources(Rig.SANDBOX, "flows").size() >= made);
                restarted.close();
                restarted = start(database, port);
            }
            await().atMost(180, SECONDS).until(() -> one.names("done").size() == 2 * files);

            assertThat(one.names("failed")).isEmpty();
            for (String collection : List.of("flows", "sourceConnections", "targetConnections", "mappingSets")) {
                assertThat(simulator.store().resources(Rig.SANDBOX, collection)).as(collection).hasSize(files);
            }
            assertThat(ledger(two).unresolved()).isEmpty();
            assertThat(ledger(three).dataflows()).hasSize(files).allMatch(Dataflow::done);
        } finally {
            restarted.close();
        }
    }

    private static EmbeddedPostgres start(Path database, int port) throws IOException {
        return EmbeddedPostgres.builder().setPort(port).setDataDirectory(database.resolve("data")).setCleanDataDirectory(false).start();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private static Exchange provision(Rig rig, int n) {
        try {
            return rig.provision(definition(n));
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private Rig instance(Simulator simulator) throws Exception {
        return instance(simulator, Map.of());
    }

    private Rig instance(Simulator simulator, Map<String, String> more) throws Exception {
        Map<String, String> settings = new HashMap<>(Map.of(
                "aep.ledger.url", POSTGRES.url(), "aep.ledger.user", "postgres", "aep.call-timeout", "5s"));
        settings.putAll(more);
        return Rig.against(simulator, data, settings);
    }

    private static Ledger ledgerOf(Simulator simulator, Duration lease) {
        return new Ledger(POSTGRES.url(), "postgres", "", simulator.options().orgId(), Rig.SANDBOX, lease);
    }

    private static Ledger ledger(Rig rig) {
        return rig.main().getCamelContext().getRegistry().lookupByNameAndType("aepLedger", Ledger.class);
    }

    private static String definition(int n) throws Exception {
        return Rig.example("crm").replaceFirst("(?m)^name: .*$", "name: Dataflow " + n)
                .replaceFirst("name: Source Connection for a CRM system", "name: Source " + n)
                .replace("title: Target schema", "title: " + n + " Target schema");
    }
}
