package io.github.aepdataflows;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code target/bin/aep-dataflows}, called from another folder. */
class LauncherIT {

    private static final Path LAUNCHER = Path.of("target/bin/aep-dataflows").toAbsolutePath();

    @TempDir
    Path elsewhere;

    @Test
    void should_run_the_packaged_program_from_any_folder() throws Exception {
        assertThat(output(0, LAUNCHER, "--version")).matches("aep-dataflows \\d.*\\R");
        assertThat(output(0, LAUNCHER, "status", "--help")).startsWith("Usage: aep-dataflows status ");
    }

    @Test
    void should_find_the_program_through_a_link() throws Exception {
        Path link = Files.createSymbolicLink(elsewhere.resolve("aep"), LAUNCHER);

        assertThat(output(0, link, "--version")).matches("aep-dataflows \\d.*\\R");
    }

    @Test
    void should_pass_on_arguments_with_blanks_and_the_exit_code() throws Exception {
        assertThat(output(64, LAUNCHER, "no such command")).contains("'no such command'");
    }

    private String output(int exitCode, Path command, String... arguments) throws IOException, InterruptedException {
        List<String> line = new ArrayList<>(List.of(command.toString()));
        line.addAll(List.of(arguments));
        Path output = elsewhere.resolve("output.log");
        Process process = new ProcessBuilder(line).directory(elsewhere.toFile())
                .redirectErrorStream(true).redirectOutput(output.toFile()).start();
        assertThat(process.waitFor(60, SECONDS)).isTrue();
        assertThat(process.exitValue()).as(Files.readString(output)).isEqualTo(exitCode);
        return Files.readString(output);
    }
}
