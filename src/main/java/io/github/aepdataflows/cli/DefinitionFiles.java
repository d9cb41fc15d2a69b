package io.github.aepdataflows.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import picocli.CommandLine.Parameters;

/** The files that a command line means by the names it gives: the parameters of every command that takes definitions. */
final class DefinitionFiles {

    private static final String STANDARD_INPUT = "-";

    private static final Pattern DEFINITION = Pattern.compile("[^.].*\\.(yaml|yml|json)");
    private static final Pattern WRITTEN_BY_US = Pattern.compile(".*\\.(receipt|error|plan)\\.json");

    @Parameters(arity = "1..*", paramLabel = "FILE",
            description = "A definition, a folder of them (its *.yaml, *.yml and *.json), or - for standard input.")
    private List<String> names;

    /** Each file as it is named, and in place of a folder the definitions in it, by name; a folder without any stays what it is. */
    List<String> all() throws IOException {
        List<String> files = new ArrayList<>();
        for (String name : names) {
            List<String> inside = !name.equals(STANDARD_INPUT) && Files.isDirectory(Path.of(name)) ? definitionsIn(Path.of(name)) : List.of();
            files.addAll(inside.isEmpty() ? List.of(name) : inside);
        }
        return files;
    }

    private static List<String> definitionsIn(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(Files::isRegularFile).filter(file -> isDefinition(file.getFileName().toString()))
                    .map(Path::toString).sorted().toList();
        }
    }

    private static boolean isDefinition(String name) {
        return DEFINITION.matcher(name).matches() && !WRITTEN_BY_US.matcher(name).matches();
    }

    static boolean isStandardInput(String file) {
        return file.equals(STANDARD_INPUT);
    }

    /** What a report calls it. */
    static String label(String file) {
        return isStandardInput(file) ? "<stdin>" : file;
    }

    /** @throws IOException for a folder, too: it had no definition in it */
    static InputStream open(String file) throws IOException {
        if (isStandardInput(file)) {
            return System.in;
        } else if (Files.isDirectory(Path.of(file))) {
            throw new IOException("no definition is in this folder");
        }
        return Files.newInputStream(Path.of(file));
    }
}
