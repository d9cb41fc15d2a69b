package io.github.aepdataflows.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.aepdataflows.provision.Failure;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.camel.Exchange;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(name = "apply", mixinStandardHelpOptions = true, versionProvider = Version.class,
        description =
                "Provisions definitions, one after the other, as if each was dropped into data/inbox, and says what was done. The files"
                + " stay where they are. The program must not run meanwhile on the same ledger: then drop them into its inbox instead.",
        footer = {"",
                "What was done before is not done again: after a failure, the same command goes on from where it was. Exit code 1 when"
                + " one failed; the others are done nevertheless. As JSON: per definition the receipt, or the error document.", "",
                "@|bold Examples|@:",
                "  aep-dataflows apply --dry-run definitions/   what would it do?",
                "  aep-dataflows apply definitions/",
                "  git show main:crm.yaml | aep-dataflows apply -",
                "  aep-dataflows apply --json crm.yaml | jq -r '.files[0].resources.flow'"})
final class ApplyCommand implements Callable<Integer> {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MOST_OUTAGES = 3;

    @Mixin
    private Console console;

    @Option(names = "--dry-run", description = "Only says what would be done: the same as the command plan.")
    private boolean dryRun;

    @Option(names = "--progress", description = "Says every few seconds on standard error how far it is, also where that is no terminal.")
    private boolean progress;

    @Mixin
    private DefinitionFiles files;

    private int outages;

    @Override
    public Integer call() throws Exception {
        List<DefinitionSource> all = files.all();
        return dryRun ? PlanCommand.compare(console, all) : apply(all);
    }

    private int apply(List<DefinitionSource> all) throws Exception {
        AppliedText text = new AppliedText(console);
        ArrayNode documents = JSON.createArrayNode();
        int failed = 0;
        try (OneShot program = console.working("applied", ", or drop the definitions into its inbox");
                Progress shown = Progress.of(all.size(), progress, console.err())) {
            for (DefinitionSource definition : all) {
                ObjectNode document = provision(program, definition);
                boolean well = document.has("outcome");
                failed += well ? 0 : 1;
                shown.done(well);
                documents.add(document);
                text.print(definition.label(), document);
            }
        }
        console.json(JSON.createObjectNode().put("ok", failed == 0).set("files", documents));
        console.line("%d applied%s".formatted(all.size() - failed, failed == 0 ? "" : ", failed: " + failed));
        return failed == 0 ? AepDataflows.DONE : AepDataflows.FAILURE;
    }

    /**
     * The receipt, or the error document: {@code category, message, advice, faults…}; with the file as it was named. One that fails keeps
     * no other from its turn, but when one after the other meets an outage, the rest is left alone: each would wait as long, for nothing.
     */
    private ObjectNode provision(OneShot program, DefinitionSource definition) throws IOException {
        ObjectNode document = definition.document();
        if (definition.unreadable().isPresent()) {
            return failure(document, "unreadable", definition.unreadable().get());
        } else if (outages == MOST_OUTAGES) {
            return failure(document, "unavailable", "not tried: the %d before it met an outage".formatted(MOST_OUTAGES));
        }
        Exchange exchange = program.send("direct:aep-provision", definition.part(),
                definition.fileName().isEmpty() ? Map.of() : Map.of("aepFile", definition.fileName()));
        Failure failure = exchange.getVariable(Failure.NAME, Failure.class);
        outages = failure != null && failure.isPause() ? outages + 1 : 0;
        if (failure != null) {
            document.setAll(failure.document());
        } else if (exchange.getException() != null) {
            failure(document, "unavailable", String.valueOf(exchange.getException().getMessage()));
        } else {
            document.setAll((ObjectNode) OneShot.json(exchange));
        }
        return document.put("file", definition.file());
    }

    private static ObjectNode failure(ObjectNode document, String category, String message) {
        return document.put("category", category).put("message", message);
    }
}
