package io.github.aepdataflows.ledger;

/** The ledger could not do it now; it may be worth another try. The message is a sentence for an operator, without credentials. */
public class LedgerException extends Exception {

    public LedgerException(String message) {
        super(message);
    }

    public LedgerException(String message, Throwable cause) {
        super(message, cause);
    }
}
