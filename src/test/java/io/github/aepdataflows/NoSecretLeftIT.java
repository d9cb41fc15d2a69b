package io.github.aepdataflows;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What all tests of this build have written, but for the program itself: none of their secrets, each of which has the marker, is in it. */
class NoSecretLeftIT {

    /** Made by the compiler and the packager, which know no secret; the tests' own classes have them as constants. */
    private static final Set<String> COMPILED = Set.of("classes", "test-classes", "generated-sources", "generated-test-sources",
            "maven-status", "maven-archiver", "lib", "aep-dataflows.jar");

    @Test
    void should_find_no_secret_in_anything_that_the_tests_have_written() throws Exception {
        Path target = Path.of("target");
        assertThat(target.resolve("surefire-reports")).as("the unit tests ran before").isNotEmptyDirectory();

        assertThat(withMarker(target)).isEmpty();
    }

    @Test
    void should_find_one_that_is_planted(@TempDir Path target) throws Exception {
        Files.writeString(Files.createDirectories(target.resolve("surefire-reports")).resolve("a.txt"), "nothing");
        Files.write(Files.createDirectories(target.resolve("failsafe-reports/deep")).resolve("dump.bin"),
                ("\u0000\u00ff password=" + Rig.MARKER + "%26x").getBytes(StandardCharsets.ISO_8859_1));
        Files.writeString(target.resolve("run.log"), "line\n{\"password\":\"" + Rig.MARKER + "\"}");
        Files.writeString(Files.createDirectories(target.resolve("test-classes")).resolve("Rig.class"), Rig.MARKER);

        assertThat(withMarker(target)).containsExactlyInAnyOrder("failsafe-reports/deep/dump.bin", "run.log");
    }

    private static List<String> withMarker(Path target) throws IOException {
        try (Stream<Path> files = Files.walk(target)) {
            return files.filter(Files::isRegularFile).map(target::relativize)
                    .filter(file -> !COMPILED.contains(file.getName(0).toString()))
                    .filter(file -> contains(target.resolve(file))).map(Path::toString).toList();
        }
    }

    private static boolean contains(Path file) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1).contains(Rig.MARKER);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
