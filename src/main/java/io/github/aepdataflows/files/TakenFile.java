package io.github.aepdataflows.files;

import io.github.aepdataflows.ledger.FileClaim;
import java.nio.file.Path;

/** A file of the inbox that is worked on, and what becomes of it. Lives in the exchange variable {@code aepTaken}. */
public final class TakenFile {

    static final String VARIABLE = "aepTaken";

    final String name;
    final FileClaim claim;
    final byte[] content;
    Verdict verdict = Verdict.STAYS;
    /** Where it belongs. */
    Path target;

    TakenFile(String name, FileClaim claim, byte[] content) {
        this.name = name;
        this.claim = claim;
        this.content = content;
    }

    public byte[] getContent() {
        return content;
    }

    /** Whether it goes to done/ or failed/. */
    public boolean isMoved() {
        return verdict != Verdict.STAYS;
    }

    public boolean isDone() {
        return verdict == Verdict.DONE;
    }

    /** As in {@code done/x.yaml}: a text, for in the text of a log Camel puts the content of a Path, not its name. */
    public String getPlace() {
        return folder() + "/" + target.getFileName();
    }

    String folder() {
        return isDone() ? "done" : "failed";
    }
}
