package io.github.aepdataflows.cli;

import io.github.aepdataflows.definition.DefinitionFile;
import io.github.aepdataflows.definition.DefinitionPart;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import picocli.CommandLine.Parameters;

/** The files that a command line means by the names it gives: the parameters of every command that takes definitions. */
final class DefinitionFiles {

    @Parameters(arity = "1..*", paramLabel = "FILE",
            description =
                    "A definition or several in one file, a folder of such files (its *.yaml, *.yml and *.json), or - for standard input.")
    private List<String> names;

    /**
     * The definitions of each file in the order of the names, and in place of a folder those of the files in it, by name. Of two files that
     * describe a dataflow of the same name, each would change what the other has made: the second has a fault.
     */
    List<DefinitionSource> all() throws IOException {
        Map<String, DefinitionSource> firsts = new HashMap<>();
        return all(names).stream().map(source -> {
            Optional<String> name = Optional.ofNullable(source.part()).flatMap(DefinitionPart::name);
            DefinitionSource first = name.map(known -> firsts.putIfAbsent(known, source)).orElse(null);
            return first == null || first.file().equals(source.file()) ? source : source.after(first);   // one file tells that itself
        }).toList();
    }

    /** The same of other names, of which several may describe one dataflow. A file is read once, whatever names lead to it. */
    static List<DefinitionSource> all(List<String> names) throws IOException {
        List<DefinitionSource> all = new ArrayList<>();
        Set<Object> read = new HashSet<>();
        for (String name : names) {
            boolean isFolder = !name.equals(DefinitionSource.STANDARD_INPUT) && Files.isDirectory(Path.of(name));
            List<String> inside = isFolder ? definitionsIn(Path.of(name)) : List.of();
            for (String file : inside.isEmpty() ? List.of(name) : inside) {
                if (read.add(identity(file))) {
                    all.addAll(DefinitionSource.of(file));
                }
            }
        }
        return all;
    }

    private static Object identity(String name) throws IOException {
        return !name.equals(DefinitionSource.STANDARD_INPUT) && Files.isRegularFile(Path.of(name)) ? Path.of(name).toRealPath() : name;
    }

    private static List<String> definitionsIn(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(Files::isRegularFile).filter(file -> DefinitionFile.isNameOfOne(file.getFileName().toString()))
                    .map(Path::toString).sorted().toList();
        }
    }
}
