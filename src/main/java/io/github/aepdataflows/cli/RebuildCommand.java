package io.github.aepdataflows.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import org.apache.camel.Exchange;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi.Style;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(name = "rebuild", mixinStandardHelpOptions = true, versionProvider = Version.class,
        description =
                "Makes a lost ledger again from definitions, the newest in data/done or those that are named, and what the Platform has of"
                + " them. Creates nothing at the Platform. The program must not run meanwhile.",
        footer = {"", "Exit code 1 when a definition could not be taken back into the ledger, or there was none.", "",
                "@|bold Examples|@:",
                "  aep-dataflows rebuild && aep-dataflows status",
                "  aep-dataflows rebuild definitions/"})
final class RebuildCommand implements Callable<Integer> {

    private static final Set<String> TAKEN_BACK = Set.of("adopted", "unchanged");
    private static final Set<String> NOTHING_TO_TAKE = Set.of("superseded", "deleted");

    @Mixin
    private Console console;

    @Parameters(arity = "0..*", paramLabel = "FILE",
            description = "A definition or several in one file, or a folder of such files; those in data/done if none is named.")
    private List<String> files;

    /** Each definition as it is applied, but that nothing is made. */
    private ArrayNode fromFiles(OneShot program) throws Exception {
        ArrayNode rebuilt = JsonNodeFactory.instance.arrayNode();
        for (DefinitionSource source : DefinitionFiles.all(files)) {
            ObjectNode each = rebuilt.addObject().put("dataflow", "").put("file", source.file());
            if (source.unreadable().isPresent()) {
                each.put("outcome", "unreadable").put("message", source.unreadable().get());
                continue;
            }
            Exchange exchange = program.send("direct:aep-rebuild-one", source.part(), Map.of("aepFile", source.fileName()));
            JsonNode document = OneShot.document(exchange);
            boolean failed = OneShot.isFailed(exchange);
            each.put("dataflow", document.path("dataflow").asText()).put("outcome", document.path(failed ? "category" : "outcome").asText())
                    .put("message", failed ? exchange.getVariable("aepSummary", String.class) : document.at("/resources/flow").asText());
        }
        return rebuilt;
    }

    @Override
    public Integer call() throws Exception {
        JsonNode rebuilt;
        try (OneShot program = console.working("rebuilt", "", true)) {
            rebuilt = files == null ? program.ask("direct:aep-rebuild", "") : fromFiles(program);
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
        console.line("%d definitions, %d in the ledger again%s".formatted(rebuilt.size(), back, rebuilt.isEmpty() && files == null
                ? "; done/ has none: name them, as in aep-dataflows rebuild definitions/" : ""));
        return lost == 0 && !rebuilt.isEmpty() ? AepDataflows.DONE : AepDataflows.FAILURE;
    }
}
