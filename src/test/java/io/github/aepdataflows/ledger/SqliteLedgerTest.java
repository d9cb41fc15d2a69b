package io.github.aepdataflows.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import io.github.aepdataflows.ledger.Beginning.State;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SqliteLedgerTest extends LedgerContract {

    private Path file() {
        return folder.resolve("data/ledger/ledger.db");
    }

    @Override
    String url() {
        return "jdbc:sqlite:" + file();
    }

    @Override
    void lose() throws Exception {
        Files.delete(file());
        Files.delete(file().resolveSibling(file().getFileName() + ".made"));
    }

    @Test
    void the_folder_and_the_file_are_for_their_owner_only() throws Exception {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file().getParent()))).isEqualTo("rwx------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file()))).isEqualTo("rw-------");
    }

    @Test
    void leases_and_claims_of_a_process_that_is_gone_are_over() throws Exception {
        Lease lease = take("crm");
        ledger.claim("x.yaml");
        restart();

        assertThat(ledger.orphanedFiles()).containsExactly("x.yaml");
        assertThat(ledger.claim("x.yaml").orElseThrow().starts()).isEqualTo(2);
        assertThat(ledger.orphanedFiles()).isEmpty();
        assertThat(take("crm").token()).isGreaterThan(lease.token());
    }

    @Test
    void a_second_one_on_the_same_file_is_told_that_it_is_in_use() {
        assertThatThrownBy(() -> opened(LEASE)).isExactlyInstanceOf(LedgerException.class)
                .hasMessageContaining("in use by another process");
    }

    @Test
    void an_intent_is_in_the_file_itself_before_anything_is_sent_and_what_is_found_out_again_need_not_be() throws Exception {
        Path log = file().resolveSibling("ledger.db-wal");
        Lease lease = take("crm");
        assertThat(Files.size(log)).as("taken, in the log").isPositive();

        ledger.begin(lease, key("crm", "flow"), "name", CALL);

        assertThat(Files.size(log)).isZero();
        ledger.complete(lease, key("crm", "flow"), 1, created("f1"));
        assertThat(Files.size(log)).isPositive();
        ledger.finish(lease, List.of(key("crm", "flow")));
        assertThat(Files.size(log)).isZero();
    }

    @Test
    void an_intent_that_does_not_get_to_the_disk_is_not_begun_and_one_of_unknown_outcome_afterwards() throws Exception {
        Lease lease = take("crm");
        LedgerRoom.Unsynced nothing = LedgerRoom.unsynced(ledger);
        assertThatThrownBy(() -> ledger.begin(lease, key("crm", "flow"), "name", CALL)).isExactlyInstanceOf(LedgerException.class)
                .hasMessageContaining("SQLITE_LOCKED");
        nothing.close();

        assertThat(ledger.begin(lease, key("crm", "flow"), "name", CALL).state()).as("it was committed").isEqualTo(State.UNRESOLVED);
        assertThat(ledger.trouble()).isEmpty();
    }

    @Test
    void it_is_kept_so_that_what_has_to_survive_a_power_cut_does() throws Exception {
        ledger.close();
        try (HikariDataSource pool = new HikariDataSource(Sqlite.at(url()).pool()); Connection connection = pool.getConnection();
             Statement statement = connection.createStatement()) {
            assertThat(pragma(statement, "journal_mode")).isEqualTo("wal");
            assertThat(pragma(statement, "synchronous")).isEqualTo("1");
            assertThat(pragma(statement, "locking_mode")).isEqualTo("exclusive");
        }
    }

    @Test
    void a_backup_is_taken_of_one_that_another_process_writes_to_and_restored_when_that_is_gone() throws Exception {
        ledger.close();
        Path backup = folder.resolve("backup.db");
        String last = "";
        try (Child child = new Child(folder, LedgerWriter.class, url(), "run")) {
            for (int n = 0; n < 20; n++) {
                last = child.line();
            }
            ledger.backUp(backup);
            assertThatThrownBy(() -> ledger.restore(backup)).isExactlyInstanceOf(LedgerException.class)
                    .hasMessageContaining("in use by another process");
            child.kill();
        }
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(backup))).isEqualTo("rw-------");
        assertThatThrownBy(() -> ledger.backUp(backup)).hasMessageContaining("exists already");
        Path aside = ledger.restore(backup).orElseThrow();

        ledger.open();
        assertThat(ledger.dataflow(last.substring(last.indexOf(' ') + 1)).isPresent() || last.startsWith("claimed ")).isTrue();
        assertThat(take("of the time since").resumed()).as("it is looked for before it is made").isTrue();
        assertThat(aside).hasParentRaw(file().getParent()).isRegularFile();
        ledger.close();
        Files.write(backup, new byte[] {1}, StandardOpenOption.APPEND);
        try (FileChannel damaged = FileChannel.open(backup, StandardOpenOption.WRITE)) {
            damaged.write(ByteBuffer.wrap(new byte[2_000]), 4_096);
        }
        assertThatThrownBy(() -> ledger.restore(backup)).isInstanceOf(UnusableLedgerException.class).hasMessageContaining("is damaged");
        ledger.open();
    }

    private static String pragma(Statement statement, String name) throws Exception {
        try (ResultSet result = statement.executeQuery("pragma " + name)) {
            return result.getString(1);
        }
    }

    @Test
    void another_process_is_told_that_it_is_in_use_and_gets_it_afterwards() throws Exception {
        try (Child child = new Child(folder, LedgerWriter.class, url(), "run")) {
            assertThat(child.line()).isNull();
            assertThat(child.exit()).isEqualTo(1);
        }
        ledger.close();
        try (Child child = new Child(folder, LedgerWriter.class, url(), "run")) {
            assertThat(child.line()).isEqualTo("claimed run-0");
            assertThatThrownBy(ledger::open).isExactlyInstanceOf(LedgerException.class).hasMessageContaining("in use by another process");
            child.kill();
            assertThat(child.exit()).isEqualTo(137);
        }
        ledger.open();
        assertThat(ledger.isOpen()).isTrue();
    }

    @Test
    void a_newer_ledger_is_not_touched() throws Exception {
        ledger.close();
        sql("insert into aep_ledger_history select 99, '99', 'later', type, 'V99__later.sql', 1, installed_by, installed_on, 1, success"
                + " from aep_ledger_history where version = '1'");
        byte[] before = Files.readAllBytes(file());

        assertThatThrownBy(ledger::open).isInstanceOf(UnusableLedgerException.class);
        assertThat(Files.readAllBytes(file())).isEqualTo(before);
    }

    @Test
    void an_empty_file_is_no_ledger_that_begins() throws Exception {
        ledger.close();
        Files.write(file(), new byte[0]);

        assertThatThrownBy(ledger::open).isInstanceOf(UnusableLedgerException.class).hasMessageContaining("is empty");
    }

    @Test
    void a_file_that_is_no_database_is_refused_and_left_as_it_is() throws Exception {
        ledger.close();
        Files.writeString(file(), "a letter of some length ".repeat(1_000));

        assertThatThrownBy(ledger::open).isInstanceOf(UnusableLedgerException.class).hasMessageContaining("damaged");
        assertThat(file()).hasContent("a letter of some length ".repeat(1_000));
    }

    @Test
    void a_database_of_something_else_is_refused() throws Exception {
        ledger.close();
        Files.delete(file());
        sql("create table contacts (name text)");

        assertThatThrownBy(ledger::open).isInstanceOf(UnusableLedgerException.class).hasMessageContaining("holds no ledger");
        assertThatThrownBy(() -> finds("select * from aep_step")).isInstanceOf(SQLException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"jdbc:mysql://host/db", "jdbc:sqlite:", "jdbc:sqlite::memory:", "jdbc:sqlite:x.db?journal_mode=off",
            "jdbc:sqlite:file:x.db", "data/ledger.db", "",
        "jdbc:postgresql://postgres:canary@host/db"})
    void a_url_that_cannot_be_a_ledger_is_refused(String url) {
        assertThatThrownBy(() -> new Ledger(url, "", "", "org", "prod", LEASE).open()).isInstanceOf(UnusableLedgerException.class)
                .hasMessageStartingWith("The ledger").hasMessageNotContaining("canary");
    }

    @Test
    void a_folder_that_cannot_be_made_is_worth_another_try() throws Exception {
        Path blocked = Files.writeString(folder.resolve("blocked"), "a file");
        Ledger ledger = new Ledger("jdbc:sqlite:" + blocked.resolve("ledger.db"), "", "", "org", "prod", LEASE);

        assertThatThrownBy(ledger::open).isExactlyInstanceOf(LedgerException.class).hasMessageContaining("cannot be made");
        Files.delete(blocked);
        ledger.open();
        assertThat(ledger.isOpen()).isTrue();
        ledger.close();
    }

    @Test
    void a_ledger_in_which_nothing_is_may_change_its_organization() throws Exception {
        ledger.claim("x.yaml");
        ledger.close();

        ledger("other", "dev", LEASE).open();
        assertThatThrownBy(ledger::open).isInstanceOf(LedgerException.class);
        made.forEach(Ledger::close);
        Ledger other = ledger("other", "dev", LEASE);
        other.open();
        other.take("crm", "digest", FIELDS, "crm.yaml");
        other.close();
        assertThatThrownBy(ledger::open).isInstanceOf(UnusableLedgerException.class)
                .hasMessageContaining("belongs to organization other, sandbox dev, but the settings aep.org-id and aep.sandbox say");
    }
}
