package io.github.aepdataflows.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.aepdataflows.ledger.Dataflow;
import io.github.aepdataflows.ledger.Ledger;
import io.github.aepdataflows.ledger.RecordedStep;
import io.github.aepdataflows.settings.Settings;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.commons.lang3.StringUtils;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi.Style;
import picocli.CommandLine.Mixin;

@Command(name = "status", mixinStandardHelpOptions = true, versionProvider = Version.class,
        description =
                "Says what the ledger has: each dataflow, whether it is done or open, and the steps of which nobody can tell yet whether"
                + " they have made something. Asks the Platform nothing. It may be used while the program runs.",
        footer = {"", "@|bold Examples|@:", "  aep-dataflows status",
                "  aep-dataflows status --json | jq '.dataflows[] | select(.state == \"open\")'"})
final class StatusCommand implements Callable<Integer> {

    private static final int DIGITS = 12;

    @Mixin
    private Console console;

    @Override
    public Integer call() throws Exception {
        try (OneShot program = console.reading()) {
            Ledger ledger = program.bean("aepLedger", Ledger.class);
            String sandbox = program.bean("aepSettings", Settings.class).sandbox();
            List<Dataflow> dataflows = ledger.dataflows();
            List<RecordedStep> unresolved = ledger.unresolved();
            console.json(document(sandbox, dataflows, unresolved));
            print(sandbox, dataflows, unresolved);
        }
        return AepDataflows.DONE;
    }

    private void print(String sandbox, List<Dataflow> dataflows, List<RecordedStep> unresolved) {
        int width = Math.max("DATAFLOW".length(), dataflows.stream().mapToInt(dataflow -> dataflow.name().length()).max().orElse(0));
        String columns = "%-6s %-" + width + "s %-" + DIGITS + "s %-20s %s";
        if (!dataflows.isEmpty()) {
            console.line(Style.bold, columns.formatted("STATE", "DATAFLOW", "DIGEST", "FINISHED", "FILE"), "");
        }
        for (Dataflow dataflow : dataflows) {
            String digest = StringUtils.left(dataflow.digest(), DIGITS);
            String finished = dataflow.done() ? dataflow.finishedAt().truncatedTo(ChronoUnit.SECONDS).toString() : "";
            console.line(columns.formatted(state(dataflow), dataflow.name(), digest, finished, dataflow.file()).stripTrailing());
        }
        for (RecordedStep step : unresolved) {
            String what = step.key().step() + (step.key().shared() ? "" : " of " + step.key().dataflow());
            console.line(Style.fg_yellow, "unresolved: ",
                    "the " + what + " may or may not have been made; it is looked for when the definition is provisioned again");
        }
        long open = dataflows.stream().filter(dataflow -> !dataflow.done()).count();
        console.line("sandbox %s: %d dataflows, %d done, %d open; unresolved steps: %d"
                .formatted(sandbox, dataflows.size(), dataflows.size() - open, open, unresolved.size()));
    }

    private static String state(Dataflow dataflow) {
        return dataflow.done() ? "done" : "open";
    }

    private static ObjectNode document(String sandbox, List<Dataflow> dataflows, List<RecordedStep> unresolved) {
        ObjectNode document = new ObjectMapper().createObjectNode().put("sandbox", sandbox);
        ArrayNode list = document.putArray("dataflows");
        for (Dataflow dataflow : dataflows) {
            list.addObject().put("dataflow", dataflow.name()).put("state", state(dataflow)).put("digest", dataflow.digest())
                    .put("file", dataflow.file()).put("startedAt", dataflow.startedAt().toString())
                    .put("finishedAt", dataflow.done() ? dataflow.finishedAt().toString() : null);
        }
        ArrayNode open = document.putArray("unresolved");
        for (RecordedStep step : unresolved) {
            open.addObject().put("dataflow", step.key().dataflow()).put("step", step.key().step()).put("name", step.name())
                    .put("attempts", step.attempt());
        }
        return document;
    }
}
