package io.github.aepdataflows.ledger;

/** The resource is recorded as another step's already. */
public final class UsedIdException extends LedgerException {

    public UsedIdException(String message) {
        super(message);
    }
}
