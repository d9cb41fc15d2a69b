package io.github.aepdataflows.files;

/** What becomes of a file of the inbox that was worked on: it goes to done/ or failed/, or stays. */
public enum Verdict {

    DONE, FAILED, STAYS;

    public boolean isMoved() {
        return this != STAYS;
    }

    public boolean isDone() {
        return this == DONE;
    }
}
