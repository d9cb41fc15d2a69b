package io.github.aepdataflows.ledger;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** What a disk does to a SQLite ledger: it has no more room, or forgets what was written. */
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
