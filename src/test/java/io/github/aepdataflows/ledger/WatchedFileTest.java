package io.github.aepdataflows.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What somebody else does to the file of an open ledger. */
class WatchedFileTest {

    private static final StepKey KEY = new StepKey("A", "flow", "content");
    private static final Duration CALL = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    private Path file;
    private Ledger ledger;
    private Lease lease;

    @BeforeEach
    void open() throws Exception {
        file = folder.resolve("ledger.db");
        ledger = new Ledger("jdbc:sqlite:" + file, "", "", "org", "prod", Duration.ofMinutes(5));
        ledger.open();
        lease = ledger.take("A", "digest", Map.of(), "a.yaml");
    }

    @AfterEach
    void close() {
        ledger.close();
    }

    @Test
    void the_next_intent_is_refused_when_a_bit_was_flipped_and_so_is_everything_after_it() throws Exception {
        LedgerRoom.flip(file, 3 * 4096 - 5, 1);

        assertThatThrownBy(() -> ledger.begin(lease, KEY, "a", CALL)).isInstanceOf(UnusableLedgerException.class)
                .hasMessageContaining("is not as it was written").hasMessageContaining("restore a backup");
        LedgerRoom.flip(file, 3 * 4096 - 5, 1);   // as it was
        assertThatThrownBy(() -> ledger.dataflows()).isInstanceOf(UnusableLedgerException.class)
                .hasMessageContaining("is not as it was written");
        assertThat(ledger.isOpen()).isFalse();
        assertThat(ledger.trouble().orElse("")).contains("is not as it was written");
        ledger.close();
        ledger.open();
        assertThat(ledger.trouble()).isEmpty();
    }

    private void assertLost(String words) {
        assertThatThrownBy(() -> ledger.begin(lease, KEY, "a", CALL)).isInstanceOf(UnusableLedgerException.class)
                .hasMessageContaining(words).hasMessageContaining("restore a backup");
        assertThat(ledger.trouble().orElse("")).contains(words);
    }

    @Test
    void an_empty_file_in_its_place_is_noticed() throws Exception {
        Files.delete(file);
        Files.createFile(file);

        assertLost("was replaced by another file");
    }

    @Test
    void a_file_that_was_emptied_is_noticed() throws Exception {
        Files.write(file, new byte[0]);

        assertLost("was cut");
    }

    @Test
    void a_log_that_was_removed_is_noticed() throws Exception {
        Files.delete(folder.resolve("ledger.db-wal"));

        assertLost("has lost its file ledger.db-wal: that was removed or moved away");
        ledger.close();
        ledger.open();
        assertThat(ledger.trouble()).as("all is in the file").isEmpty();
    }

    @Test
    void a_file_that_was_only_touched_is_checked_and_used_further() throws Exception {
        Files.setLastModifiedTime(file, FileTime.from(Instant.EPOCH));

        assertThat(ledger.begin(lease, KEY, "a", CALL).state()).isEqualTo(Beginning.State.NEW);
        assertThat(ledger.trouble()).isEmpty();
    }

    /** As a disk does: no time tells of it. */
    @Test
    void a_bit_that_flips_without_a_trace_is_found_by_the_regular_check() throws Exception {
        FileTime modified = Files.getLastModifiedTime(file);
        LedgerRoom.flip(file, 3 * 4096 - 5, 1);
        Files.setLastModifiedTime(file, modified);
        assertThat(ledger.trouble()).as("not yet").isEmpty();

        ((Sqlite) ledger.opened().database).checkEvery(Duration.ZERO);

        assertThat(ledger.trouble().orElse("")).contains("is not as it was written");
    }

    @Test
    void an_older_state_that_is_written_into_the_file_is_noticed() throws Exception {
        byte[] older = Files.readAllBytes(file);
        ledger.begin(lease, KEY, "a", CALL);
        Files.write(file, older, StandardOpenOption.WRITE);   // the same file, whole, and without the intent

        assertThatThrownBy(() -> ledger.begin(lease, new StepKey("A", "flow", "other"), "b", CALL))
                .isInstanceOf(UnusableLedgerException.class);
    }

    @Test
    void a_check_by_a_thread_that_is_interrupted_keeps_the_file_open_and_its_lock() throws Exception {
        ((Sqlite) ledger.opened().database).checkEvery(Duration.ZERO);
        Thread.currentThread().interrupt();
        try {
            ledger.begin(lease, KEY, "a", CALL);
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }

        assertThat(ledger.trouble()).isEmpty();
        try (Child other = new Child(folder, LedgerWriter.class, "jdbc:sqlite:" + file, "b")) {
            assertThat(other.line()).as("it could not open it").isNull();
        }
    }

    @Test
    void the_lock_of_the_file_is_kept_while_it_is_watched() throws Exception {
        ((Sqlite) ledger.opened().database).checkEvery(Duration.ZERO);
        ledger.begin(lease, KEY, "a", CALL);

        try (Child other = new Child(folder, LedgerWriter.class, "jdbc:sqlite:" + file, "b")) {
            assertThat(other.line()).as("it could not open it").isNull();
        }
        ledger.close();
        try (Child other = new Child(folder, LedgerWriter.class, "jdbc:sqlite:" + file, "b")) {
            assertThat(other.line()).isEqualTo("claimed b-0");
        }
    }

    @Test
    void a_rest_of_a_log_shows_that_there_was_a_ledger() throws Exception {
        ledger.close();
        for (String name : new String[] {"ledger.db", "ledger.db.made"}) {
            Files.delete(folder.resolve(name));
        }
        Files.write(folder.resolve("ledger.db-wal"), new byte[32]);

        assertThatThrownBy(ledger::open).isInstanceOf(UnusableLedgerException.class).hasMessageContaining("is missing, but there was one");
        assertThat(ledger.trouble().orElse("")).contains("is missing, but there was one");
        ledger.open(remains -> true);
        assertThat(ledger.dataflows()).isEmpty();
    }

    @Test
    void what_cannot_be_released_for_want_of_room_is_released_when_there_is_some() throws Exception {
        LedgerRoom.full(ledger);
        assertThatThrownBy(() -> ledger.take("x".repeat(100_000), "digest", Map.of(), "b.yaml")).isInstanceOf(LedgerException.class)
                .isNotInstanceOf(UnusableLedgerException.class).hasMessageContaining("full");
        assertThatThrownBy(() -> ledger.release(lease)).isInstanceOf(LedgerException.class);
        assertThat(ledger.trouble().orElse("")).contains("full");
        LedgerRoom.free(ledger);

        assertThat(ledger.trouble()).isEmpty();
        assertThat(ledger.take("A", "digest", Map.of(), "a.yaml").token()).isGreaterThan(lease.token());
    }
}
