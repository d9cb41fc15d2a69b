package io.github.aepdataflows.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(name = "export", mixinStandardHelpOptions = true, versionProvider = Version.class,
        description = "Writes the definitions of existing flows, whoever has made them. Reads only. It may be used while the program runs.",
        footer = {"", "Comments in a definition tell what its flow has besides. Exit code 1 when a flow could not be described.",
                "",
                "@|bold Examples|@:",
                "  aep-dataflows export 'CRM contacts' > crm.yaml",
                "  aep-dataflows export --all --out definitions/"})
final class ExportCommand implements Callable<Integer> {

    @ParentCommand
    private AepDataflows commandLine;

    @Spec
    private CommandSpec spec;

    @Mixin
    private ExistingFlows flows;

    @Override
    public Integer call() throws Exception {
        flows.check(spec);
        try (OneShot program = OneShot.asking(commandLine.program())) {
            return new FlowReport(spec, flows).of(program, "direct:aep-export", report -> true, "exported");
        }
    }
}
