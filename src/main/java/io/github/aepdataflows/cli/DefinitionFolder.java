package io.github.aepdataflows.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/** A folder into which definitions are written, each into a file that is called as its dataflow. */
final class DefinitionFolder {

    private final Path folder;
    private final boolean force;
    private final Set<String> used = new HashSet<>();

    /** @param force whether a file of that name that has another content may be written over */
    DefinitionFolder(Path folder, boolean force) {
        this.folder = folder;
        this.force = force;
    }

    /**
     * Writes the definition of a dataflow, and returns the file. One that has this very content stays as it is.
     *
     * @throws IOException as well where a file of that name has another content, and is not to be written over
     */
    Path write(String dataflow, String definition) throws IOException {
        Path file = folder.resolve(free(dataflow));
        byte[] content = definition.getBytes(StandardCharsets.UTF_8);
        Files.createDirectories(folder);
        if (!Files.exists(file)) {
            Files.write(file, content, StandardOpenOption.CREATE_NEW);
        } else if (!Files.isRegularFile(file) || !Arrays.equals(Files.readAllBytes(file), content)) {
            if (!force) {
                throw new IOException("%s exists and has another content; --force writes over it".formatted(file));
            }
            Path part = Files.createTempFile(folder, ".definition", ".tmp");
            Files.write(part, content);
            Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
        }
        return file;
    }

    /** Small letters, for file systems that do not tell them from others; a number where several dataflows would share a file. */
    private String free(String dataflow) {
        String name = dataflow.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9._-]+", "-").replaceAll("[.-]+$", "");
        return Stream.iterate(1, number -> number + 1).map(number -> number == 1 ? name : name + "-" + number).filter(used::add).findFirst()
                .orElseThrow()
                + ".yaml";
    }
}
