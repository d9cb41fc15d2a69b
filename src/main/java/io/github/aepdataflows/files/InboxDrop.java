package io.github.aepdataflows.files;

import io.github.aepdataflows.definition.DefinitionFile;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/** Puts definitions into {@code inbox/}, as anybody else does who drops a file there. */
public final class InboxDrop {

    private static final int LONGEST = 100;

    private final DataFolder data;

    public InboxDrop(DataFolder data) {
        this.data = data;
    }

    /** Why no file can be dropped under that name; empty when one can. */
    public static Optional<String> refusal(String name) {
        return !name.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,%d}".formatted(LONGEST - 1)) || !DefinitionFile.isNameOfOne(name)
                ? Optional.of("the name of the file must be letters, digits, points and hyphens that end in .yaml, .yml or .json")
                : Optional.empty();
    }

    /** @return the name that it has there: another one, as in {@code x.2.yaml}, where one of that name waits already */
    public synchronized String drop(String name, byte[] content) throws IOException {
        Path inbox = data.folder("inbox");
        Path whole = inbox.resolve(".%s.%s.new".formatted(name, UUID.randomUUID()));
        try {
            data.write(whole, content);
            return put(whole, inbox.resolve(name));
        } finally {
            Files.deleteIfExists(whole);
        }
    }

    /** Others drop files there, too, which nothing may replace. */
    private static String put(Path file, Path wanted) throws IOException {
        while (true) {
            Path target = DataFolder.free(wanted, path -> false);
            try {
                WorkFolder.link(file, target);
                return target.getFileName().toString();
            } catch (FileAlreadyExistsException e) {
                // since we looked: the next name
            }
        }
    }

    /**
     * Takes a refused definition out of {@code failed/} and drops it once more.
     *
     * @param name of a file in {@code failed/}
     * @return the name that it has in the inbox
     * @throws NoSuchFileException when there is no such definition
     */
    public synchronized String dropAgain(String name) throws IOException {
        Path source = failed(name).orElseThrow(() -> new NoSuchFileException(name));
        String dropped = put(source, data.folder("inbox").resolve(name));
        Files.deleteIfExists(source.resolveSibling(name + ".error.json"));
        return dropped;
    }

    /** Whether there is a refused definition of that name. */
    public boolean hasFailed(String name) throws IOException {
        return failed(name).isPresent();
    }

    /** Found by a look into the folder, so that no name leads out of it. */
    private Optional<Path> failed(String name) throws IOException {
        try (Stream<Path> files = Files.list(data.folder("failed"))) {
            List<Path> found = files.filter(file -> file.getFileName().toString().equals(name)).toList();
            return found.stream().filter(file -> DefinitionFile.isNameOfOne(name) && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS))
                    .findFirst();
        }
    }
}
