package io.github.aepdataflows.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.aepdataflows.audit.Audit;
import io.github.aepdataflows.settings.Settings;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.apache.camel.Exchange;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(name = "audit", mixinStandardHelpOptions = true, versionProvider = Version.class,
        description = "Looks at all source dataflows of the sandbox and their runs, once, and writes the report. Reads only at the Platform.",
        footer = {"", "Exit code 1 when somebody should look: something failed, is missing, late, partial, unknown or there twice, or the"
                + " audit is not complete.", "",
                "@|bold Examples|@:",
                "  aep-dataflows audit",
                "  aep-dataflows audit --json | jq '.flows[] | select(.state == \"failed\")'"})
final class AuditCommand implements Callable<Integer> {

    @ParentCommand
    private AepDataflows commandLine;

    @Spec
    private CommandSpec spec;

    @Option(names = "--json", description = "The report, and in \"report\" the file that it was written to, as one JSON document.")
    private boolean json;

    @Override
    public Integer call() throws Exception {
        Output output = new Output(spec);
        try (OneShot program = OneShot.asking(commandLine.program())) {
            Exchange exchange = program.request("direct:aep-audit", "");
            Audit audit = exchange.getVariable("aepAudit", Audit.class);
            Path file = Path.of(program.bean("aepSettings", Settings.class).dataDir(), "reports", exchange.getVariable("aepReportFile", String.class));
            if (json) {
                ObjectNode report = (ObjectNode) new ObjectMapper().readTree(exchange.getMessage().getBody(String.class));
                output.json(report.put("report", file.toString()));
            } else {
                audit.table().forEach(output::line);
                audit.warnings().forEach(output::line);
                output.line(audit.summary() + "; " + file);
            }
            return audit.isAlarming() ? AepDataflows.FAILURE : AepDataflows.DONE;
        }
    }
}
