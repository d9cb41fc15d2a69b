package io.github.aepdataflows.definition;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** A file that a definition names cannot be read now, which says nothing of the definition. */
public final class UnreadableFileException extends IOException {

    private static final long serialVersionUID = 1L;

    private final String dataflow;

    /** @param dataflow the name that the definition gives; null when it gives none */
    UnreadableFileException(String dataflow, Path file, String why, IOException cause) {
        super("%s cannot be read: %s".formatted(file, why), cause);
        this.dataflow = dataflow;
    }

    /** Name of the dataflow as far as the definition tells. */
    public Optional<String> dataflow() {
        return Optional.ofNullable(dataflow);
    }
}
