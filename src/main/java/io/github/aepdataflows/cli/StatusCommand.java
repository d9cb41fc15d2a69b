package io.github.aepdataflows.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.aepdataflows.files.DataFolder;
import io.github.aepdataflows.files.FolderView;
import io.github.aepdataflows.ledger.Dataflow;
import io.github.aepdataflows.ledger.Event;
import io.github.aepdataflows.ledger.Ledger;
import io.github.aepdataflows.ledger.LedgerException;
import io.github.aepdataflows.ledger.RecordedStep;
import io.github.aepdataflows.provision.Leftover;
import io.github.aepdataflows.resource.Kinds;
import io.github.aepdataflows.settings.Settings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.apache.commons.lang3.StringUtils;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi.Style;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(name = "status", mixinStandardHelpOptions = true, versionProvider = Version.class,
        description =
                "Says what the ledger has: each dataflow with its flow, and whether it is done, in work, open or deleted; the steps of"
                + " which nobody can tell yet whether they have made something; what was made and is not used; and what lies in the"
                + " folders. Asks the Platform nothing. It may be used while the program runs.",
        footer = {"", "@|bold Examples|@:", "  aep-dataflows status",
                "  aep-dataflows status --history=100",
                "  aep-dataflows status --json | jq '.dataflows[] | select(.state == \"open\")'"})
final class StatusCommand implements Callable<Integer> {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MOST_REASON = 160;

    @Mixin
    private Console console;

    @Option(names = "--history", arity = "0..1", fallbackValue = "20", paramLabel = "COUNT",
            description = "What has happened, the newest first, in place of the dataflows; so many events, 20 if COUNT is left out.")
    private int history;

    /**
     * What is in the ledger.
     *
     * @param flows id of the flow by name of its dataflow
     * @param steps those without a result
     */
    private record Stock(List<Dataflow> dataflows, Map<String, String> flows, List<RecordedStep> steps, List<Leftover> left, Instant now) {

        static Stock of(Ledger ledger) throws LedgerException {
            Map<String, String> flows = new TreeMap<>();
            ledger.resources(Kinds.FLOW.key()).forEach((id, dataflow) -> flows.put(dataflow, id));
            List<Leftover> left = new ArrayList<>(ledger.left().stream().map(Leftover::of).toList());
            List<Dataflow> dataflows = ledger.dataflows();
            for (Dataflow dataflow : dataflows) {   // what exists and no finished dataflow uses
                if (!dataflow.done()) {
                    ledger.steps(dataflow.name()).stream().filter(step -> step.made() && !step.key().shared())
                            .forEach(step -> left.add(Leftover.of(step, "made, but the dataflow is not finished")));
                }
            }
            return new Stock(dataflows, flows, ledger.unresolved(), left, ledger.now());
        }

        String state(Dataflow dataflow) {
            return dataflow.isHeldAt(now) ? "in work" : !dataflow.done() ? "open" : flows.containsKey(dataflow.name()) ? "done" : "deleted";
        }

        long count(String state) {
            return dataflows.stream().filter(dataflow -> state(dataflow).equals(state)).count();
        }

        /** In words; nothing when there is none. */
        String counted(String state) {
            return count(state) == 0 ? "" : ", %d %s".formatted(count(state), state);
        }

        /** Whether somebody is at it, so that it will have a result soon. */
        boolean isUnderWay(RecordedStep step) {
            return step.isUnderWayAt(now) && (step.key().shared() || dataflows.stream().anyMatch(dataflow -> dataflow.name().equals(step
                    .key().dataflow()) && dataflow.isHeldAt(now)));
        }

        List<RecordedStep> unresolved() {
            return steps.stream().filter(step -> !isUnderWay(step)).toList();
        }

        List<RecordedStep> underWay() {
            return steps.stream().filter(this::isUnderWay).toList();
        }
    }

    @Override
    public Integer call() throws Exception {
        try (OneShot program = console.ledger()) {
            Ledger ledger = program.bean("aepLedger", Ledger.class);
            Settings settings = program.bean("aepSettings", Settings.class);
            if (history > 0) {
                show(settings.sandbox(), ledger.events(Optional.empty(), Long.MAX_VALUE, history));
            } else {
                show(settings, ledger);
            }
        }
        return AepDataflows.DONE;
    }

