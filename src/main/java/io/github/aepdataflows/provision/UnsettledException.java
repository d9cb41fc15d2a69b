package io.github.aepdataflows.provision;

import java.time.Duration;

/** A resource may have been made, or may have come into being behind our back, and does not show yet. Look again. */
public final class UnsettledException extends Exception {

    private static final long serialVersionUID = 1L;

    private final transient Duration wait;

    UnsettledException(String message, Duration wait, Exception cause) {
        super(message, cause);
        this.wait = wait;
    }

    /** How long to wait before the next look. */
    Duration untilNextLook() {
        return wait;
    }
}
