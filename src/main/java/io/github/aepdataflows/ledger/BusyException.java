package io.github.aepdataflows.ledger;

import java.time.Duration;

/** Somebody else has it in hand. */
public final class BusyException extends LedgerException {

    private static final long serialVersionUID = 1L;

    private final String holder;
    private final Duration remaining;

    public BusyException(String message, String holder, Duration remaining) {
        super(message);
        this.holder = holder;
        this.remaining = remaining;
    }

    /** Who has it: the name of a file, or a dataflow in words. */
    public String holder() {
        return holder;
    }

    /** How long they have it at most, unless they give another sign of life; zero when it is over already. */
    public Duration remaining() {
        return remaining;
    }
}
