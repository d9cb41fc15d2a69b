package io.github.aepdataflows.ledger;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * A copy of a SQLite ledger that somebody may be writing to, taken without a lock, without a wait and without a trace beside it.
 *
 * <p>It is what a power cut would leave: a commit goes into the log (-wal) first, and from there into the file, whereupon the log is
 * emptied. So the file is copied while nothing goes from the log into it: it reads the same twice, and the log is the same before and
 * after. SQLite makes it whole from the log. Else it is copied anew.
 *
 * <p>Not for the process that has the ledger open: a system like Linux takes a process' locks away as soon as it closes the file
 * anywhere.
 */
final class LedgerCopy {

    private static final int TRIES = 200;

    private LedgerCopy() {
    }

    /** A folder of our own that is gone when the program has ended, with what becomes of a ledger in it. */
    static Path folder() throws LedgerException {
        try {
            Path folder = Files.createTempDirectory("aep-ledger");
            Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(folder)));
            return folder;
        } catch (IOException e) {
            throw LedgerException.of("the ledger cannot be copied", e);
        }
    }

    private static void delete(Path folder) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
            for (Path file : files) {
                Files.delete(file);
            }
            Files.delete(folder);
        } catch (IOException e) {
            // it is among what the system clears away
        }
    }

    /** Copies the ledger, if there is one. */
    static void take(Path ledger, Path copy) throws LedgerException {
        try {
            for (int attempt = 0; attempt < TRIES; attempt++) {
                byte[] before = log(ledger);
                if (!Files.exists(ledger)) {
                    return;
                }
                write(ledger, copy);
                boolean isStill = Files.mismatch(ledger, copy) < 0;
                if (isStill && Arrays.equals(before, log(ledger))) {
                    Files.write(logOf(copy), before);
                    return;
                }
            }
        } catch (IOException e) {
            throw LedgerException.of("The ledger %s cannot be read".formatted(ledger), e);
        }
        throw new LedgerException("The ledger %s was written to without a pause".formatted(ledger));
    }

    /** The content alone: the mode stays that of the copy, for the ledger's may forbid to write. */
    static void write(Path ledger, Path copy) throws IOException {
        try (InputStream content = Files.newInputStream(ledger); OutputStream out = Files.newOutputStream(copy)) {
            content.transferTo(out);
        }
    }

    private static Path logOf(Path ledger) {
        return ledger.resolveSibling(ledger.getFileName() + "-wal");
    }

    private static byte[] log(Path ledger) throws IOException {
        try {
            return Files.readAllBytes(logOf(ledger));
        } catch (NoSuchFileException e) {
            return new byte[0];
        }
    }
}
