package io.github.aepdataflows.provision;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.github.aepdataflows.LogLines;
import io.github.aepdataflows.Rig;
import io.github.aepdataflows.ledger.Ledger;
import io.github.aepdataflows.ledger.LedgerException;
import io.github.aepdataflows.ledger.LedgerRoom;
import io.github.aepdataflows.ledger.UnusableLedgerException;
import io.github.aepdataflows.simulator.Fault;
import io.github.aepdataflows.simulator.Options;
import io.github.aepdataflows.simulator.Simulator;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.apache.camel.health.HealthCheck;
import org.apache.camel.health.HealthCheckHelper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The file of the ledger goes away, is damaged or is full while eight definitions are in work, each with a create on its way: nothing
 * more is sent, health says why, and after the repair all is done, once. Another seed by {@code -Dseed=}.
 */
class LostLedgerTest {

    private static final int DEFINITIONS = 8;
    private static final long SEED = Long.getLong("seed", 20_261_126);
    private static final List<String> COLLECTIONS = List.of("sourceConnections", "schemas", "dataSets", "targetConnections", "mappingSets",
            "flows");

    @TempDir
    Path folder;

    private final Random random = new Random(SEED);
    private int port;

    /** What happens to the file, what health says of it, and whether a restart is refused: else what is there is whole. */
    private enum Loss {
        REMOVED("has lost its file ledger.db: that was removed or moved away", true) {
            @Override
            void happenTo(Path file, Random random) throws IOException {
                Files.delete(file);
            }
        },
        MOVED("has lost its file ledger.db: that was removed or moved away", true) {
            @Override
            void happenTo(Path file, Random random) throws IOException {
                Files.move(file, file.resolveSibling("elsewhere.db"));
            }
        },
        REPLACED_BY_ITS_COPY("was replaced by another file", false) {
            @Override
            void happenTo(Path file, Random random) throws IOException {
                Path copy = Files.copy(file, file.resolveSibling("copy.db"));
                Files.move(copy, file, StandardCopyOption.REPLACE_EXISTING);
            }
        },
        CUT("was cut", true) {
            @Override
            void happenTo(Path file, Random random) throws IOException {
                cut(file, 1 + random.nextLong(Files.size(file) - 1));
            }
        },
        FLIPPED("is not as it was written", true) {
            @Override
            void happenTo(Path file, Random random) throws IOException {
                for (int page = 1; page < Files.size(file) / 4096; page++) {   // one in each: one of them will matter after a restart
                    LedgerRoom.flip(file, page * 4096L + random.nextInt(4096), 4);
                }
            }
        };

        private final String words;
        private final boolean isRefused;

        Loss(String words, boolean isRefused) {
            this.words = words;
            this.isRefused = isRefused;
        }

        abstract void happenTo(Path file, Random random) throws IOException;

