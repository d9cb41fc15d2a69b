package io.github.aepdataflows;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** A PostgreSQL for all tests of a class, which registers it as a static field. */
public final class PostgresServer implements BeforeAllCallback, AfterAllCallback {

    private EmbeddedPostgres server;

    @Override
    public void beforeAll(ExtensionContext tests) throws IOException {
        server = EmbeddedPostgres.start();
    }

    @Override
    public void afterAll(ExtensionContext tests) throws IOException {
        server.close();
    }

    public EmbeddedPostgres server() {
        return server;
    }

    public int port() {
        return server.getPort();
    }

    /** Of the database that is there from the start. */
    public String url() {
        return server.getJdbcUrl("postgres", "postgres");
    }

    /** What is in that database goes. */
    public void empty() throws SQLException {
        execute("drop schema public cascade", "create schema public");
    }

    public void execute(String... statements) throws SQLException {
        try (Connection connection = server.getPostgresDatabase().getConnection(); Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }
}
