package io.github.aepdataflows.files;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.github.aepdataflows.definition.DefinitionReader;
import io.github.aepdataflows.settings.Settings;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** The folders below {@code aep.data-dir}. A file appears in them whole or not at all. */
public final class DataFolder {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path root;

    public DataFolder(Settings settings) {
        this.root = Path.of(settings.dataDir()).toAbsolutePath().normalize();
    }

    /** The folder of that name, made if need be: inbox, plan, done, failed or reports. For work see {@link WorkFolder}. */
    Path folder(String name) throws IOException {
        return Files.createDirectories(root.resolve(name));
    }

    /** As in {@code done/x.yaml}. */
    Path file(Path place) {
        return root.resolve(place);
    }

    /** Writes a file that survives a crash once this returns, and of which nobody ever sees a part. */
    void write(Path file, byte[] content) throws IOException {
        write(file, content, "");
    }

    /** @param writer sets writers apart that may write the same file at the same time; with it the name grows by as much, and a dot */
    void write(Path file, byte[] content, String writer) throws IOException {
        write(file, writer, out -> out.write(content));
    }

    /** The same of what is not held as a whole. */
    void write(Path file, Reports.Content content) throws IOException {
        write(file, "", content);
    }

    private static void write(Path file, String writer, Reports.Content content) throws IOException {
        Path part = file.resolveSibling("." + file.getFileName() + (writer.isEmpty() ? "" : "." + writer) + ".part");
        try (FileChannel channel = FileChannel.open(part, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
            content.writeTo(new FilterOutputStream(Channels.newOutputStream(channel)) {

                @Override
                public void write(byte[] bytes, int from, int count) throws IOException {
                    out.write(bytes, from, count);
                }

                @Override
                public void close() {
                    // it is still to be forced
                }
            });
            channel.force(true);
        }
        move(part, file);
    }

    /** That path, or with a number before the ending when it is taken: x.yaml, x.2.yaml, x.3.yaml. */
    static Path free(Path wanted, Predicate<Path> isReserved) {
        Path target = wanted;
        for (int n = 2; Files.exists(target, LinkOption.NOFOLLOW_LINKS) || isReserved.test(target); n++) {
            target = numbered(wanted, n);
        }
        return target;
    }

    /** The files that were given that path, or one with a number before the ending, without a gap; the latest first. */
    static List<Path> taken(Path wanted) {
        List<Path> files = new ArrayList<>();
        Path target = wanted;
        for (int n = 2; Files.exists(target, LinkOption.NOFOLLOW_LINKS); n++) {
            files.add(0, target);
            target = numbered(wanted, n);
        }
        return files;
    }

    private static Path numbered(Path wanted, int number) {
        String name = wanted.getFileName().toString();
        int dot = name.lastIndexOf('.') > 0 ? name.lastIndexOf('.') : name.length();
        return wanted.resolveSibling(name.substring(0, dot) + "." + number + name.substring(dot));
    }

    /** Moves within the file system at once, else by copy and delete. */
    static void move(Path from, Path to) throws IOException {
        try {
            Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(from, to);
        }
    }

    /** Why something could not be done with a file, in words. */
    static String reason(IOException e) {
        return e instanceof AccessDeniedException denied ? "access to %s is denied".formatted(denied.getFile())
                : e instanceof FileSystemException failure ? "%s: %s".formatted(failure.getFile(), failure.getReason()) : e.getMessage();
    }

    /** What is in a file, but not in what a link leads to, and not more than the reader of definitions would accept. */
    static byte[] content(Path file) throws IOException {
        try (var in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
            return in.readNBytes(DefinitionReader.MAX_BYTES + 1);
        }
    }

    /** A document of ours; a missing node where it is not, or was cut or edited by somebody. */
    static JsonNode json(Path file) {
        try {
            return JSON.readTree(file.toFile());
        } catch (IOException e) {
            return MissingNode.getInstance();
        }
    }
}
