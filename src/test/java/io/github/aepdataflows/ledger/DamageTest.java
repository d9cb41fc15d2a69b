package io.github.aepdataflows.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Flips bytes of a ledger's file and cuts it: it is refused, or says exactly what it said before. Another seed by {@code -Dseed=}. */
class DamageTest {

    private static final long SEED = Long.getLong("seed", 20_260_701);
    private static final int OFFSETS = 120;
    private static final int LOG_OFFSETS = 40;
    private static final List<String> STEPS = List.of("source-connection", "target-schema", "target-dataset", "flow");

    @TempDir
    Path folder;

    private final Random random = new Random(SEED);

    private Ledger ledger(String name) {
        return new Ledger("jdbc:sqlite:" + folder.resolve(name).resolve("ledger.db"), "", "", "org", "prod", Duration.ofMinutes(5));
    }

    @Test
    void a_damaged_ledger_is_refused_or_says_what_it_said_before() throws Exception {
        String said;
        try (Ledger whole = ledger("whole")) {
            whole.open();
            for (int i = 0; i < 30; i++) {
                write(whole, i);
            }
            said = say(whole);
        }
        byte[] bytes = Files.readAllBytes(folder.resolve("whole/ledger.db"));

        int refused = 0;
        for (int i = 0; i < OFFSETS; i++) {
            String copy = "copy" + i;
            byte[] damaged = damaged(bytes, i);
            write(copy, "ledger.db", damaged);
            String saysNow = open(copy);
            assertThat(saysNow).as("seed %d, number %d", SEED, i).isIn(said, "refused");
            refused += saysNow.equals("refused") ? 1 : 0;
        }
        System.out.printf("Ledger of %d bytes, seed %d: of %d damaged copies %d refused, %d with everything as before%n", bytes.length,
                SEED,
                OFFSETS, refused, OFFSETS - refused);
        assertThat(refused).isGreaterThan(OFFSETS / 3);
    }

    /**
     * SQLite ignores the log that a kill leaves from the first frame on that is not whole: nothing may stand there alone but what can be
     * found out again, as the result of a step whose intent is known.
     */
    @Test
    void a_ledger_with_a_damaged_log_is_refused_or_knows_all_that_was_begun() throws Exception {
        String begun;
        String said;
        try (Ledger whole = ledger("whole")) {
            whole.open();
            for (int i = 0; i < 29; i++) {
                write(whole, i);
            }
            Lease last = whole.take("dataflow 29", "digest", Map.of(), "29.yaml");
            StepKey key = new StepKey("dataflow 29", "flow", "content");
            whole.begin(last, key, "name", Duration.ofSeconds(60));
            begun = say(whole);
            whole.complete(last, key, 1, new Result("flow-29", "\"1\"", "request", "created"));
            said = say(whole);
            for (String file : List.of("ledger.db", "ledger.db-wal")) {
                write("killed", file, Files.readAllBytes(folder.resolve("whole").resolve(file)));
            }
        }
        assertThat(said).isNotEqualTo(begun);
        byte[] log = Files.readAllBytes(folder.resolve("killed/ledger.db-wal"));
        byte[] main = Files.readAllBytes(folder.resolve("killed/ledger.db"));

        int refused = 0;
        for (int i = 0; i < LOG_OFFSETS; i++) {
            String copy = "copy" + i;
            write(copy, "ledger.db", main);
            write(copy, "ledger.db-wal", damaged(log, i));
            String saysNow = open(copy);
            assertThat(saysNow).as("seed %d, number %d", SEED, i).isIn(said, begun, "refused");
            refused += saysNow.equals("refused") ? 1 : 0;
        }
        System.out.printf("Log of %d bytes, seed %d: of %d damaged copies %d refused, %d with all that was begun%n", log.length, SEED,
                LOG_OFFSETS, refused, LOG_OFFSETS - refused);
    }

    private void write(Ledger ledger, int number) throws LedgerException {
        String name = "dataflow " + number;
        FileClaim claim = ledger.claim(name + ".yaml").orElseThrow();
        Lease lease = ledger.take(name, "digest " + number, Map.of("schedule.frequency", "minute"), name + ".yaml");
        List<StepKey> used = new ArrayList<>();
        for (String step : STEPS) {
            StepKey key = new StepKey(name, step, "content of " + step + number);
            int attempt = ledger.begin(lease, key, step + " of " + name, Duration.ofSeconds(60)).attempt();
                if (step.equals("flow") && number % 5 == 0) {
                return;   // a chain that was cut off
            }
            if (number % 7 == 0) {
                attempt = ledger.again(lease, key, attempt, Duration.ofSeconds(60)).attempt();
                    }
            ledger.complete(lease, key, attempt, new Result(step + "-" + number, "\"1\"", "request " + number, "created"));
                used.add(key);
        }
        ledger.finish(lease, used);
        ledger.release(lease);
        ledger.release(claim);
    }

    /** Everything that can be asked of it without changing it. */
    private static String say(Ledger ledger) throws LedgerException {
        List<Object> answers = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            String name = "dataflow " + i;
            answers.add(ledger.dataflow(name)
                    .map(row -> List.of(row.name(), row.digest(), row.fields(), row.file(), row.state(), row.token(),
                    row.shared(), row.startedAt(), row.finishedAt())));
            answers.add(ledger.steps(name));
        }
        for (String step : STEPS) {
            answers.add(ledger.resources(step));
            answers.add(ledger.owner(step, step + "-3"));
        }
        answers.add(ledger.unresolved());
        answers.add(ledger.repeated());
        return answers.toString();
    }

    private void write(String copy, String file, byte[] content) throws IOException {
        Files.createDirectories(folder.resolve(copy));
        Files.write(folder.resolve(copy).resolve(file), content);
    }

    private String open(String copy) throws LedgerException {
        try (Ledger ledger = ledger(copy)) {
            ledger.open();
            return say(ledger);
        } catch (UnusableLedgerException e) {
            assertThat(e).hasMessageStartingWith("The ledger")
                    .hasMessageFindingMatch("restore a backup|holds no ledger|newer version|belongs to");
            return "refused";
        }
    }

    /** In turn: one bit, one byte, a run of 64 bytes, the rest of the file gone. */
    private byte[] damaged(byte[] whole, int number) {
        byte[] bytes = whole.clone();
        int offset = random.nextInt(bytes.length);
        switch (number % 4) {
            case 0 -> bytes[offset] ^= (byte) (1 << random.nextInt(8));
            case 1 -> bytes[offset] = (byte) (bytes[offset] + 1 + random.nextInt(255));
            case 2 -> {
                byte[] run = new byte[Math.min(64, bytes.length - offset)];
                random.nextBytes(run);
                System.arraycopy(run, 0, bytes, offset, run.length);
            }
            default -> bytes = Arrays.copyOf(bytes, offset);
        }
        return bytes;
    }
}
