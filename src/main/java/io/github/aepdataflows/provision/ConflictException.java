package io.github.aepdataflows.provision;

import io.github.aepdataflows.platform.PlatformException;
import java.util.Optional;

/** What exists, here or at the Platform, is not what the definition describes, and it is not ours to change it. */
public final class ConflictException extends Exception {

    private final String advice;
    private final transient PlatformException refusal;

    /**
     * @param message what is in the way, with all ids
     * @param advice  what to do about it, as a sentence
     */
    public ConflictException(String message, String advice) {
        this(message, advice, null);
    }

    /** @param refusal in which the Platform has said so; null when it has not */
    public ConflictException(String message, String advice, PlatformException refusal) {
        super(message);
        this.advice = advice;
        this.refusal = refusal;
    }

    Optional<PlatformException> refusal() {
        return Optional.ofNullable(refusal);
    }

    public String advice() {
        return advice;
    }
}
