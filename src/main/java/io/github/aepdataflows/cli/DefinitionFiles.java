package io.github.aepdataflows.cli;

import io.github.aepdataflows.definition.DefinitionFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine.Parameters;

/** The files that a command line means by the names it gives: the parameters of every command that takes definitions. */
final class DefinitionFiles {

    @Parameters(arity = "1..*", paramLabel = "FILE",
            description =
                    "A definition or several in one file, a folder of such files (its *.yaml, *.yml and *.json), or - for standard input.")
    private List<String> names;

    /** The definitions of each file in the order of the names, and in place of a folder those of the files in it, by name. */
    List<DefinitionSource> all() throws IOException {
        return all(names);
    }

    /** The same of other names. */
    static List<DefinitionSource> all(List<String> names) throws IOException {
        List<DefinitionSource> all = new ArrayList<>();
        for (String name : names) {
            boolean isFolder = !name.equals(DefinitionSource.STANDARD_INPUT) && Files.isDirectory(Path.of(name));
            List<String> inside = isFolder ? definitionsIn(Path.of(name)) : List.of();
            (inside.isEmpty() ? List.of(name) : inside).forEach(file -> all.addAll(DefinitionSource.of(file)));
        }
        return all;
    }

    private static List<String> definitionsIn(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(Files::isRegularFile).filter(file -> DefinitionFile.isNameOfOne(file.getFileName().toString()))
                    .map(Path::toString).sorted().toList();
        }
    }
}
