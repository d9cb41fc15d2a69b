package io.github.aepdataflows.files;

/** What becomes of a file of the inbox that was worked on. */
public enum Verdict {

    DONE("done"),
    FAILED("failed"),
    /** It stays, and is left alone for a while. */
    POSTPONE(""),
    /** It stays, and all files are left alone for a while. */
    PAUSE(""),
    /** The same, because this is not the first that the Platform refuses for a cause that no definition can mend. */
    ALARM(""),
    /** Another instance has it by now. */
    GONE("");

    private final String folder;

    Verdict(String folder) {
        this.folder = folder;
    }

    /** The folder that it goes to; empty where it stays. */
    String folder() {
        return folder;
    }

    public boolean isMoved() {
        return !folder.isEmpty();
    }

    public boolean isDone() {
        return this == DONE;
    }

    public boolean isAlarm() {
        return this == ALARM;
    }

    public boolean isGone() {
        return this == GONE;
    }
}
