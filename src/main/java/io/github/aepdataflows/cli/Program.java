package io.github.aepdataflows.cli;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import org.apache.camel.main.Main;

/** What the command line starts. */
public interface Program {

    /** Works until it is stopped, and returns its exit code. */
    int run() throws Exception;

    /** The file connectors.yaml, which needs no settings. */
    InputStream connectors() throws IOException;

    /** A Camel Main with the routes and settings of the program, not started yet. */
    Main main() throws Exception;

    /** What somebody at the terminal answers; empty where there is none. */
    default Optional<String> ask(String question) {
        return Optional.ofNullable(System.console()).map(terminal -> terminal.readLine("%s", question));
    }

    /** Runs the simulator alone, by options of its own, until it is stopped. */
    void simulator(String... arguments) throws Exception;
}
