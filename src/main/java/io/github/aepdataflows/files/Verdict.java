package io.github.aepdataflows.files;

/** What becomes of a file of the inbox that was worked on. */
public enum Verdict {

    /** It goes to done/. */
    DONE,
    /** It goes to failed/. */
    FAILED,
    /** It stays, and is left alone for a while. */
    POSTPONE,
    /** It stays, and all files are left alone for a while. */
    PAUSE,
    /** The same, because this is not the first that the Platform refuses for a cause that no definition can mend. */
    ALARM,
    /** Another instance has it by now. */
    GONE;

    public boolean isMoved() {
        return isDone() || this == FAILED;
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

    /** Name of the folder that it goes to. */
    String folder() {
        return isDone() ? "done" : "failed";
    }
}
