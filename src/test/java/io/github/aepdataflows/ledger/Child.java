package io.github.aepdataflows.ledger;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A JVM of its own, with little memory, that runs one of our test mains, so that it can be killed. */
final class Child implements AutoCloseable {

    private final Process process;
    private final BufferedReader lines;

    /** @param before  a folder that comes first on the class path */
    Child(Path before, Class<?> main, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1", "-Xmx64m", "-cp",
                before + System.getProperty("path.separator") + System.getProperty("java.class.path"),
                main.getName()));
        command.addAll(List.of(arguments));
        process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        lines = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    /** The next line that it prints, or null when it has ended. */
    String line() throws IOException {
        return lines.readLine();
    }

    /** Exit code: 137 when it was halted or killed. */
    int exit() throws InterruptedException {
        return process.waitFor();
    }

    /** SIGKILL, and all that it had printed until then. */
    List<String> kill() throws IOException {
        process.toHandle().destroyForcibly();   // Process would close the stream that we read
        return lines.lines().toList();
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
