package io.github.aepdataflows.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(name = "plan", mixinStandardHelpOptions = true, versionProvider = Version.class,
        description = "Says in which fields definitions and the Platform differ, and how the Platform lets that be settled. Reads only. It may"
                + " be used while the program runs.",
        footer = {"", "Per step: create, update, replace, delete or impossible. Exit code 2 when there is a difference, 1 when a definition has"
                + " faults or could not be compared. As JSON: per definition the plan of direct:aep-plan.", "",
                "@|bold Examples|@:",
                "  aep-dataflows plan crm.yaml",
                "  aep-dataflows plan --json definitions/ | jq '.plans[] | select(.empty | not)'"})
final class PlanCommand implements Callable<Integer> {

    @Mixin
    private Console console;

    @Mixin
    private DefinitionFiles files;

    @Override
    public Integer call() throws Exception {
        return new Plans(console).of(files.all());
    }
}
