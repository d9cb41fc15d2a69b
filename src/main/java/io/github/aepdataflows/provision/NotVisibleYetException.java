package io.github.aepdataflows.provision;

import io.github.aepdataflows.platform.PlatformException;
import java.time.Duration;
import java.util.Optional;

/** A resource may have been made, or may have come into being without us, and is not visible yet. Look again. */
public final class NotVisibleYetException extends Exception {

    private final transient Duration wait;
    private final transient PlatformException refusal;

    public NotVisibleYetException(String message, Duration wait) {
        this(message, wait, null);
    }

    /**
     * @param refusal what the Platform has said, if anything; else null. It is not the cause: Camel would take the policy of the
     *                cause, and this is no failure yet
     */
    NotVisibleYetException(String message, Duration wait, PlatformException refusal) {
        super(message);
        this.wait = wait;
        this.refusal = refusal;
    }

    Optional<PlatformException> refusal() {
        return Optional.ofNullable(refusal);
    }

    /** How long to wait before the next look. */
    Duration untilNextLook() {
        return wait;
    }
}
