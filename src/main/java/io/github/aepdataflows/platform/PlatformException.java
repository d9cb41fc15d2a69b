package io.github.aepdataflows.platform;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/** A call to the Platform, or to its token service, that did not succeed. Carries no secret and no request. */
public final class PlatformException extends IOException {

    private static final long serialVersionUID = 1L;
    private static final String NO_SECRET = "NO-SECRET";
    private static final String NOT_READY = "NOT-READY";

    private final Outcome outcome;
    private final String method;
    private final int status;
    private final String code;
    private final String text;
    private final String requestId;
    private final transient Duration retryAfter;
    private final boolean withheld;

    private PlatformException(Outcome outcome, String call, int status, PlatformError error, String requestId,
                              Duration retryAfter, Throwable cause, boolean withheld) {
        super(call + " " + describe(status, error), cause);
        this.outcome = outcome;
        this.method = call.substring(0, call.indexOf(' '));
        this.status = status;
        this.code = error.code();
        this.text = error.message();
        this.requestId = requestId;
        this.retryAfter = retryAfter;
        this.withheld = withheld;
    }

    /** An answer that is no success. */
    static PlatformException answered(String call, int status, PlatformError error, String requestId, Duration retryAfter) {
        return new PlatformException(Outcome.of(status, error), call, status, error, requestId, retryAfter, null, false);
    }

    /** A success whose content cannot be used: the resource may well exist, but under which id is not known. */
    public static PlatformException unusable(String method, String why) {
        return new PlatformException(Outcome.UNKNOWN, method + " succeeded, but", 0, new PlatformError("", why), "", null, null, false);
    }

    /** No answer, or only a part of one. */
    static PlatformException noAnswer(Outcome outcome, String call, String why, Throwable cause) {
        return noAnswer(outcome, call, why, null, cause);
    }

    /** No answer that is any use, but perhaps the wish to be left alone for a while; null for none. */
    static PlatformException noAnswer(Outcome outcome, String call, String why, Duration retryAfter, Throwable cause) {
        return new PlatformException(outcome, call, 0, new PlatformError("", why), "", retryAfter, cause, false);
    }

    /** A call that we did not let go out: nothing was sent, and it tells nothing about the Platform. */
    static PlatformException withheld(Outcome outcome, String call, String why, Duration retryAfter) {
        return new PlatformException(outcome, call, 0, new PlatformError("", why), "", retryAfter, null, true);
    }

    /** Something that a definition needs is still being made at the Platform: whoever needs it has to wait, and nobody else. */
    public static PlatformException notReady(String what) {
        return new PlatformException(Outcome.UNKNOWN, "GET succeeded, but", 0, new PlatformError(NOT_READY, what), "", null, null, false);
    }

    /** Whether only the definition at hand has to wait. */
    public boolean isNotReady() {
        return getCode().equals(NOT_READY);
    }

    /** A create that we did not send, because it needs a secret that nobody has given us. */
    static PlatformException withoutSecret(String call, String why) {
        return new PlatformException(Outcome.NOT_SENT, call, 0, new PlatformError(NO_SECRET, why), "", null, null, true);
    }

    private static String describe(int status, PlatformError error) {
        StringBuilder text = new StringBuilder();
        if (status > 0) {
            text.append(status).append(' ');
        }
        if (!error.code().isEmpty()) {
            text.append(error.code()).append(' ');
        }
        return text.append(error.message()).toString().strip();
    }

    public Outcome getOutcome() {
        return outcome;
    }

    /** HTTP method of the call. */
    public String getMethod() {
        return method;
    }

    /** HTTP status of the answer; 0 when there was none. */
    public int getStatus() {
        return status;
    }

    /** The Platform's error code, or {@code NO-SECRET}; empty when there is none. */
    public String getCode() {
        return code;
    }

    /** The Platform's own text, or ours when it gave none. */
    public String getText() {
        return text;
    }

    /** The answer's {@code x-request-id}, for Adobe's support; empty when it gave none. */
    public String getRequestId() {
        return requestId;
    }

    /** As in {@code " (request 3f…)"}; empty when the answer gave no id. */
    public String requestWords() {
        return requestId.isEmpty() ? "" : " (request %s)".formatted(requestId);
    }

    /** Whether we ourselves kept the call from being sent. */
    public boolean isWithheld() {
        return withheld;
    }

    /** How long to wait before the call is tried again, already capped; absent where nobody has asked for a certain time. */
    public Optional<Duration> retryAfter() {
        return Optional.ofNullable(retryAfter);
    }
}
