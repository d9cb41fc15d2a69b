package io.github.aepdataflows.ledger;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.stream.Stream;

/** Which process has a file locked. Linux tells that; elsewhere, and of a process outside this container, nobody knows. */
final class LockHolder {

    private static final Path LOCKS = Path.of("/proc/locks");
    private static final int PID = 4;
    private static final int FILE = 5;

    private LockHolder() {
    }

    /** In words, as in {@code process 4711, which was started at 2026-11-27T10:00:00Z}; empty when nobody can tell. */
    static Optional<String> of(Path file) {
        try (Stream<String> locks = Files.lines(LOCKS)) {
            String inode = ":" + Files.getAttribute(file, "unix:ino");
            return locks.map(line -> line.strip().split("\\s+")).filter(lock -> lock.length > FILE && lock[FILE].endsWith(inode))
                    .map(lock -> Long.parseLong(lock[PID])).filter(pid -> pid > 0 && pid != ProcessHandle.current().pid())
                    .findFirst().map(LockHolder::words);
        } catch (IOException | RuntimeException e) {   // another system, or another form of that file
            return Optional.empty();
        }
    }

    private static String words(long pid) {
        Optional<Instant> start = ProcessHandle.of(pid).flatMap(process -> process.info().startInstant());
        return "process %d".formatted(pid) + start.map(at -> ", which was started at " + at.truncatedTo(ChronoUnit.SECONDS)).orElse("");
    }
}
