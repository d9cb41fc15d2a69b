package io.github.aepdataflows.ledger;

import java.sql.SQLException;

/** What the database has said, on its way through code that does not expect it: {@link Store} turns it into a {@link LedgerException}. */
final class DatabaseException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    DatabaseException(SQLException cause) {
        super(cause.getMessage(), cause);
    }
}
