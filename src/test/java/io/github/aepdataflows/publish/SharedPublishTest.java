package io.github.aepdataflows.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.aepdataflows.LogLines;
import io.github.aepdataflows.PostgresServer;
import io.github.aepdataflows.Rig;
import io.github.aepdataflows.definition.DefinitionException;
import io.github.aepdataflows.ledger.Dataflow;
import io.github.aepdataflows.ledger.LedgerException;
import io.github.aepdataflows.ledger.Wire;
import io.github.aepdataflows.publish.RecordingKafka.Sent;
import io.github.aepdataflows.simulator.Options;
import io.github.aepdataflows.simulator.Simulator;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Instances that share a ledger publish in turns, whatever becomes of one of them and of the way to the database. */
class SharedPublishTest {

    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @RegisterExtension
    static final PostgresServer POSTGRES = new PostgresServer();

    @TempDir
    Path data;

    private final RecordingKafka kafka = new RecordingKafka();
    private final List<AutoCloseable> toClose = new ArrayList<>();
    private Simulator simulator;

    @BeforeEach
    void start() throws Exception {
        POSTGRES.empty();
        simulator = Simulator.start(Options.defaults().withLatency(Duration.ofMillis(10)));
        toClose.add(simulator);
    }

    @AfterEach
    void stop() throws Exception {
        for (int last = toClose.size() - 1; last >= 0; last--) {
            toClose.get(last).close();
        }
    }

    private Rig instance(int port) throws Exception {
        return instance(port, kafka);
    }

    private Rig instance(int port, RecordingKafka broker) throws Exception {
        return instance(port, broker, data, Map.of("aep.redelivery.max", "0", "aep.inbox.enabled", "false"));
    }

    private Rig instance(Path folder, Map<String, String> more) throws Exception {
        return instance(POSTGRES.port(), kafka, folder, more);
    }

    private Rig instance(int port, RecordingKafka broker, Path folder, Map<String, String> more) throws Exception {
        Map<String, String> settings = new HashMap<>(Map.of("aep.kafka.enabled", "true", "aep.kafka.brokers", "broker:9093",
                "aep.kafka.delay", "20", "aep.ledger.url", "jdbc:postgresql://127.0.0.1:%d/postgres".formatted(port),
                "aep.ledger.user", "postgres", "aep.call-timeout", "5s"));
        settings.putAll(more);
        Rig rig = Rig.against(simulator, folder, settings, PublishTest.resolving(broker));
        toClose.add(rig);
        return rig;
    }

    private static boolean isUnpublished(Rig rig) {
        try {
            return !rig.ledger().unpublished(1).isEmpty();
        } catch (LedgerException e) {
            return true;
        }
    }

    private static void refuse(Rig rig, int each) {
        assertThat(rig.provision("name: Flow " + each).getException()).isInstanceOf(DefinitionException.class);
    }

    @ParameterizedTest
    @EnumSource(value = Wire.Cut.class, names = {"BEFORE_COMMIT", "BEHIND_COMMIT"})
    void should_go_on_publishing_when_the_wire_was_cut_at_any_commit(Wire.Cut cut) throws Exception {
        try (Wire wire = new Wire(POSTGRES.port()); LogLines log = LogLines.of("aep.publish")) {
            wire.up();
            Rig one = instance(wire.port());
            for (int each = 0; each < 8; each++) {
                AtomicBoolean first = new AtomicBoolean(true);
                kafka.broker = record -> {
                    if (first.getAndSet(false)) {
                        wire.cut(cut);
                    }
                };
                refuse(one, each);
                await().atMost(PATIENCE).until(() -> !isUnpublished(one));
            }
            assertThat(log.lines()).as("the reason").noneMatch(line -> line.endsWith(": null"));
        }
    }

    @Test
    void should_take_out_what_was_published_when_the_ledger_can_be_written_again_and_not_publish_it_once_more() throws Exception {
        Rig one = instance(POSTGRES.port());
        POSTGRES.execute("create function refuse() returns trigger as $$ begin raise exception 'no room'; end $$ language plpgsql;"
                + "create trigger refuse before delete on aep_publication for each row execute function refuse()");
        try (LogLines log = LogLines.of("aep.publish")) {
            refuse(one, 1);
            await().atMost(PATIENCE).until(() -> !log.lines().isEmpty());
            POSTGRES.execute("drop trigger refuse on aep_publication");
            await().atMost(PATIENCE).until(() -> !isUnpublished(one));
            refuse(one, 2);
            await().atMost(PATIENCE).until(() -> !isUnpublished(one));

            assertThat(kafka.sent).extracting(Sent::key).containsExactly("Flow 1", "Flow 2");
            assertThat(log.lines().get(0)).contains("outcomes are published later: The ledger at").contains("cannot be used now")
                    .contains("no room");
        }
    }

