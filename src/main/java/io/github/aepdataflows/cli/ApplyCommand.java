package io.github.aepdataflows.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.aepdataflows.ledger.Ledger;
import io.github.aepdataflows.ledger.LedgerException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(name = "apply", mixinStandardHelpOptions = true, versionProvider = Version.class,
        description = "Provisions definitions, one after the other, as if each was dropped into data/inbox, and says what was done. The files"
                + " stay where they are. The program must not run meanwhile on the same ledger: then drop them into its inbox instead.",
        footer = {"", "What was done before is not done again: after a failure, the same command goes on from where it was. Exit code 1 when"
                + " one failed; the others are done nevertheless.", "",
                "@|bold Examples|@:",
                "  aep-dataflows apply --dry-run definitions/   what would it do?",
                "  aep-dataflows apply definitions/",
                "  git show main:crm.yaml | aep-dataflows apply -",
                "  aep-dataflows apply --json crm.yaml | jq -r '.files[0].resources.flow'"})
final class ApplyCommand implements Callable<Integer> {

    private static final ObjectMapper JSON = new ObjectMapper();

    @ParentCommand
    private AepDataflows commandLine;

    @Spec
    private CommandSpec spec;

    @Option(names = "--json", description = "One JSON document: per definition the receipt, or the error document.")
    private boolean json;

    @Option(names = "--dry-run", description = "Only says what would be done: the same as the command plan.")
    private boolean dryRun;

    @Option(names = "--progress", description = "Says every few seconds on standard error how far it is, also where that is no terminal.")
    private boolean progress;

    @Mixin
    private DefinitionFiles files;

    @Override
    public Integer call() throws Exception {
        Output output = new Output(spec);
        List<DefinitionSource> all = files.all();
        return dryRun ? Integer.valueOf(new Comparison(output, json).of(all, commandLine.program())) : apply(output, all);
    }

    private Integer apply(Output output, List<DefinitionSource> all) throws Exception {
        AppliedText text = new AppliedText(output);
        ArrayNode documents = JSON.createArrayNode();
        int failed = 0;
        try (OneShot program = OneShot.working(commandLine.program()); Progress shown = Progress.of(all.size(), progress, spec)) {
            if (!program.bean("aepLedger", Ledger.class).isOpen()) {
                throw new LedgerException("nothing was applied: the ledger cannot be opened now. Stop the program that has it, or drop the"
                        + " definitions into its inbox");
            }
            Provisioner provisioner = new Provisioner(program);
            for (DefinitionSource definition : all) {
                ObjectNode document = provisioner.provision(definition);
                boolean well = document.has("outcome");
                failed += well ? 0 : 1;
                shown.done(well);
                documents.add(document);
                if (!json) {
                    text.print(definition.label(), document);
                }
            }
        }
        if (json) {
            output.json(JSON.createObjectNode().put("ok", failed == 0).set("files", documents));
        } else {
            output.line("%d applied%s".formatted(all.size() - failed, failed == 0 ? "" : ", failed: " + failed));
        }
        return failed == 0 ? AepDataflows.DONE : AepDataflows.FAILURE;
    }
}
