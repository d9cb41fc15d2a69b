package io.github.aepdataflows.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A ledger in SQLite that is only read, while somebody else works with it or nobody does. */
class ReadOnlyLedgerTest {

    @TempDir
    Path folder;

    private Path file() {
        return folder.resolve("data/ledger/ledger.db");
    }

    private String url() {
        return "jdbc:sqlite:" + file();
    }

    private Ledger reading() throws LedgerException {
        Ledger reading = Ledger.readOnly(url(), "", "", "org", "prod");
        reading.open();
        return reading;
    }

    private Ledger working() throws LedgerException {
        Ledger working = new Ledger(url(), "", "", "org", "prod", Duration.ofMinutes(5));
        working.open();
        return working;
    }

    @Test
    void it_tells_all_that_was_acknowledged_to_a_process_that_goes_on_writing() throws Exception {
        working().close();   // the child has it from here on
        int dataflows = 0;
        try (Child child = new Child(folder, LedgerWriter.class, url(), "run")) {
            for (int look = 0; look < 40; look++) {
                String acknowledged = child.line();
                try (Ledger reading = reading()) {
                    List<Dataflow> told = reading.dataflows();
                    if (acknowledged.startsWith("finished ")) {
                        assertThat(reading.dataflow(acknowledged.substring(9)).orElseThrow().done()).isTrue();
                        assertThat(reading.owner("flow", "id " + acknowledged.substring(9))).contains(acknowledged.substring(9));
                    }
                    assertThat(told.size()).isGreaterThanOrEqualTo(dataflows);
                    dataflows = told.size();
                }
            }
            assertThat(dataflows).isPositive();
            assertThatThrownBy(this::working).as("nobody has taken its lock away").hasMessageContaining("in use by another process");
            child.kill();
        }
        try (Ledger after = working()) {
            assertThat(after.dataflows().size()).isGreaterThanOrEqualTo(dataflows);
        }
    }

    @Test
    void it_is_empty_where_there_is_none_and_makes_none() throws Exception {
        try (Ledger reading = reading()) {
            assertThat(reading.dataflows()).isEmpty();
            assertThat(reading.dataflow("crm")).isEmpty();
            assertThat(reading.unresolved()).isEmpty();
        }
        assertThat(file().getParent()).doesNotExist();
    }

    @Test
    void nothing_that_is_written_to_it_is_kept_and_the_file_stays_as_it_is() throws Exception {
        try (Ledger working = working()) {
            working.take("crm", "digest", Map.of(), "crm.yaml");
        }
        byte[] before = Files.readAllBytes(file());

        try (Ledger reading = reading()) {
            reading.take("erp", "digest", Map.of(), "erp.yaml");
        }

        assertThat(Files.readAllBytes(file())).isEqualTo(before);
        try (Stream<Path> files = Files.list(file().getParent())) {
            assertThat(files).containsExactlyInAnyOrder(file(), file().resolveSibling("ledger.db.made"));
        }
    }

    @Test
    void it_reads_what_a_killed_process_has_left_in_the_log() throws Exception {
        String last = "";
        try (Child child = new Child(folder, LedgerWriter.class, url(), "run")) {
            for (int n = 0; n < 20; n++) {
                last = child.line();
            }
            child.kill();
        }
        assertThat(logExists()).isTrue();
        try (Ledger reading = reading()) {
            assertThat(reading.dataflow(last.substring(last.indexOf(' ') + 1)).isPresent() || last.startsWith("claimed ")).isTrue();
        }
        assertThat(logExists()).as("it is left where it is").isTrue();
    }

    private boolean logExists() {
        return Files.exists(file().resolveSibling("ledger.db-wal"));
    }

    @Test
    void it_names_the_ledger_itself_when_that_is_damaged_or_another_sandbox_s() throws Exception {
        try (Ledger working = working()) {
            working.take("crm", "digest", Map.of(), "crm.yaml");
        }
        assertThatThrownBy(() -> Ledger.readOnly(url(), "", "", "org", "dev").open()).isInstanceOf(UnusableLedgerException.class)
                .hasMessageContaining(file().toString()).hasMessageContaining("sandbox prod");

        damage();

        assertThatThrownBy(this::reading).isInstanceOf(UnusableLedgerException.class).hasMessageContaining(file() + " is damaged")
                .hasMessageContaining("move the folder " + file().getParent());
    }

    private void damage() throws IOException {
        Files.writeString(file(), "a letter of some length ".repeat(1_000));
    }
}
