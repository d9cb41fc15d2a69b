package io.github.aepdataflows.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.aepdataflows.definition.DefinitionFile;
import io.github.aepdataflows.definition.DefinitionPart;
import io.github.aepdataflows.definition.DefinitionReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * One definition that a command line means: all that a file holds, or one of several in it. A file that cannot be read is one, too.
 *
 * @param file       as it was named, or {@code <stdin>}: where the lines of faults are
 * @param fileName   what the ledger is to call the file; empty for standard input
 * @param part       what the routes take; absent where it cannot be read
 * @param several    whether the file holds more than this one
 * @param unreadable why it cannot be read
 */
record DefinitionSource(String file, String fileName, DefinitionPart part, boolean several, Optional<String> unreadable) {

    static final String STANDARD_INPUT = "-";

    private static final ObjectMapper JSON = new ObjectMapper();

    /** All that the file of this name holds, in its order. */
    static List<DefinitionSource> of(String name) {
        String file = name.equals(STANDARD_INPUT) ? "<stdin>" : name;
        String fileName = name.equals(STANDARD_INPUT) ? "" : Path.of(name).getFileName().toString();
        try (InputStream in = name.equals(STANDARD_INPUT) ? System.in : Files.newInputStream(Path.of(name))) {
            List<DefinitionPart> parts = DefinitionFile.parts(in.readNBytes(DefinitionReader.MAX_BYTES + 1));
            return parts.stream().map(part -> new DefinitionSource(file, fileName, part, parts.size() > 1, Optional.empty())).toList();
        } catch (IOException e) {
            String why = e instanceof NoSuchFileException ? "there is no such file"
                    : Files.isDirectory(Path.of(name)) ? "cannot be read: no definition is in this folder"
                    : "cannot be read: " + e.getMessage();
            return List.of(new DefinitionSource(file, fileName, null, false, Optional.of(why)));
        }
    }

    /** The same, which is not to be used, as another file describes a dataflow of its name. */
    DefinitionSource after(DefinitionSource first) {
        return new DefinitionSource(file, fileName, part.after(first.part(), first.file()), several, unreadable);
    }

    /** Tells it from others: the file, and of one of several its name, or its line where it gives none. */
    String label() {
        return several ? part.label(file) : file;
    }

    /** What a JSON document says of it before anything else: {@code file}, and of one of several {@code line} and {@code dataflow}. */
    ObjectNode document() {
        ObjectNode document = JSON.createObjectNode().put("file", file);
        return several ? document.put("line", part.line()).put("dataflow", part.name().orElse(null)) : document;
    }
}
