package io.github.aepdataflows.provision;

/** What exists, here or at the Platform, is not what the definition describes, and it is not ours to change it. */
public final class ConflictException extends Exception {

    private static final long serialVersionUID = 1L;

    private final String advice;

    /**
     * @param message what is in the way, with all ids
     * @param advice  what to do about it, as a sentence
     */
    ConflictException(String message, String advice) {
        super(message);
        this.advice = advice;
    }

    String advice() {
        return advice;
    }
}
