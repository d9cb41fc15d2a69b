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
 * @param label      tells it from others: the file; of one of several {@code file#name}, or by its line where it gives no name
 * @param fileName   what the ledger is to call the file; empty for standard input
 * @param part       which of several it is; empty where the file holds only one
 * @param body       what the routes take
 * @param unreadable why there is no body; empty where there is one
 */
record DefinitionSource(String file, String label, String fileName, Optional<DefinitionPart> part, Object body, Optional<String> unreadable) {

    static final String STANDARD_INPUT = "-";

    private static final ObjectMapper JSON = new ObjectMapper();

    /** All that the file of this name holds, in its order. */
    static List<DefinitionSource> of(String name) {
        String file = name.equals(STANDARD_INPUT) ? "<stdin>" : name;
        String fileName = name.equals(STANDARD_INPUT) ? "" : Path.of(name).getFileName().toString();
        try (InputStream in = open(name)) {
            byte[] content = in.readNBytes(DefinitionReader.MAX_BYTES + 1);
            List<DefinitionPart> parts = DefinitionFile.parts(content);
            return parts.size() == 1 ? List.of(new DefinitionSource(file, file, fileName, Optional.empty(), content, Optional.empty()))
                    : parts.stream().map(part -> new DefinitionSource(file, part.label(file), fileName,
                            Optional.of(part), part, Optional.empty())).toList();
        } catch (NoSuchFileException e) {
            return List.of(unreadable(file, "there is no such file"));
        } catch (IOException e) {
            return List.of(unreadable(file, "cannot be read: " + e.getMessage()));
        }
    }

    private static DefinitionSource unreadable(String file, String why) {
        return new DefinitionSource(file, file, "", Optional.empty(), new byte[0], Optional.of(why));
    }

    /** A folder that is still named is one without definitions. */
    private static InputStream open(String name) throws IOException {
        if (name.equals(STANDARD_INPUT)) {
            return System.in;
        } else if (Files.isDirectory(Path.of(name))) {
            throw new IOException("no definition is in this folder");
        }
        return Files.newInputStream(Path.of(name));
    }

    /** What a JSON document says of it before anything else: {@code file}, and of one of several {@code line} and {@code dataflow}. */
    ObjectNode document() {
        ObjectNode document = JSON.createObjectNode().put("file", file);
        part.ifPresent(one -> document.put("line", one.line()).put("dataflow", one.name().orElse(null)));
        return document;
    }
}
