package io.github.aepdataflows.ledger;

/** The ledger is damaged, or is not the one that belongs here: no further try helps until somebody mends what the message says. */
public final class UnusableLedgerException extends LedgerException {

    public UnusableLedgerException(String message) {
        super(message);
    }

    public UnusableLedgerException(String message, Throwable cause) {
        super(message, cause);
    }
}
