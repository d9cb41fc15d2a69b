package io.github.aepdataflows.alert;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.aepdataflows.settings.Settings;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Starts a program, without a shell and without arguments, with an alert as one JSON document on its standard input. */
final class AlertCommand implements Sink {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final long SECONDS = 30;

    private final String program;

    private AlertCommand(String program) {
        this.program = program;
    }

    static Optional<Sink> of(Settings settings) {
        String program = settings.text("aep.alerts.command");
        return program.isEmpty() ? Optional.empty() : Optional.of(new AlertCommand(program));
    }

    @Override
    public String name() {
        return "command";
    }

    @Override
    public void tell(long id, Map<String, String> values) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(program).redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().keySet().removeIf(variable -> variable.startsWith("AEP_"));   // secrets among them
        Process process = builder.start();
        try {
            try (OutputStream in = process.getOutputStream()) {
                in.write(JSON.writeValueAsBytes(values));
            } catch (IOException e) {
                // it ended without reading all: its exit code says whether it is well
            }
            if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
                throw new IOException("it took longer than %d s".formatted(SECONDS));
            } else if (process.exitValue() != 0) {
                throw new IOException("exit code " + process.exitValue());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("the program is stopping", e);
        } finally {
            process.destroyForcibly();
        }
    }
}