    private void show(Settings settings, Ledger ledger) throws LedgerException, IOException {
        Stock stock = Stock.of(ledger);
        FolderView folders = new FolderView(new DataFolder(settings));
        ObjectNode document = JSON.createObjectNode().put("sandbox", settings.sandbox()).put("ledger", place(settings, ledger));
        long waiting = folders.inbox().files();
        long inWork = folders.work();
        long refused = folders.failed();
        document.putObject("folders").put("inbox", waiting).put("work", inWork).put("failed", refused);
        addTo(document, stock);
        console.json(document);
        print(stock);
        console.line("folders: %d in inbox/, %d in work/, %d in failed/".formatted(waiting, inWork, refused));
        console.line("ledger: " + place(settings, ledger));
        console.line("sandbox %s: %d dataflows, %d done, %d open%s%s; unresolved steps: %d".formatted(settings.sandbox(),
                stock.dataflows.size(), stock.count("done"), stock.count("open"), stock.counted("in work"), stock.counted("deleted"),
                stock.unresolved().size()));
    }

    private static String place(Settings settings, Ledger ledger) throws LedgerException {
        return settings.text("aep.ledger.url").isEmpty() ? Path.of(settings.dataDir(), "ledger", "ledger.db").toString() : ledger.place();
    }

    private void print(Stock stock) {
        int width = Math.max("DATAFLOW".length(), stock.dataflows.stream().mapToInt(dataflow -> dataflow.name().length()).max().orElse(0));
        String columns = "%-7s %-" + width + "s %-36s %-20s %s";
        if (!stock.dataflows.isEmpty()) {
            console.line(Style.bold, columns.formatted("STATE", "DATAFLOW", "FLOW", "FINISHED", "FILE"), "");
        }
        for (Dataflow dataflow : stock.dataflows) {
            String finished = dataflow.done() ? dataflow.finishedAt().truncatedTo(ChronoUnit.SECONDS).toString() : "";
            console.line(columns.formatted(stock.state(dataflow), dataflow.name(), stock.flows.getOrDefault(dataflow.name(), ""), finished,
                    dataflow.file()).stripTrailing());
        }
        stock.underWay().forEach(step -> console.line("in work: the " + words(step)));
        for (RecordedStep step : stock.unresolved()) {
            console.line(Style.fg_yellow, "unresolved: ", "the " + words(step)
                    + " may or may not have been made; it is looked for when the definition is provisioned again");
        }
        stock.left.forEach(each -> console.line(Style.fg_yellow, "left: ", each.words()));
    }

    private static String words(RecordedStep step) {
        return step.key().step() + (step.key().shared() ? "" : " of " + step.key().dataflow());
    }

    private static void addTo(ObjectNode document, Stock stock) {
        ArrayNode list = document.putArray("dataflows");
        for (Dataflow dataflow : stock.dataflows) {
            list.addObject().put("dataflow", dataflow.name()).put("state", stock.state(dataflow)).put("digest", dataflow.digest())
                    .put("flow", stock.flows.get(dataflow.name())).put("file", dataflow.file())
                    .put("startedAt", dataflow.startedAt().toString())
                    .put("finishedAt", dataflow.done() ? dataflow.finishedAt().toString() : null);
        }
        add(document.putArray("unresolved"), stock.unresolved());
        add(document.putArray("inWork"), stock.underWay());
        document.set("left", JSON.valueToTree(stock.left));
    }

    private static void add(ArrayNode list, List<RecordedStep> steps) {
        for (RecordedStep step : steps) {
            list.addObject().put("dataflow", step.key().dataflow()).put("step", step.key().step()).put("name", step.name())
                    .put("attempts", step.attempt());
        }
    }

    private void show(String sandbox, List<Event> events) throws JsonProcessingException {
        ObjectNode document = JSON.createObjectNode().put("sandbox", sandbox);
        ArrayNode list = document.putArray("history");
        for (Event event : events) {
            JsonNode detail = event.detail().isEmpty() ? JSON.createObjectNode() : JSON.readTree(event.detail());
            list.addObject().put("id", event.id()).put("at", event.at().toString()).put("type", event.type())
                    .put("outcome", event.outcome()).put("dataflow", event.dataflow()).put("flow", event.flowId())
                    .put("file", event.file()).put("millis", event.durationMs()).set("detail", detail);
            console.line("%-20s %-11s %-10s %s".formatted(event.at().truncatedTo(ChronoUnit.SECONDS), event.type(), event.outcome(),
                    words(event, detail)).stripTrailing());
        }
        console.json(document);
        console.line("%d events".formatted(events.size()));
    }

    private static String words(Event event, JsonNode detail) {
        List<String> words = new ArrayList<>(List.of(event.dataflow(), event.flowId(), event.file()));
        words.add(event.durationMs() == 0 ? "" : String.format(Locale.ROOT, "%.1f s", event.durationMs() / 1000.0));
        words.add(StringUtils.abbreviate(detail.path("message").asText(detail.path("reason").asText()), "…", MOST_REASON));
        words.add(detail.has("from") ? "asked on the page by %s from %s".formatted(detail.path("by").asText().isEmpty() ? "somebody"
                : detail.path("by").asText(), detail.path("from").asText()) : "");
        words.removeIf(String::isEmpty);
        return String.join(", ", words);
    }
}
