package io.github.aepdataflows.bench;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A {@link ChildApplication} on the bench's Platform and data folder. */
final class Child implements AutoCloseable {

    private final Process process;
    private final Path output;

    private Child(Process process, Path output) {
        this.process = process;
        this.output = output;
    }

    /** @param properties system properties beside the bench's settings */
    static Child start(Bench bench, Map<String, String> properties) throws IOException {
        return start(bench, properties, Map.of());
    }

    static Child start(Bench bench, Map<String, String> properties, Map<String, String> environment) throws IOException {
        List<String> command = new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx256m", "-cp", System.getProperty("java.class.path")));
        bench.settings().forEach((name, value) -> command.add("-D" + name + "=" + value));
        properties.forEach((name, value) -> command.add("-D" + name + "=" + value));
        command.add(ChildApplication.class.getName());
        // beside the data folder, not in it: the oracle looks for strangers there
        Path output = bench.data().resolveSibling(bench.data().getFileName() + ".log");
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()));
        builder.environment().putAll(environment);
        return new Child(builder.start(), output);
    }

    /** SIGKILL, and waits for the end. */
    void kill() {
        process.destroyForcibly().onExit().join();
    }

    /** SIGTERM; whether the child has ended within this time. */
    boolean terminate(Duration within) throws InterruptedException {
        process.destroy();
        return process.waitFor(within.toMillis(), MILLISECONDS);
    }

    /** As STOP and CONT. */
    void signal(String name) throws IOException, InterruptedException {
        if (new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid())).inheritIO().start().waitFor() != 0) {
            throw new IOException("no signal " + name);
        }
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** The exit code. */
    int await() throws InterruptedException {
        if (!process.waitFor(Bench.PATIENCE.toMillis(), MILLISECONDS)) {
            kill();
            throw new AssertionError("the child did not end by itself:\n" + log());
        }
        return process.exitValue();
    }

    /** Everything that the children of this bench have printed so far. */
    String log() {
        try {
            return Files.readString(output);
        } catch (IOException e) {
            return e.toString();
        }
    }

    @Override
    public void close() {
        kill();
    }
}
