package io.github.aepdataflows.cli;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

@Command(name = "run-now", mixinStandardHelpOptions = true, versionProvider = Version.class,
        description = "Orders a run of a dataflow whose frequency is once. The Platform runs no other on demand. The program must not run"
                + " meanwhile.",
        footer = {"",
                "The run reads the data of a window. An order whose answer was lost is looked for among the runs before it is sent again:"
                + " type the same command once more. Exit code 1 when no run was ordered. As JSON: the run and its window.", "",
                "@|bold Examples|@:",
                "  aep-dataflows run-now crm",
                "  aep-dataflows run-now crm --from 2026-01-01T00:00:00Z"})
final class RunNowCommand implements Callable<Integer> {

    @Mixin
    private Console console;

    @Option(names = "--from", paramLabel = "INSTANT", description = "Where the window begins. Without it, where the newest run was made.")
    private String from;

    @Option(names = "--to", paramLabel = "INSTANT", description = "Where the window ends. Without it, now.")
    private String to;

    @Option(names = "--delta-column", paramLabel = "COLUMN",
            description = "The column that tells new rows from old ones. The first such run of a table needs it; later ones keep it.")
    private String deltaColumn;

    @Parameters(paramLabel = "NAME", description = "Name of the dataflow, as status lists it.")
    private String name;

    @Override
    public Integer call() throws Exception {
        Map<String, Object> variables = new HashMap<>();
        variables.put("aepRunFrom", instant("--from", from));
        variables.put("aepRunTo", instant("--to", to));
        variables.put("aepDeltaColumn", deltaColumn);
        variables.values().removeIf(value -> value == null);
        try (OneShot program = console.working("ordered", "")) {
            return OrderedRuns.report(console, program, "direct:aep-run-flow", name, variables);
        }
    }

    private Instant instant(String option, String text) {
        try {
            return text == null ? null : Instant.parse(text);
        } catch (DateTimeParseException e) {
            throw new ParameterException(console.command().commandLine(), option + " is an instant, as in 2026-01-01T00:00:00Z");
        }
    }
}
