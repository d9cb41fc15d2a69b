package io.github.aepdataflows.files;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.aepdataflows.definition.DefinitionFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What lies in the folders, for whoever looks on: opens nothing but documents of ours, moves nothing, makes nothing. */
public final class FolderView {

    /**
     * The definitions that wait.
     *
     * @param oldest since when the first of them has its name; empty when none waits
     */
    public record Waiting(long files, Optional<Instant> oldest) {
    }

    /** A document beside a definition, as in {@code x.yaml.error.json}. A missing node is one that cannot be read. */
    public record Document(String file, Instant at, JsonNode content) {
    }

    /** work/process/inbox/x.yaml. */
    private static final String DEFINITIONS = "*.{yaml,yml,json}";
    private static final int DEPTH_OF_WORK = 3;
    private static final List<String> FOLDERS = List.of("", "inbox", "plan", "work", "done", "failed", "reports");

    private final DataFolder data;

    public FolderView(DataFolder data) {
        this.data = data;
    }

    public Waiting inbox() throws IOException {
        List<Instant> since = new ArrayList<>();
        for (Path file : list("inbox", DEFINITIONS)) {
            if (isDefinition(file)) {
                named(file).ifPresent(since::add);
            }
        }
        return new Waiting(since.size(), since.stream().min(Comparator.naturalOrder()));
    }

    /** Number of definitions in {@code work/}: those that are worked on, or were when the program died. */
    public long work() throws IOException {
        try (Stream<Path> files = Files.walk(data.file(Path.of("work")), DEPTH_OF_WORK)) {
            return files.filter(FolderView::isDefinition).count();
        } catch (NoSuchFileException e) {
            return 0;
        } catch (UncheckedIOException e) {   // a file has gone meanwhile
            throw e.getCause();
        }
    }

    private static boolean isDefinition(Path file) {
        return DefinitionFile.isNameOfOne(file.getFileName().toString()) && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS);
    }

    /** Number of refused definitions in {@code failed/}. */
    public long failed() throws IOException {
        return list("failed", "*.error.json").size();
    }

    /** The newest error documents: at most so many, after so many newer ones. */
    public List<Document> failures(int skip, int most) throws IOException {
        List<Document> all = new ArrayList<>();
        for (Path file : list("failed", "*.error.json")) {
            named(file).ifPresent(at -> all.add(new Document(file.getFileName().toString(), at, null)));
        }
        return all.stream().sorted(Comparator.comparing(Document::at).reversed()).skip(skip).limit(most)
                .map(document -> new Document(document.file(), document.at(), DataFolder.json(data.file(Path.of("failed"))
                        .resolve(document.file())))).toList();
    }

    public boolean isWaiting(String name) throws IOException {
        return list("inbox", DEFINITIONS).stream().anyMatch(file -> file.getFileName().toString().equals(name));
    }

    /** The folders in which files cannot be moved. One that is missing is made when it is needed. */
    public List<Path> unwritable() {
        return FOLDERS.stream().map(name -> data.file(Path.of(name))).filter(Files::exists)
                .filter(folder -> !Files.isDirectory(folder) || !Files.isWritable(folder)).toList();
    }

    /** Bytes that are free where the folders are. */
    public long free() throws IOException {
        Path place = data.file(Path.of(""));
        while (!Files.exists(place)) {
            place = place.getParent();
        }
        FileStore store = Files.getFileStore(place);
        return store.getUsableSpace();
    }

    /** Since when it has its name, where the file system says that; else when it was written. Empty when it has gone. */
    private static Optional<Instant> named(Path file) {
        try {
            return Optional.of(((FileTime) Files.getAttribute(file, "unix:ctime", LinkOption.NOFOLLOW_LINKS)).toInstant());
        } catch (IOException e) {
            return Optional.empty();
        } catch (UnsupportedOperationException | IllegalArgumentException e) {
            return Optional.of(Instant.ofEpochMilli(file.toFile().lastModified()));
        }
    }

    private List<Path> list(String folder, String names) throws IOException {
        List<Path> files = new ArrayList<>();
        try (DirectoryStream<Path> found = Files.newDirectoryStream(data.file(Path.of(folder)), names)) {
            found.forEach(files::add);
        } catch (NoSuchFileException | NotDirectoryException e) {
            return List.of();
        }
        return files;
    }
}
