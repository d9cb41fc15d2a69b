package io.github.aepdataflows.cli;

import org.apache.camel.main.Main;

/** What the command line starts. */
public interface Program {

    /** Works until it is stopped, and returns its exit code. */
    int run() throws Exception;

    /** A Camel Main with the routes and settings of the program, not started yet. */
    Main main() throws Exception;

    /** Runs the simulator alone, by options of its own, until it is stopped. */
    void simulator(String... arguments) throws Exception;
}
