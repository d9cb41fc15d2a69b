package io.github.aepdataflows.ledger;

/** It was released, or somebody took it over after this one had been silent for too long: nothing more may be done in its name. */
public final class LeaseLostException extends LedgerException {

    public LeaseLostException(String message) {
        super(message);
    }
}
