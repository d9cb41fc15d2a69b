package io.github.aepdataflows.guide;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.aepdataflows.Rig;
import io.github.aepdataflows.cli.Terminal;
import io.github.aepdataflows.simulator.Options;
import io.github.aepdataflows.simulator.Simulator;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.camel.main.Main;

/**
 * A reader who follows a page: a simulator with the demo's dataflows, a shell into which the lines that it prints were pasted, and a
 * folder with the examples of {@code config/}. The shell is a real one. The command {@code aep-dataflows} is run in this JVM, with
 * the shell's {@code AEP_*} variables as settings.
 */
final class Session implements AutoCloseable {

    /** What the simulator's lines must bring by themselves. */
    private static final Set<String> EXPORTED = Set.of("aep.url", "aep.token-url", "aep.client-id", "aep.client-secret", "aep.org-id",
            "aep.sandbox");

    /** Hands its arguments, environment and input to {@link #serve}, and prints what comes back. */
    private static final String COMMAND = """
            #!/usr/bin/env bash
            call=$(mktemp -d "$GUIDE_HOME/call.XXXXXX")
            printf '%s\\0' "$@" > "$call/arguments"
            env -0 > "$call/environment"
            for argument in "$@"; do if [ "$argument" = - ]; then cat > "$call/in"; fi; done
            exec 3<>"/dev/tcp/127.0.0.1/$GUIDE_PORT"
            printf '%s\\n%s\\n' "$PWD" "$call" >&3
            read -r code <&3
            cat "$call/out"
            cat "$call/err" >&2
            exit "$code"
            """;

    /** Each command is a shell of its own; what it exports is there for the next. */
    private static final String SCRIPT = """
            source "$GUIDE_HOME/exported"
            trap 'code=$?; export -p > "$GUIDE_HOME/exported"; exit $code' EXIT
            (exit %d)
            %s
            """;

    private final Path folder;
    private final Path home;
    private final Simulator simulator;
    private final ServerSocket calls;
    private Main running;
    private int lastCode;

    /** What the shell showed, standard error included, and the exit code. */
    record Result(String output, int code) {
    }

    Session(Path temporary) throws Exception {
        folder = Files.createDirectories(temporary.resolve("folder")).toRealPath();
        home = Files.createDirectories(temporary.resolve("home")).toRealPath();
        simulator = Simulator.start(Options.defaults());
        simulator.openControl();
        simulator.options().sandboxes().forEach(simulator::seedDemo);
        Files.writeString(home.resolve("exported"), simulator.exports());
        Path command = Files.writeString(Files.createDirectories(home.resolve("bin")).resolve("aep-dataflows"), COMMAND);
        assertThat(command.toFile().setExecutable(true)).isTrue();
        try (Stream<Path> examples = Files.list(Path.of("config/examples"))) {
            for (Path example : examples.toList()) {
                Files.copy(example, Files.createDirectories(folder.resolve("config/examples")).resolve(example.getFileName()));
            }
        }
        calls = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
        Thread server = new Thread(this::serve, "guide-commands");
        server.setDaemon(true);
        server.start();
    }

    void save(String file, String content) throws IOException {
        Path target = folder.resolve(file);
        Files.createDirectories(target.getParent());
        Files.writeString(target, content);
    }

