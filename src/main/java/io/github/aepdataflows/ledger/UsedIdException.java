package io.github.aepdataflows.ledger;

/** The resource is recorded as another step's already. */
public final class UsedIdException extends LedgerException {

    private static final long serialVersionUID = 1L;

    private final String owner;

    public UsedIdException(String message, String owner) {
        super(message);
        this.owner = owner;
    }

    /** Name of the dataflow that has it; empty when it is shared by the sandbox. */
    public String owner() {
        return owner;
    }
}
