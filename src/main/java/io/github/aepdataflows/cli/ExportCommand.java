package io.github.aepdataflows.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(name = "export", mixinStandardHelpOptions = true, versionProvider = Version.class,
        description = "Writes the definitions of existing flows, whoever has made them. Reads only. It may be used while the program runs.",
        footer = {"",
                "Comments in a definition tell what its flow has besides. Exit code 1 when a flow could not be described. As JSON: what"
                + " has become of each flow, and its definition.",
                "",
                "@|bold Examples|@:",
                "  aep-dataflows export 'CRM contacts' > crm.yaml",
                "  aep-dataflows export --all --out definitions/"})
final class ExportCommand implements Callable<Integer> {

    @Mixin
    private Console console;

    @Mixin
    private ExistingFlows flows;

    @Override
    public Integer call() throws Exception {
        flows.check(console);
        try (OneShot program = console.reading()) {
            return flows.report(console, program, "direct:aep-export", "exported");
        }
    }
}
