package io.github.aepdataflows.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Unmatched;

@Command(name = "simulator",
        description = "Runs the simulator of the Platform until it is stopped. Its options are its own: simulator --help lists them.",
        footer = {"", "@|bold Example|@:", "  aep-dataflows simulator --port=18080 --demo"})
final class SimulatorCommand implements Callable<Integer> {

    @ParentCommand
    private AepDataflows commandLine;

    @Unmatched
    private List<String> options = new ArrayList<>();

    @Override
    public Integer call() throws Exception {
        commandLine.program().simulator(options.toArray(String[]::new));
        return AepDataflows.DONE;
    }
}
