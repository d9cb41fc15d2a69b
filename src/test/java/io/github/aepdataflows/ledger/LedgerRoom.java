package io.github.aepdataflows.ledger;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** What a disk does to a SQLite ledger: it has no more room, does not write, or forgets what was written. */
public final class LedgerRoom {

    private LedgerRoom() {
    }

    /** It may not grow any more. */
    public static void full(Ledger ledger) throws LedgerException {
        pages(ledger, 1);
    }

    public static void free(Ledger ledger) throws LedgerException {
        pages(ledger, Integer.MAX_VALUE);
    }

    private static void pages(Ledger ledger, int most) throws LedgerException {
        ledger.opened().change(tx -> tx.session().execute("pragma max_page_count = " + most));
    }

    /**
     * What is committed next does not get from the log to the disk: a query that is not read to its end keeps SQLite from emptying the log,
     * until this is closed, or the ledger has looked whether it can write again.
     */
    public static Unsynced unsynced(Ledger ledger) throws LedgerException {
        List<Statement> open = new ArrayList<>();
        ledger.opened().change(tx -> {
            try {
                Statement query = tx.session().connection().createStatement();
                query.executeQuery("select name from sqlite_master").next();
                open.add(query);
            } catch (SQLException e) {
                throw new DatabaseException(e);
            }
        });
        return () -> open.get(0).close();
    }

    /** Until it is closed. */
    public interface Unsynced extends AutoCloseable {
        @Override
        void close() throws SQLException;
    }

    /** Turns a bit of the file over, as a bad disk does. */
    public static void flip(Path file, long position, int bit) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer one = ByteBuffer.allocate(1);
            channel.read(one, position);
            one.put(0, (byte) (one.get(0) ^ bit));
            channel.write(one.flip(), position);
        }
    }
}
