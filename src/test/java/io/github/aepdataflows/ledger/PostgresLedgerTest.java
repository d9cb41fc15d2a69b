package io.github.aepdataflows.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class PostgresLedgerTest extends LedgerContract {

    private static final AtomicInteger DATABASES = new AtomicInteger();

    private static EmbeddedPostgres server;

    private String database;

    @BeforeAll
    static void start() throws Exception {
        server = EmbeddedPostgres.start();
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    @Override
    String url() {
        if (database == null) {
            database = "ledger" + DATABASES.incrementAndGet();
            execute("postgres", "create database " + database);
        }
        return server.getJdbcUrl("postgres", database);
    }

    @Override
    void lose() {
        database = null;
    }

    private static void execute(String database, String... statements) {
        try (Connection connection = DriverManager.getConnection(server.getJdbcUrl("postgres", database)); Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void what_another_instance_has_in_hand_is_not_ours() throws Exception {
        Ledger other = opened(LEASE);
        Lease lease = take("crm");
        FileClaim claim = ledger.claim("x.yaml").orElseThrow();

        assertThatThrownBy(() -> other.take("crm", "d", FIELDS, "y.yaml")).isInstanceOf(BusyException.class);
        assertThat(other.claim("x.yaml")).isEmpty();
        assertThat(other.orphanedFiles()).isEmpty();
        ledger.release(lease);
        ledger.release(claim);
        assertThat(other.take("crm", "d", FIELDS, "y.yaml").token()).isGreaterThan(lease.token());
        assertThat(other.claim("x.yaml").orElseThrow().starts()).isEqualTo(1);
    }
}
