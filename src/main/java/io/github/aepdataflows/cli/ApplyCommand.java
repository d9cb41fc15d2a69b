package io.github.aepdataflows.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(name = "apply", mixinStandardHelpOptions = true, versionProvider = Version.class,
        description = "Provisions definitions, one after the other, as if each was dropped into data/inbox, and says what was done. The files"
                + " stay where they are. The program must not run meanwhile on the same ledger: then drop them into its inbox instead.",
        footer = {"", "What was done before is not done again: after a failure, the same command goes on from where it was. Exit code 1 when"
                + " one failed; the others are done nevertheless. As JSON: per definition the receipt, or the error document.", "",
                "@|bold Examples|@:",
                "  aep-dataflows apply --dry-run definitions/   what would it do?",
                "  aep-dataflows apply definitions/",
                "  git show main:crm.yaml | aep-dataflows apply -",
                "  aep-dataflows apply --json crm.yaml | jq -r '.files[0].resources.flow'"})
final class ApplyCommand implements Callable<Integer> {

    private static final ObjectMapper JSON = new ObjectMapper();

    @Mixin
    private Console console;

    @Option(names = "--dry-run", description = "Only says what would be done: the same as the command plan.")
    private boolean dryRun;

    @Option(names = "--progress", description = "Says every few seconds on standard error how far it is, also where that is no terminal.")
    private boolean progress;

    @Mixin
    private DefinitionFiles files;

    @Override
    public Integer call() throws Exception {
        List<DefinitionSource> all = files.all();
        return dryRun ? new Plans(console).of(all) : apply(all);
    }

    private int apply(List<DefinitionSource> all) throws Exception {
        AppliedText text = new AppliedText(console);
        ArrayNode documents = JSON.createArrayNode();
        int failed = 0;
        try (OneShot program = console.working("applied", ", or drop the definitions into its inbox");
                Progress shown = Progress.of(all.size(), progress, console.err())) {
            Provisioner provisioner = new Provisioner(program);
            for (DefinitionSource definition : all) {
                ObjectNode document = provisioner.provision(definition);
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
}
