package io.github.aepdataflows.resource;

import java.util.Locale;

/**
 * What a run has come to. PARTIAL is a success in name, though records failed or errors were noted: the normal form of partial ingestion.
 * The Platform's spellings differ between its documents; unheard-of ones are UNRECOGNISED.
 */
public enum RunStatus {

    OPEN, SUCCEEDED, PARTIAL, FAILED, UNRECOGNISED;

    static RunStatus of(String text, boolean withLosses) {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "scheduled", "waiting", "inprogress", "processing" -> OPEN;
            case "success" -> withLosses ? PARTIAL : SUCCEEDED;
            case "failed" -> FAILED;
            default -> UNRECOGNISED;
        };
    }
}
