package io.github.aepdataflows.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi.Style;
import picocli.CommandLine.Mixin;

@Command(name = "rebuild", mixinStandardHelpOptions = true, versionProvider = Version.class,
        description =
                "Makes a lost ledger again from the newest definitions in data/done and what the Platform has of them. Creates nothing"
                + " at the Platform. The program must not run meanwhile.",
        footer = {"", "Exit code 1 when a definition in data/done could not be taken back into the ledger.", "",
                "@|bold Example|@:",
                "  aep-dataflows rebuild && aep-dataflows status"})
final class RebuildCommand implements Callable<Integer> {

    private static final Set<String> TAKEN_BACK = Set.of("adopted", "unchanged");
    private static final Set<String> NOTHING_TO_TAKE = Set.of("superseded", "deleted");

    @Mixin
    private Console console;

    @Override
    public Integer call() throws Exception {
        JsonNode rebuilt;
        try (OneShot program = console.working("rebuilt", "")) {
            rebuilt = program.ask("direct:aep-rebuild", "");
        }
        int back = 0;
        int lost = 0;
        for (JsonNode each : rebuilt) {
            String outcome = each.path("outcome").asText();
            boolean well = TAKEN_BACK.contains(outcome) || NOTHING_TO_TAKE.contains(outcome);
            back += TAKEN_BACK.contains(outcome) ? 1 : 0;
            lost += well ? 0 : 1;
            console.line(well ? Style.fg_green : Style.fg_red, "%s: %s".formatted(each.path("file").asText(), outcome),
                    ": %s: %s".formatted(each.path("dataflow").asText(), each.path("message").asText()));
        }
        console.json(rebuilt);
        console.line("%d definitions, %d in the ledger again".formatted(rebuilt.size(), back));
        return lost == 0 ? AepDataflows.DONE : AepDataflows.FAILURE;
    }
}
