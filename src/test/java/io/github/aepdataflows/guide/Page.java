package io.github.aepdataflows.guide;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The README or a page of the guide. */
public record Page(Path file, String text) {

    static final Path GUIDE = Path.of("src/site/markdown");

    private static final Pattern BLOCK = Pattern.compile("(?m)^(?:<!-- (.*?) -->\n)?```([a-z]+)\n((?:.*\n)*?)```$");

    public static Page of(Path file) {
        try {
            return new Page(file, Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static Page guide(String name) {
        return of(GUIDE.resolve(name + ".md"));
    }

    public static Page readme() {
        return of(Path.of("README.md"));
    }

    /** The README first, then the guide by name. */
    static List<Page> all() {
        try (Stream<Path> files = Files.list(GUIDE)) {
            return Stream.concat(Stream.of(readme()), files.sorted().map(Page::of)).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The only block with this comment before it. */
    public Block block(String comment) {
        List<Block> found = blocks().stream().filter(block -> block.comment().equals(comment)).toList();
        if (found.size() != 1) {
            throw new AssertionError("%s has %d blocks with the comment %s".formatted(this, found.size(), comment));
        }
        return found.get(0);
    }

    List<Block> blocks() {
        return BLOCK.matcher(text).results().map(match -> new Block(this, (int) text.substring(0, match.start()).lines().count() + 1,
                match.group(1) == null ? "" : match.group(1), match.group(2), match.group(3))).toList();
    }

    @Override
    public String toString() {
        return file.toString();
    }
}
