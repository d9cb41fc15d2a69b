package io.github.aepdataflows.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.aepdataflows.LogLines;
import io.github.aepdataflows.Rig;
import io.github.aepdataflows.definition.DefinitionException;
import io.github.aepdataflows.ledger.LedgerException;
import io.github.aepdataflows.ledger.Wire;
import io.github.aepdataflows.publish.RecordingKafka.Sent;
import io.github.aepdataflows.simulator.Options;
import io.github.aepdataflows.simulator.Simulator;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Instances that share a ledger publish in turns, whatever becomes of one of them and of the way to the database. */
class SharedPublishTest {

    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private static EmbeddedPostgres postgres;

    @TempDir
    Path data;

    private final RecordingKafka kafka = new RecordingKafka();
    private final List<AutoCloseable> toClose = new ArrayList<>();
    private Simulator simulator;

    @BeforeAll
    static void startPostgres() throws Exception {
        postgres = EmbeddedPostgres.start();
    }

    @AfterAll
    static void stopPostgres() throws Exception {
        postgres.close();
    }

    @BeforeEach
    void start() throws Exception {
        execute("drop schema public cascade; create schema public");
        simulator = Simulator.start(Options.defaults());
        toClose.add(simulator);
    }

    @AfterEach
    void stop() throws Exception {
        for (int last = toClose.size() - 1; last >= 0; last--) {
            toClose.get(last).close();
        }
    }

    private static void execute(String sql) throws Exception {
        try (Connection connection = postgres.getPostgresDatabase().getConnection(); Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private Rig instance(int port) throws Exception {
        return instance(port, kafka);
    }

    private Rig instance(int port, RecordingKafka broker) throws Exception {
        Rig rig = Rig.against(simulator, data, Map.of("aep.kafka.enabled", "true", "aep.kafka.brokers", "broker:9093",
                "aep.kafka.delay", "20", "aep.redelivery.max", "0", "aep.inbox.enabled", "false",
                "aep.ledger.url", "jdbc:postgresql://127.0.0.1:%d/postgres".formatted(port), "aep.ledger.user", "postgres"),
                PublishTest.resolving(broker));
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
        try (Wire wire = new Wire(postgres.getPort()); LogLines log = LogLines.of("aep.publish")) {
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
        Rig one = instance(postgres.getPort());
        execute("create function refuse() returns trigger as $$ begin raise exception 'no room'; end $$ language plpgsql;"
                + "create trigger refuse before delete on aep_publication for each row execute function refuse()");
        try (LogLines log = LogLines.of("aep.publish")) {
            refuse(one, 1);
            await().atMost(PATIENCE).until(() -> !log.lines().isEmpty());
            execute("drop trigger refuse on aep_publication");
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
        Rig one = instance(postgres.getPort());
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
        execute("delete from aep_turn");   // as after too long a silence
        Rig other = instance(postgres.getPort(), others);
        begun.await();

        awake.countDown();
        await().atMost(PATIENCE).until(() -> one.main().getCamelContext().getInflightRepository().size() == 0);
        assertThat(kafka.sent).extracting(Sent::key).containsExactly("Flow 0");
        goOn.countDown();
        await().atMost(PATIENCE).until(() -> !isUnpublished(other));
        assertThat(others.sent).extracting(Sent::key).containsExactly("Flow 0", "Flow 1", "Flow 2", "Flow 3");
    }
}
