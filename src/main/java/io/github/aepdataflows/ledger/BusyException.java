package io.github.aepdataflows.ledger;

/** Somebody else is at work on it. */
public final class BusyException extends LedgerException {

    public BusyException(String message) {
        super(message);
    }
}
