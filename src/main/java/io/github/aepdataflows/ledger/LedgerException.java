package io.github.aepdataflows.ledger;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** The ledger could not do it now; it may be worth another try. The message is a sentence for an operator, without credentials. */
public class LedgerException extends Exception {

    public LedgerException(String message) {
        super(message);
    }

    public LedgerException(String message, Throwable cause) {
        super(message, cause);
    }

    /** @param what could not be done with a file, as a sentence without its reason */
    static LedgerException of(String what, IOException cause) {
        String why = cause instanceof AccessDeniedException denied ? "access to %s is denied".formatted(denied.getFile())
                : cause instanceof NoSuchFileException absent ? "there is no %s".formatted(absent.getFile())
                : cause instanceof FileSystemException failure ? "%s: %s".formatted(failure.getFile(), failure.getReason())
                : cause.getMessage();
        return new LedgerException("%s: %s".formatted(what, why), cause);
    }
}
