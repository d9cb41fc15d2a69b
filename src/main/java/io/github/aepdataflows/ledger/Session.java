package io.github.aepdataflows.ledger;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;

/**
 * A connection to the database, and its statements, each of which is prepared once. For one thread at a time. All methods throw
 * {@link DatabaseException}.
 */
final class Session implements AutoCloseable {

    /** Makes something of the row at which the result stands. */
    interface Reader<R> {
        R read(ResultSet row) throws SQLException;
    }

    /** What is done in a transaction. */
    interface Transact {
        void run() throws LedgerException;
    }

    private final Connection connection;
    private final Map<String, PreparedStatement> prepared = new HashMap<>();

    private boolean written;

    Session(Connection connection) {
        this.connection = connection;
    }

    static Session of(DataSource source) {
        try {
            return new Session(source.getConnection());
        } catch (SQLException e) {
            throw new DatabaseException(e);
        }
    }

    Connection connection() {
        return connection;
    }

    /** @param values String, number or null */
    void execute(String sql, Object... values) {
        try {
            written = true;
            PreparedStatement statement = bound(sql, values);
            if (statement.execute()) {
                statement.getResultSet().close();   // as of some pragmas
            }
        } catch (SQLException e) {
            throw new DatabaseException(e);
        }
    }

    /** @param values String, number or null */
    <R> List<R> select(String sql, Reader<R> reader, Object... values) {
        try (ResultSet result = bound(sql, values).executeQuery()) {
            List<R> rows = new ArrayList<>();
            while (result.next()) {
                rows.add(reader.read(result));
            }
            return rows;
        } catch (SQLException e) {
            throw new DatabaseException(e);
        }
    }

    private PreparedStatement bound(String sql, Object... values) throws SQLException {
        PreparedStatement statement = prepared.get(sql);
        if (statement == null) {
            statement = connection.prepareStatement(sql);
            prepared.put(sql, statement);
        }
        for (int i = 0; i < values.length; i++) {
            statement.setObject(i + 1, values[i]);
        }
        return statement;
    }

    /** Commits what the work has done, or nothing of it when it fails. */
    void inTransaction(Transact work) throws LedgerException {
        try {
            written = false;
            connection.setAutoCommit(false);
            boolean done = false;
            try {
                work.run();
                connection.commit();
                connection.setAutoCommit(true);
                done = true;
            } finally {
                if (!done) {
                    undo();
                }
            }
        } catch (SQLException e) {
            throw new DatabaseException(e);
        }
    }

    /** Some failures have ended the transaction themselves: then there is nothing left to roll back. */
    private void undo() {
        try {
            connection.rollback();
        } catch (SQLException e) {
            // it has been
        }
        try {
            connection.setAutoCommit(true);
        } catch (SQLException e) {
            // the driver does so by a commit
        }
    }

    /** Whether the last transaction has written anything. */
    boolean hasWritten() {
        return written;
    }

    /** Leaves the connection to the pool, and it closes the statements. */
    @Override
    public void close() {
        try {
            connection.close();
        } catch (SQLException e) {
            // the pool rolls back what is ended already; whatever was to be committed, was
        }
    }
}
