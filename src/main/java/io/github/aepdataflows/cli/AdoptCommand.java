package io.github.aepdataflows.cli;

import io.github.aepdataflows.ledger.Ledger;
import io.github.aepdataflows.ledger.LedgerException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(name = "adopt", mixinStandardHelpOptions = true, versionProvider = Version.class,
        description = "Writes the definitions of existing flows and enters these into the ledger: from then on they are as if they had been"
                + " provisioned. Writes nothing at the Platform. The program must not run meanwhile.",
        footer = {"", "Dataset, schema and base connection stay what they are: existing ones that a definition names. Exit code 1 when a flow could"
                + " not be adopted.", "",
                "@|bold Examples|@:",
                "  aep-dataflows adopt 'CRM contacts' > crm.yaml",
                "  aep-dataflows adopt --all --out definitions/"})
final class AdoptCommand implements Callable<Integer> {

    @ParentCommand
    private AepDataflows commandLine;

    @Spec
    private CommandSpec spec;

    @Mixin
    private ExistingFlows flows;

    @Override
    public Integer call() throws Exception {
        flows.check(spec);
        try (OneShot program = OneShot.working(commandLine.program())) {
            if (!program.bean("aepLedger", Ledger.class).isOpen()) {
                throw new LedgerException("nothing was adopted: the ledger cannot be opened now. Stop the program that has it");
            }
            return new FlowReport(spec, flows).of(program, "direct:aep-adopt", report -> report.path("sameDefinition").asBoolean(), "in the ledger");
        }
    }
}
