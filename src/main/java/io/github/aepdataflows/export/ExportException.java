package io.github.aepdataflows.export;

import java.util.List;

/** A flow that no definition describes, or none that is meant. Nothing was changed. */
public final class ExportException extends Exception {

    private static final long serialVersionUID = 1L;

    private final List<String> reasons;

    /**
     * @param what    which flow, as in {@code flow 1234 (CRM contacts)}, and what cannot be done
     * @param reasons all of them, each with what to do about it where there is anything
     */
    ExportException(String what, List<String> reasons) {
        super(what + ": " + String.join("; ", reasons));
        this.reasons = List.copyOf(reasons);
    }

    public List<String> reasons() {
        return reasons;
    }
}
