package io.github.aepdataflows.provision;

import io.github.aepdataflows.ledger.Result;
import io.github.aepdataflows.ledger.StepKey;
import io.github.aepdataflows.platform.PlatformException;
import java.util.Optional;

/** One attempt of a step, its intent in the ledger, as long as a definition works on it here. */
final class OpenStep {

    private final StepKey key;
    private final String name;
    private final int attempt;
    private final Optional<Long> sendBefore;
    private Settling settling;
    private boolean sent;
    private Result result;
    private boolean verified;
    private PlatformException conflict;

    private OpenStep(StepKey key, String name, int attempt, Optional<Long> sendBefore, Settling settling) {
        this.key = key;
        this.name = name;
        this.attempt = attempt;
        this.sendBefore = sendBefore;
        this.settling = settling;
    }

    /** An attempt that was begun here and now. {@code sendBefore} is of {@link System#nanoTime}. */
    static OpenStep ofOurs(StepKey key, String name, int attempt, long sendBefore, Settling settling) {
        return new OpenStep(key, name, attempt, Optional.of(sendBefore), settling);
    }

    /** An attempt of before, which may or may not have made something. */
    static OpenStep ofBefore(StepKey key, String name, int attempt, Settling settling) {
        return new OpenStep(key, name, attempt, Optional.empty(), settling);
    }

    StepKey key() {
        return key;
    }

    /** The natural key of what it makes. */
    String name() {
        return name;
    }

    int attempt() {
        return attempt;
    }

    /** Whether nothing was sent for it: it may be now. */
    boolean isUnsent() {
        return sendBefore.isPresent() && !sent;
    }

    /** It is sent now, at the latest by the time that is returned. */
    long send() {
        sent = true;
        return sendBefore.orElseThrow();
    }

    /** The attempt is over, and nobody can tell what it has made. */
    void isOver(Settling fresh) {
        settling = fresh;
    }

    Settling settling() {
        return settling;
    }

    /** What the Platform has answered, kept until it is in the ledger; null when it turned out to be another call's. */
    void answered(Result answer, boolean isVerified) {
        result = answer;
        verified = isVerified;
    }

    /** An answer that only has to be recorded. */
    Optional<Result> verifiedResult() {
        return Optional.ofNullable(result).filter(answer -> verified);
    }

    /** An answer of which nobody has seen yet whether it is this create's. */
    Optional<Result> unverifiedResult() {
        return Optional.ofNullable(result).filter(answer -> !verified);
    }

    /** The Platform has refused the create because what it makes, or its name, exists. */
    void conflictsBy(PlatformException refusal) {
        conflict = refusal;
    }

    Optional<PlatformException> conflict() {
        return Optional.ofNullable(conflict);
    }
}
