package io.github.aepdataflows.files;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * The folder {@code work/}, with one for each process: {@code work/<process>/inbox/x.yaml} is {@code inbox/x.yaml} while it is worked on. A
 * file is renamed into it before anything else is done with it. Nobody but us may write there, so that what was checked there cannot be
 * swapped before it is opened.
 */
public final class WorkFolder {

    private static final String NAME = "work";
    private static final FileAttribute<?> OURS_ALONE = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private final DataFolder data;
    private final Set<Path> stranded = ConcurrentHashMap.newKeySet();
    private final String process = Long.toHexString(new SecureRandom().nextLong());

    public WorkFolder(DataFolder data) {
        this.data = data;
    }

    /** Where this process has the file of that name. */
    Path path(String folder, String name) {
        return data.file(Path.of(NAME, process, folder, name));
    }

    /**
     * Claims the file of that name: what an earlier run has left of that name, or what lies in the folder. Neither opens it nor follows it.
     *
     * @return where it is now
     * @throws NoSuchFileException when there is none
     */
    Path take(String folder, String name) throws IOException {
        Path taken = path(folder, name);
        if (Files.exists(taken, LinkOption.NOFOLLOW_LINKS)) {
            stranded.remove(taken);
            return taken;   // it could not go back
        }
        makeFolder(taken.getParent());
        Path home = data.folder(folder).resolve(name);
        Path source = left(folder, name).stream().findFirst().orElse(home);
        try {
            Files.move(source, taken, StandardCopyOption.ATOMIC_MOVE);
            if (!source.equals(home)) {
                deleteIfEmpty(source.getParent());
                deleteIfEmpty(source.getParent().getParent());
            }
            return taken;
        } catch (NoSuchFileException e) {
            throw e;
        } catch (FileSystemException e) {
            throw new IOException(("it cannot be renamed into %s/, where nobody else can change it: %s. Both folders must be on one file"
                    + " system, and this user must be allowed to rename and delete files in both").formatted(NAME, e), e);
        }
    }

    /** What other processes, dead or alive, have of that name. */
    List<Path> left(String folder, String name) throws IOException {
        Path work = data.file(Path.of(NAME));
        if (!Files.isDirectory(work)) {
            return List.of();
        }
        try (Stream<Path> processes = Files.list(work)) {
            return processes.filter(each -> !each.endsWith(process)).map(each -> each.resolve(folder).resolve(name))
                    .filter(file -> Files.exists(file, LinkOption.NOFOLLOW_LINKS)).sorted().toList();
        }
    }

    /** Whether there is one of that name that could be worked on, or that somebody works on. */
    boolean hasAny(String folder, String name) throws IOException {
        return isPlain(data.folder(folder).resolve(name)) || isLeft(folder, name);
    }

    /** Whether {@link #take} takes one that was taken before. */
    boolean isLeft(String folder, String name) throws IOException {
        return Files.exists(path(folder, name), LinkOption.NOFOLLOW_LINKS) || !left(folder, name).isEmpty();
    }

    /**
     * Moves a file of {@code work/} back to where it came from, if it is still here.
     *
     * @return false when it stays, as another file of its name lies there: a plain file waits here. Anything else gets another name.
     */
    boolean giveBack(Path file) throws IOException {
        try {
            boolean isBack = moveBack(file);
            stranded.remove(file);
            return isBack;
        } catch (IOException e) {
            stranded.add(file);
            throw e;
        }
    }

    /** Whether it could not go back, and nobody is at it: one of another process, or of which {@link #giveBack} has failed. */
    boolean isStranded(Path file) {
        return !file.startsWith(data.file(Path.of(NAME, process))) || stranded.contains(file);
    }

    private boolean moveBack(Path file) throws IOException {
        Path home = data.folder(file.getParent().getFileName().toString()).resolve(file.getFileName());
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            return true;
        }
        Path target = isPlain(file) || isSame(file, home) ? home : DataFolder.free(home, path -> false);
        try {
            link(file, target);
        } catch (FileAlreadyExistsException e) {
            if (!isSame(file, target)) {
                return false;
            }
            Files.delete(file);   // a kill came between the two halves of this
        }
        return true;
    }

    /** A rename would replace what was dropped meanwhile; a link does not. */
    static void link(Path file, Path target) throws IOException {
        try {
            Files.createLink(target, file);
        } catch (FileAlreadyExistsException e) {
            throw e;
        } catch (IOException | UnsupportedOperationException e) {
            Files.move(file, target);   // a folder, a file of another user, or a file system without links
            return;
        }
        Files.delete(file);
    }

    /** Whether it is a regular file that has no other name: then nobody reaches it otherwise than where it is. */
    static boolean isPlain(Path file) {
        return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) && links(file) == 1;
    }

    static int links(Path file) {
        try {
            return (int) Files.getAttribute(file, "unix:nlink", LinkOption.NOFOLLOW_LINKS);
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException e) {
            return 1;   // it has gone, or nobody can tell
        }
    }

    private static boolean isSame(Path one, Path other) {
        return key(one).isPresent() && key(one).equals(key(other));
    }

    private static Optional<Object> key(Path file) {
        try {
            return Optional.ofNullable(Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS).fileKey());
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private void makeFolder(Path folder) throws IOException {
        boolean isFirst = !Files.isDirectory(data.file(Path.of(NAME, process)));
        try {
            Files.createDirectories(folder, OURS_ALONE);
        } catch (UnsupportedOperationException e) {
            Files.createDirectories(folder);   // no POSIX
        }
        if (isFirst) {
            closeToOthers(data.file(Path.of(NAME)));
            try (Stream<Path> others = Files.list(data.file(Path.of(NAME)))) {
                for (Path other : others.filter(each -> !each.endsWith(process)).toList()) {
                    deleteIfEmpty(other.resolve("inbox"));
                    deleteIfEmpty(other.resolve("plan"));
                    deleteIfEmpty(other);
                }
            }
        }
    }

    /** Somebody may have made it before us. */
    private static void closeToOthers(Path work) throws IOException {
        if (work.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(work);
            if (permissions.contains(PosixFilePermission.GROUP_WRITE) || permissions.contains(PosixFilePermission.OTHERS_WRITE)) {
                Files.setPosixFilePermissions(work, PosixFilePermissions.fromString("rwx------"));
            }
        }
    }

    private static void deleteIfEmpty(Path folder) throws IOException {
        try {
            Files.deleteIfExists(folder);
        } catch (DirectoryNotEmptyException e) {
            // it is in use
        }
    }

    /** Leaves no folder of ours behind, unless something lies in it. */
    public void close() throws IOException {
        for (String folder : List.of("inbox", "plan", "")) {
            deleteIfEmpty(data.file(Path.of(NAME, process, folder)));
        }
    }
}
