package io.github.aepdataflows.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.aepdataflows.ledger.Ledger;
import io.github.aepdataflows.ledger.LedgerException;
import io.github.aepdataflows.provision.Leftover;
import io.github.aepdataflows.settings.Settings;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.camel.Exchange;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi.Style;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "prune", mixinStandardHelpOptions = true, versionProvider = Version.class,
        description =
                "Deletes what earlier versions of a dataflow have left at the Platform: only what was created for this dataflow, is not a"
                + " part of it any more, and is used by nothing at the Platform. The program must not run meanwhile.",
        footer = {"",
                "Datasets and schemas stay, unless --retire is given. What was deleted before is not deleted again. Exit code 1 when"
                + " something could not be deleted. As JSON: the steps, and what is left.", "",
                "@|bold Examples|@:",
                "  aep-dataflows prune --dry-run crm   what is left?",
                "  aep-dataflows prune crm"})
final class PruneCommand implements Callable<Integer> {

    @Mixin
    private Console console;

    @Option(names = "--dry-run", description = "Only lists what is left, by the ledger. May be used while the program runs.")
    private boolean dryRun;

    @Option(names = "--retire", description = "Deletes datasets, with their data, and schemas, too.")
    private boolean retire;

    @Parameters(paramLabel = "NAME", description = "Name of the dataflow, as status lists it.")
    private String name;

    @Override
    public Integer call() throws Exception {
        return dryRun ? list() : prune();
    }

    private int list() throws Exception {
        try (OneShot program = console.reading()) {
            List<Leftover> left = ledger(program).left(name).stream().map(Leftover::of).toList();
            ObjectMapper json = new ObjectMapper();
            ObjectNode document = json.createObjectNode().put("dataflow", name)
                    .put("sandbox", program.bean("aepSettings", Settings.class).sandbox());
            document.set("left", json.valueToTree(left));
            console.json(document);
            left.forEach(each -> console.line(Style.fg_yellow, "left: ", each.words()));
            console.line("%d left".formatted(left.size()));
        }
        return AepDataflows.DONE;
    }

    /** @throws LedgerException when it does not have the dataflow */
    private Ledger ledger(OneShot program) throws LedgerException {
        Ledger ledger = program.bean("aepLedger", Ledger.class);
        if (ledger.dataflow(name).isEmpty()) {
            throw new LedgerException("the ledger has no dataflow %s".formatted(name));
        }
        return ledger;
    }

    private int prune() throws Exception {
        try (OneShot program = console.working("deleted", "")) {
            ledger(program);
            Exchange exchange = program.send("direct:aep-prune", name, Map.of("aepRetires", retire));
            JsonNode document = OneShot.document(exchange);
            console.json(document);
            int deleted = 0;
            for (JsonNode step : document.path("steps")) {
                String outcome = step.path("outcome").asText();
                deleted += outcome.equals("deleted") ? 1 : 0;
                console.line(outcome.equals("deleted") ? Style.fg_green : Style.fg_yellow, outcome + ": ",
                        "the %s %s".formatted(step.path("step").asText(), step.path("id").asText()));
            }
            document.path("left").forEach(each -> console.line(Style.fg_yellow, "left: ", "the %s %s: %s".formatted(
                    each.path("kind").asText(), each.path("id").asText(), each.path("why").asText())));
            if (OneShot.isFailed(exchange)) {
                console.line(Style.fg_red, name + ": ", document.path("message").asText() + ". " + document.path("advice").asText());
            }
            console.line("%d deleted, %d left".formatted(deleted, document.path("left").size()));
            return OneShot.isFailed(exchange) ? AepDataflows.FAILURE : AepDataflows.DONE;
        }
    }
}