        private static void cut(Path file, long size) throws IOException {
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                channel.truncate(size);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void should_send_nothing_once_the_file_is_lost_and_go_on_when_it_is_back(Loss loss) throws Exception {
        Path data = folder.resolve("data");
        Path killed = folder.resolve("killed");
        Path file = data.resolve("ledger/ledger.db");
        byte[] backup;
        try (Simulator simulator = Simulator.start(Options.defaults())) {
            try (Rig rig = Rig.against(simulator, data, settings())) {
                begin(rig);
                backup = Files.readAllBytes(file);
                long creates = creates(rig);

                loss.happenTo(file, random);
                rig.simulator().faults().clear();
                rig.simulator().faults().release();

                await().atMost(20, SECONDS).until(() -> health().statusCode() == 503);
                await().atMost(20, SECONDS).until(() -> rig.main().getCamelContext().getInflightRepository().size() == 0);
                assertThat(creates(rig)).as("seed %d", SEED).isEqualTo(creates);
                assertThat(health().body()).startsWith("DOWN\naep-ledger: The ledger ").contains(loss.words, "restore a backup")
                        .hasLineCount(2);
                assertThat(check(rig).getState()).isEqualTo(HealthCheck.State.DOWN);
                assertThat(check(rig).getMessage().orElse("")).contains(loss.words);
                assertThatThrownBy(() -> rig.ledger().dataflows()).isInstanceOf(UnusableLedgerException.class)
                        .hasMessageContaining(loss.words);
                assertThat(rig.provision(Rig.example("crm")).getException()).isInstanceOf(UnusableLedgerException.class);
                assertThat(rig.names("inbox")).hasSize(DEFINITIONS);
                assertThat(rig.names("failed")).isEmpty();
                copy(data, killed);   // as a kill would leave it
            }
            for (Path left : List.of(data, killed)) {
                if (loss.isRefused) {
                    assertThatThrownBy(() -> open(simulator, left)).as("%s, seed %d", left, SEED)
                            .isInstanceOf(UnusableLedgerException.class).hasMessageFindingMatch("restore a backup.+rebuild");
                }
            }
            if (loss.isRefused) {
                Files.deleteIfExists(killed.resolve("ledger/ledger.db-wal"));
                Files.write(killed.resolve("ledger/ledger.db"), backup);
            }
            try (Rig rig = Rig.against(simulator, killed, settings())) {
                await().atMost(40, SECONDS).until(() -> rig.names("inbox").isEmpty());
                await().atMost(20, SECONDS).until(() -> health().body().equals("UP\n"));
                assertOnce(rig);
            }
        }
    }

    @Test
    void should_send_nothing_while_there_is_no_room_and_go_on_by_itself() throws Exception {
        try (Rig rig = Rig.start(folder, Options.defaults(), settings())) {
            begin(rig);
            LedgerRoom.full(rig.ledger());
            rig.simulator().faults().clear();
            rig.simulator().faults().release();

            await().atMost(20, SECONDS).until(() -> health().statusCode() == 503);
            assertThat(health().body()).contains("database or disk is full").hasLineCount(2);
            assertThat(check(rig).getState()).isEqualTo(HealthCheck.State.DOWN);
            assertThat(rig.names("inbox")).isNotEmpty();
            assertThat(rig.names("failed")).isEmpty();
            LedgerRoom.free(rig.ledger());

            await().atMost(20, SECONDS).until(() -> health().body().equals("UP\n"));
            await().atMost(40, SECONDS).until(() -> rig.names("inbox").isEmpty());
            assertOnce(rig);
        }
    }

    @Test
    void should_say_so_when_the_ledger_was_lost_with_its_folder() throws Exception {
        try (Simulator simulator = Simulator.start(Options.defaults())) {
            try (Rig rig = Rig.against(simulator, folder, Map.of())) {
                rig.drop("crm.yaml", Rig.example("crm"));
                await().atMost(20, SECONDS).until(() -> rig.names("inbox").isEmpty());
            }
            try (Stream<Path> files = Files.list(folder.resolve("ledger"))) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            }
            assertThatThrownBy(() -> Rig.against(simulator, folder, Map.of())).rootCause().isInstanceOf(UnusableLedgerException.class)
                    .hasMessageContaining("is missing, but there was one");
            try (LogLines log = LogLines.of("aep.ledger");
                    Rig rig = Rig.against(simulator, folder, Map.of("aep.ledger.read-only", "true", "aep.inbox.enabled", "false"))) {
                assertThat(rig.ledger().dataflows()).isEmpty();
                assertThat(log.count("the ledger is missing, but there was one")).isEqualTo(1);
            }
            assertThat(folder.resolve("ledger/ledger.db")).doesNotExist();
            Rig.against(simulator, folder, Map.of("aep.sandbox", "prod")).close();   // nothing was done in this one yet
        }
    }

    /** Drops the definitions, and returns when each has a create on its way. */
    private static void begin(Rig rig) throws IOException {
        rig.simulator().faults().always("POST", "/dataSets", Fault.hang().afterCommit());
        for (int number = 0; number < DEFINITIONS; number++) {
            rig.drop(number + ".yaml", Rig.example("customer-success", number));
        }
        await().atMost(20, SECONDS).until(() -> rig.simulator().faults().held() == DEFINITIONS);
        AtomicLong creates = new AtomicLong();
        // what is made beside the datasets comes to its end
        await().atMost(20, SECONDS).during(300, MILLISECONDS).until(() -> creates.getAndSet(creates(rig)) == creates.get());
        assertThat(rig.ledger().trouble()).isEmpty();
    }

    private static void assertOnce(Rig rig) {
        assertThat(rig.names("done")).hasSize(2 * DEFINITIONS);
        assertThat(rig.names("failed")).isEmpty();
        for (String collection : COLLECTIONS) {
            assertThat(rig.resources(collection)).as(collection).hasSize(DEFINITIONS);
        }
    }

    private Map<String, String> settings() {
        port = freePort();   // another one for each start: somebody may have taken the last
        return Map.of("aep.health.port", String.valueOf(port), "aep.inbox.concurrency", String.valueOf(DEFINITIONS),
                "aep.redelivery.max", "1");
    }

    private static void open(Simulator simulator, Path data) throws LedgerException {
        try (Ledger ledger = new Ledger("jdbc:sqlite:" + data.resolve("ledger/ledger.db"), "", "", simulator.options().orgId(), Rig.SANDBOX,
                Duration.ofMinutes(1))) {
            ledger.open();
        }
    }

    private static long creates(Rig rig) {
        return rig.simulator().requests().all().stream().filter(Rig::isCreate).count();
    }

    private static HealthCheck.Result check(Rig rig) {
        return HealthCheckHelper.invoke(rig.main().getCamelContext()).stream()
                .filter(result -> result.getCheck().getId().equals("aep-ledger")).findFirst().orElseThrow();
    }

    private HttpResponse<String> health() throws IOException, InterruptedException {
        return HttpClient.newHttpClient().send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:%d/health".formatted(port))).build(),
                HttpResponse.BodyHandlers.ofString());
    }

    private static int freePort() {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(from.relativize(file)));
            }
        }
    }
}
