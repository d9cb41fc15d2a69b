package io.github.aepdataflows.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteLedgerTest extends LedgerContract {

    @TempDir
    Path folder;

    private Path file() {
        return folder.resolve("data/ledger/ledger.db");
    }

    @Override
    String url() {
        return "jdbc:sqlite:" + file();
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
        assertThatThrownBy(() -> opened(LEASE)).isExactlyInstanceOf(LedgerException.class).hasMessageContaining("in use by another process");
    }
}
