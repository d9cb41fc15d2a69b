package io.github.aepdataflows.cli;

import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(name = "retry", mixinStandardHelpOptions = true, versionProvider = Version.class,
        description = "Repeats the failed runs of a dataflow since aep.audit.lookback, each once. The program must not run meanwhile.",
        footer = {"",
                "A failure that was repeated before is not repeated again; where the repetition has failed, that one is. With"
                + " aep.audit.retry the audit does so by itself, within bounds. Exit code 1 when a run could not be repeated. As JSON: the"
                + " failed runs, and what came of each.", "",
                "@|bold Example|@:",
                "  aep-dataflows retry crm"})
final class RetryCommand implements Callable<Integer> {

    @Mixin
    private Console console;

    @Parameters(paramLabel = "NAME", description = "Name of the dataflow, as status lists it.")
    private String name;

    @Override
    public Integer call() throws Exception {
        try (OneShot program = console.working("repeated", "")) {
            return OrderedRuns.report(console, program, "direct:aep-retry-flow", name, Map.of());
        }
    }
}
