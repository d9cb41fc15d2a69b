package io.github.aepdataflows.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.aepdataflows.Rig;
import io.github.aepdataflows.TestMain;
import io.github.aepdataflows.WriteGuard;
import io.github.aepdataflows.simulator.Request;
import io.github.aepdataflows.simulator.Simulator;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.main.Main;
import picocli.CommandLine;

/** Types commands to the real command line, whose settings lead to a simulator, and keeps what it prints. */
public final class Terminal implements Program {

    private final Map<String, String> settings;
    private final Simulator simulator;
    private StringWriter out = new StringWriter();
    private StringWriter err = new StringWriter();
    private List<String> simulatorArguments = List.of();
    private Map<String, String> answers = Map.of();

    private Terminal(Simulator simulator, Map<String, String> settings) {
        this.simulator = simulator;
        this.settings = settings;
    }

    /** In the simulator's time. */
    static Terminal of(Simulator simulator, Path data) {
        Map<String, String> settings = Rig.settings(simulator, data);
        settings.put("aep.clock", "#bean:simulatorClock");
        settings.put("aep.redelivery.max", "1");
        return new Terminal(simulator, settings);
    }

    /** With these settings and no others, in real time. */
    public static Terminal with(Map<String, String> settings) {
        return new Terminal(null, settings);
    }

    /** Without any setting: for commands that need none, and those that miss them. */
    public static Terminal unset() {
        return new Terminal(null, Map.of());
    }

    /** Returns the exit code. */
    public int type(String... arguments) {
        out = new StringWriter();
        err = new StringWriter();
        return AepDataflows.of(this, arguments).setOut(new PrintWriter(out)).setErr(new PrintWriter(err)).execute(arguments);
    }

    public CommandLine commandLine() {
        return AepDataflows.of(this);
    }

    public String out() {
        return out.toString();
    }

    public String err() {
        return err.toString();
    }

    JsonNode json() throws IOException {
        return Rig.json(out());
    }

    List<String> simulatorArguments() {
        return simulatorArguments;
    }

    /** Everything that was asked of the Platform, but for what neither makes nor changes anything. */
    List<Request> writes() {
        return WriteGuard.writes(simulator);
    }

    void answering(Map<String, String> questions) {
        answers = questions;
    }

    @Override
    public Optional<String> ask(String question) {
        return Optional.ofNullable(answers.get(question));
    }

    @Override
    public int run() {
        return 17;
    }

    @Override
    public InputStream connectors() throws IOException {
        return Files.newInputStream(Path.of("config/connectors.yaml"));
    }

    @Override
    public Main main() throws Exception {
        Main main = TestMain.with(settings);
        if (simulator != null) {
            main.bind("simulatorClock", simulator.clock());
        }
        return main;
    }

    @Override
    public void simulator(String... arguments) {
        simulatorArguments = List.of(arguments);
    }
}