    Result type(String command) throws Exception {
        Path output = home.resolve("output");
        ProcessBuilder shell = new ProcessBuilder("bash", "-c", SCRIPT.formatted(lastCode, command)).directory(folder.toFile())
                .redirectErrorStream(true).redirectOutput(output.toFile()).redirectInput(Path.of("/dev/null").toFile());
        shell.environment().keySet().removeIf(name -> name.startsWith("AEP_") || name.startsWith("CAMEL_"));
        shell.environment().merge("PATH", home.resolve("bin") + ":", (path, bin) -> bin + path);
        shell.environment().put("LC_ALL", "C.UTF-8");
        shell.environment().put("GUIDE_HOME", home.toString());
        shell.environment().put("GUIDE_PORT", String.valueOf(calls.getLocalPort()));
        Process process = shell.start();
        if (!process.waitFor(300, SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("does not end: " + command);
        }
        awaitTheInbox();
        lastCode = process.exitValue();
        return new Result(Files.readString(output).replace(folder + "/", ""), lastCode);
    }

    /** A reader looks into the folders after the program has worked on them. */
    private void awaitTheInbox() {
        if (running != null) {
            await().atMost(60, SECONDS).until(() -> Rig.names(folder.resolve("data"), "inbox").stream()
                    .noneMatch(name -> name.endsWith(".yaml")) && definitions("plan").stream()
                    .allMatch(name -> isPlanned(folder.resolve("data/plan").resolve(name))));
        }
    }

    private static boolean isPlanned(Path file) {
        return Files.exists(file.resolveSibling(file.getFileName() + ".plan.json"))
                && Files.exists(file.resolveSibling(file.getFileName() + ".plan.txt"));
    }

    private List<String> definitions(String name) throws IOException {
        Path data = folder.resolve("data").resolve(name);
        try (Stream<Path> files = Files.isDirectory(data) ? Files.list(data) : Stream.empty()) {
            return files.map(file -> file.getFileName().toString()).filter(file -> file.endsWith(".yaml")).toList();
        }
    }

    /** One command after the other: they share this JVM's standard input. */
    private void serve() {
        while (!calls.isClosed()) {
            try (Socket call = calls.accept();
                    BufferedReader asked = new BufferedReader(new InputStreamReader(call.getInputStream(), UTF_8))) {
                Path where = Path.of(asked.readLine());
                Path exchange = Path.of(asked.readLine());
                call.getOutputStream().write((carryOut(where, exchange) + "\n").getBytes(UTF_8));
            } catch (IOException e) {
                if (!calls.isClosed()) {
                    throw new UncheckedIOException(e);
                }
            }
        }
    }

    private int carryOut(Path where, Path exchange) throws IOException {
        InputStream before = System.in;
        Terminal terminal = Terminal.with(settings(nullSeparated(exchange.resolve("environment"))));
        int code;
        try {
            if (Files.exists(exchange.resolve("in"))) {
                System.setIn(new ByteArrayInputStream(Files.readAllBytes(exchange.resolve("in"))));
            }
            List<String> arguments = nullSeparated(exchange.resolve("arguments"));
            code = arguments.equals(List.of("run")) ? run(terminal) : terminal.type(absolute(where, arguments));
            Files.writeString(exchange.resolve("out"), terminal.out());
            Files.writeString(exchange.resolve("err"), terminal.err());
        } catch (Exception e) {
            code = 99;
            Files.writeString(exchange.resolve("out"), "");
            Files.writeString(exchange.resolve("err"), "the test has a fault: " + e);
        } finally {
            System.setIn(before);
        }
        return code;
    }

    /** In another shell, until the page ends. */
    private int run(Terminal terminal) throws Exception {
        running = terminal.main();
        running.start();
        return 0;
    }

    void stopTheProgram() {
        running.stop();
        running = null;
    }

    /** This JVM is in another folder than the shell. */
    private static String[] absolute(Path where, List<String> arguments) {
        List<String> all = new ArrayList<>();
        for (int n = 0; n < arguments.size(); n++) {
            String argument = arguments.get(n);
            boolean isFile = !argument.startsWith("-") && (argument.matches(".*[.](yaml|db)") || Files.exists(where.resolve(argument)))
                    || n > 0 && arguments.get(n - 1).equals("--out");
            all.add(isFile ? where.resolve(argument).toString() : argument);
        }
        return all.toArray(String[]::new);
    }

    private Map<String, String> settings(List<String> environment) {
        Map<String, String> settings = new HashMap<>(Rig.settings(simulator, folder.resolve("data")));
        settings.keySet().removeAll(EXPORTED);
        settings.put("aep.overlays-dir", folder.resolve("overlays").toString());
        settings.put("aep.field-groups-dir", folder.resolve("field-groups").toString());
        settings.put("aep.redelivery.max", "1");
        settings.put("aep.inbox.settle", "500");   // a shell makes a file before it writes to it
        for (String variable : environment) {
            String[] parts = variable.split("=", 2);
            SettingsFile.names().stream().filter(name -> SettingsFile.variable(name).equals(parts[0]))
                    .forEach(name -> settings.put(name, parts[1]));
        }
        return settings;
    }

    private static List<String> nullSeparated(Path file) throws IOException {
        return Stream.of(Files.readString(file).split("\0")).filter(part -> !part.isEmpty()).toList();
    }

    @Override
    public void close() throws IOException {
        calls.close();
        if (running != null) {
            running.stop();
        }
        simulator.close();
    }
}
