package io.github.aepdataflows.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.aepdataflows.PostgresServer;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.WriterAppender;
import org.apache.logging.log4j.core.config.LoggerConfig;
import org.apache.logging.log4j.core.layout.PatternLayout;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * Everything at once, drawn by a seed: edits, kills, pauses, restarts, faults, outages, clocks that are wrong, a database that goes and
 * comes, older ledgers, and somebody else. Whatever happened, in the end the Platform has what the last definitions say, once.
 * {@code -Dbench.chaos=300} for more seeds, {@code -Dbench.chaos-from=301} for others, {@code -Dseed=…} for that one alone,
 * {@code -Dbench.chaos-without=RESTORE,COPY} to leave out kinds of events ({@link Scenario.Kind}).
 */
class ChaosTest {

    private static final int AT_A_TIME = 4;

    @RegisterExtension
    static final PostgresServer POSTGRES = new PostgresServer();

    private final StringWriter logged = new StringWriter();
    private final Map<String, Integer> happened = new TreeMap<>();
    private final Map<String, Integer> namedByDocumentOnly = new TreeMap<>();

    @TempDir
    Path folder;

    @BeforeEach
    void keepTheLog() {
        PatternLayout layout = PatternLayout.newBuilder().setPattern("%m%n%throwable").build();
        WriterAppender appender = WriterAppender.createAppender(layout, null, logged, "chaos", false, true);
        appender.start();
        log().addAppender(appender, null, null);
    }

    @AfterEach
    void logAsUsual() {
        log().removeAppender("chaos");
    }

    private static LoggerConfig log() {
        return ((LoggerContext) LogManager.getContext(false)).getConfiguration().getRootLogger();
    }

    @Test
    void should_end_as_the_last_definitions_say_whatever_happens() throws Exception {
        Set<String> without = Set.of(System.getProperty("bench.chaos-without", "").split(","));
        long from = Long.getLong("bench.chaos-from", 1);
        List<Long> seeds = Optional.ofNullable(System.getProperty("seed")).map(Long::valueOf).map(List::of)
                .orElse(LongStream.range(from, from + Integer.getInteger("bench.chaos", 6)).boxed().toList());
        List<String> red = new ArrayList<>();
        ExecutorService threads = Executors.newFixedThreadPool(AT_A_TIME);
        try (Trap elsewhere = new Trap()) {
            List<Callable<String>> tasks = new ArrayList<>();
            List<FaultKind> faults = FaultKind.all(elsewhere.url());
            seeds.forEach(seed -> tasks.add(() -> run(seed, Scenario.draw(seed, without, faults))));
            for (Future<String> each : threads.invokeAll(tasks)) {
                if (!each.get().isEmpty()) {
                    red.add(each.get());
                }
            }
            assertThat(elsewhere.visits()).as("connections to where redirects lead").isZero();
            System.out.printf("%nChaos: %d seeds, %d with violations (duplicates, losses, foreign changes, leaks, orphans); %s; "
                    + "named by a document only: %s%n", tasks.size(), red.size(), happened, namedByDocumentOnly);
        } finally {
            threads.shutdownNow();
        }
        assertThat(logged.toString()).as("the log").isNotEmpty().doesNotContain(Bench.CANARY).doesNotContainPattern("Bearer [^*]");
        assertThat(red).as("replay with -Dseed=<n> -Dtest=ChaosTest").isEmpty();
    }

    /** Empty when all is well, else what is wrong. */
    private String run(long seed, Scenario scenario) {
        List<String> log = new ArrayList<>();
        try (Scene scene = new Scene(scenario, folder.resolve("seed-" + seed), "Seed " + seed, POSTGRES.server())) {
            log = scene.log();
            Oracle oracle = scene.bench().oracle();
            List<String> wrong = scene.play(oracle);
            count(scene, oracle);
            return wrong.isEmpty() ? "" : story(seed, scenario, log, String.join("\n  ", wrong));
        } catch (Exception | AssertionError e) {
            return story(seed, scenario, log, e + (e.getCause() == null ? "" : ": " + e.getCause()));
        }
    }

    /** It is printed at once: many seeds take their time. */
    private static String story(long seed, Scenario scenario, List<String> log, String wrong) {
        String story = "seed %d, %d nodes:%n    %s%n  %s%n".formatted(seed, scenario.nodes(), String.join("\n    ", log), wrong);
        System.out.println(story);
        return story;
    }

    private synchronized void count(Scene scene, Oracle oracle) {
        scene.effects().forEach((effect, number) -> happened.merge(effect, number, Integer::sum));
        oracle.namedByDocumentOnly().forEach((kind, number) -> namedByDocumentOnly.merge(kind, number, Integer::sum));
    }
}
