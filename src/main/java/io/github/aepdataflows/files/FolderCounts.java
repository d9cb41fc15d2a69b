package io.github.aepdataflows.files;

import io.github.aepdataflows.definition.DefinitionFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * How many definitions lie where.
 *
 * @param inbox  those that wait
 * @param work   those that are worked on, or were when the program died
 * @param failed those that were refused
 */
public record FolderCounts(long inbox, long work, long failed) {

    /** @param data {@code aep.data-dir}; what is not there holds nothing */
    public static FolderCounts of(Path data) throws IOException {
        return new FolderCounts(count(data.resolve("inbox"), 1, DefinitionFile::isNameOfOne),
                count(data.resolve("work"), 3, DefinitionFile::isNameOfOne),
                count(data.resolve("failed"), 1, name -> name.endsWith(".error.json")));
    }

    private static long count(Path folder, int depth, Predicate<String> isCounted) throws IOException {
        try (Stream<Path> files = Files.walk(folder, depth)) {
            return files.filter(Files::isRegularFile).filter(file -> isCounted.test(file.getFileName().toString())).count();
        } catch (NoSuchFileException e) {
            return 0;
        }
    }
}
