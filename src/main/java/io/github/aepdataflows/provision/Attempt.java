package io.github.aepdataflows.provision;

import io.github.aepdataflows.ledger.Result;
import io.github.aepdataflows.platform.PlatformException;
import java.util.Optional;

/** One attempt to create a resource, its intent in the ledger, as long as a definition works on it here. */
final class Attempt {

    private final int number;
    private final Optional<Long> sendBefore;
    private VisibilityWait visibility;
    private boolean sent;
    private Result created;
    private Result result;
    private boolean verified;
    private PlatformException conflict;

    private Attempt(int number, Optional<Long> sendBefore, VisibilityWait visibility) {
        this.number = number;
        this.sendBefore = sendBefore;
        this.visibility = visibility;
    }

    /** An attempt that was begun here and now. {@code sendBefore} is of {@link System#nanoTime}. */
    static Attempt begun(int number, long sendBefore, VisibilityWait visibility) {
        return new Attempt(number, Optional.of(sendBefore), visibility);
    }

    /** An earlier attempt, which may or may not have made something. */
    static Attempt earlier(int number, VisibilityWait visibility) {
        return new Attempt(number, Optional.empty(), visibility);
    }

    int number() {
        return number;
    }

    /** Whether nothing was sent for it: it may be now. */
    boolean isUnsent() {
        return sendBefore.isPresent() && !sent;
    }

    /** Whether it was sent here and now. */
    boolean isSent() {
        return sent;
    }

    /** It is sent now, at the latest by the time that is returned. */
    long send() {
        sent = true;
        return sendBefore.orElseThrow();
    }

    /** The attempt is over, and nobody can tell what it has made. */
    void isOver(VisibilityWait fresh) {
        visibility = fresh;
    }

    VisibilityWait visibility() {
        return visibility;
    }

    /** What the answer to its create says. What is looked at afterwards has answers of its own. */
    void created(Result answer) {
        created = answer;
    }

    Result created() {
        return created;
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
