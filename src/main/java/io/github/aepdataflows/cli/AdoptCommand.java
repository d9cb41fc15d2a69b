package io.github.aepdataflows.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(name = "adopt", mixinStandardHelpOptions = true, versionProvider = Version.class,
        description = "Writes the definitions of existing flows and enters these into the ledger: from then on they are as if they had been"
                + " provisioned. Writes nothing at the Platform. The program must not run meanwhile.",
        footer = {"",
                "Dataset, schema and base connection stay what they are: existing ones that a definition names. Exit code 1 when a flow "
                + "could not be adopted. As JSON: what has become of each flow, and its definition.", "",
                "@|bold Examples|@:",
                "  aep-dataflows adopt 'CRM contacts' > crm.yaml",
                "  aep-dataflows adopt --all --out definitions/"})
final class AdoptCommand implements Callable<Integer> {

    @Mixin
    private Console console;

    @Mixin
    private ExistingFlows flows;

    @Override
    public Integer call() throws Exception {
        flows.check(console);
        try (OneShot program = console.working("adopted", "")) {
            return flows.report(console, program, "direct:aep-adopt", "in the ledger");
        }
    }
}
