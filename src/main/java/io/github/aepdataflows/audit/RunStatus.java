package io.github.aepdataflows.audit;

import java.util.Locale;

/** What a run has come to. The Platform's spellings differ between its documents; unheard-of ones are UNRECOGNISED. */
enum RunStatus {

    PENDING, RUNNING, SUCCEEDED, FAILED, UNRECOGNISED;

    static RunStatus of(String text) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "scheduled", "waiting" -> PENDING;
            case "inprogress", "processing" -> RUNNING;
            case "success" -> SUCCEEDED;
            case "failed" -> FAILED;
            default -> UNRECOGNISED;
        };
    }
}