    /** What it had in hand comes twice. */
    @Test
    void should_leave_the_rest_to_another_instance_that_has_taken_over_the_turn() throws Exception {
        RecordingKafka others = new RecordingKafka();
        Rig one = instance(POSTGRES.port());
        CountDownLatch asleep = new CountDownLatch(1);
        CountDownLatch awake = new CountDownLatch(1);
        CountDownLatch begun = new CountDownLatch(2);
        CountDownLatch goOn = new CountDownLatch(1);
        kafka.isDown();
        for (int each = 0; each < 4; each++) {
            refuse(one, each);
        }
        kafka.broker = record -> {
            asleep.countDown();
            awake.await();
        };
        asleep.await();
        others.broker = record -> {
            begun.countDown();
            if (begun.getCount() == 0) {
                goOn.await();
            }
        };
        POSTGRES.execute("delete from aep_turn");   // as after too long a silence
        Rig other = instance(POSTGRES.port(), others);
        begun.await();

        awake.countDown();
        await().atMost(PATIENCE).until(() -> one.main().getCamelContext().getInflightRepository().size() == 0);
        assertThat(kafka.sent).extracting(Sent::key).containsExactly("Flow 0");
        goOn.countDown();
        await().atMost(PATIENCE).until(() -> !isUnpublished(other));
        assertThat(others.sent).extracting(Sent::key).containsExactly("Flow 0", "Flow 1", "Flow 2", "Flow 3");
    }

    /** Half of the files are dropped once more, for an instance with folders of its own. */
    @Test
    void should_make_and_publish_each_dataflow_while_all_connections_to_the_database_are_ended_again_and_again() throws Exception {
        int files = 24;
        Random random = new Random();
        Map<String, String> working = Map.of("aep.inbox.enabled", "true", "aep.inbox.concurrency", "4", "aep.redelivery.max", "3");
        List<Rig> rigs = List.of(instance(data.resolve("shared"), working), instance(data.resolve("shared"), working),
                instance(data.resolve("own"), working));
        for (int each = 0; each < files; each++) {
            rigs.get(0).drop("f%02d.yaml".formatted(each), definition(each));
            if (each % 2 == 0) {
                rigs.get(2).drop("f%02d.yaml".formatted(each), definition(each));
            }
        }
        BooleanSupplier isOver = () -> rigs.get(0).names("inbox").isEmpty() && rigs.get(2).names("inbox").isEmpty();
        long start = System.nanoTime();
        while (!isOver.getAsBoolean() && System.nanoTime() - start < Duration.ofSeconds(20).toNanos()) {
            await().pollDelay(Duration.ofMillis(random.nextInt(500))).until(() -> true);
            POSTGRES.execute("select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and datname = 'postgres'"
                    + " and random() < 0.7");
        }
        await().atMost(Duration.ofMinutes(4)).until(isOver::getAsBoolean);
        await().atMost(PATIENCE).until(() -> !isUnpublished(rigs.get(0)));

        assertThat(rigs.get(0).names("failed")).isEmpty();
        assertThat(rigs.get(2).names("failed")).isEmpty();
        assertThat(rigs.get(0).names("done")).hasSize(2 * files);
        assertThat(rigs.get(2).names("done")).hasSize(files);
        for (String collection : List.of("flows", "sourceConnections", "targetConnections", "mappingSets")) {
            assertThat(rigs.get(0).resources(collection)).as(collection).hasSize(files);
        }
        assertThat(read(() -> rigs.get(1).ledger().unresolved())).isEmpty();
        assertThat(read(() -> rigs.get(1).ledger().dataflows())).hasSize(files).allMatch(Dataflow::done);
        Map<String, String> flows = read(() -> rigs.get(0).ledger().resources("flow"));
        for (Rig rig : List.of(rigs.get(0), rigs.get(2))) {
            for (String name : rig.names("done")) {
                if (name.endsWith(".receipt.json")) {
                    JsonNode receipt = rig.json("done", name);
                    assertThat(flows.get(receipt.at("/resources/flow").asText())).isEqualTo(receipt.path("dataflow").asText());
                }
            }
        }
        Map<String, List<String>> told = new TreeMap<>();
        for (Sent sent : kafka.sent) {
            JsonNode value = Rig.json(sent.value());
            told.computeIfAbsent(sent.key(), key -> new ArrayList<>()).add(value.path("outcome").asText(value.path("category").asText()));
        }
        assertThat(told).hasSize(files).allSatisfy((name, outcomes) -> assertThat(outcomes).contains("created"));
    }

    /** By a connection that was not ended. */
    private static <T> T read(Callable<T> what) {
        return await().atMost(PATIENCE).ignoreExceptions().until(what, Objects::nonNull);
    }

    private static String definition(int each) throws Exception {
        return Rig.example("crm").replaceFirst("(?m)^name: .*$", "name: Flow " + each)
                .replaceFirst("name: Source Connection for a CRM system", "name: Source " + each)
                .replace("title: Target schema", "title: " + each + " Target schema");
    }
}
