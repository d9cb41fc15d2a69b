package io.github.aepdataflows.platform;

/**
 * What a failed call to the Platform tells about its effect. The one place that decides; who retries what follows from
 * it in {@code routes/errors.camel.yaml}.
 */
public enum Outcome {

    /** The request never left: no connection, no token yet. Nothing can have been made. */
    NOT_SENT,
    /** Our credentials, organization or sandbox are refused. Nothing was made, and no definition is to blame. */
    MISCONFIGURED,
    /** The gateway refused the token before a service saw the request. */
    UNAUTHORIZED,
    /** The gateway refused the request for now, before a service saw it. */
    THROTTLED,
    /** The Platform refused the request for good. Nothing was made. */
    REJECTED,
    /** What was to be made, or its name, exists already. */
    CONFLICT,
    /** Sent, and nobody can tell whether it took effect. */
    UNKNOWN;

    /** Class of an answer that is no success, by its HTTP status and the Platform's own error. */
    static Outcome of(int status, PlatformError error) {
        if (status >= 400 && status < 500 && error.isAboutOurSettings()) {
            return MISCONFIGURED;
        }
        return switch (status) {
            case 401 -> UNAUTHORIZED;
            case 429 -> THROTTLED;
            case 409, 412 -> CONFLICT;
            case 408, 425 -> UNKNOWN;
            default -> status < 400 || status >= 500 ? UNKNOWN : error.saysNameIsTaken() ? CONFLICT : REJECTED;
        };
    }
}
