package io.github.aepdataflows.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.aepdataflows.audit.Audit;
import io.github.aepdataflows.settings.Settings;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import org.apache.camel.Exchange;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(name = "audit", mixinStandardHelpOptions = true, versionProvider = Version.class,
        description =
                "Looks at all source dataflows of the sandbox and their runs, once, and writes the report. Reads only at the Platform.",
        footer = {"", "Exit code 1 when somebody should look: something failed, is missing, late, partial, unknown, there twice or not as"
                + " its definition says, or the audit is not complete. As JSON: the report, and in \"report\" the file that it was written"
                + " to.", "",
                "@|bold Examples|@:",
                "  aep-dataflows audit",
                "  aep-dataflows audit --json | jq '.flows[] | select(.state == \"failed\")'"})
final class AuditCommand implements Callable<Integer> {

    @Mixin
    private Console console;

    @Override
    public Integer call() throws Exception {
        try (OneShot program = console.reading()) {
            Exchange exchange = program.request("direct:aep-audit", "", Map.of());
            Audit audit = exchange.getVariable("aepAudit", Audit.class);
            Path file = Path.of(program.bean("aepSettings", Settings.class).dataDir(), "reports",
                    exchange.getVariable("aepReportFile", String.class));
            console.json(((ObjectNode) OneShot.json(exchange)).put("report", file.toString()));
            audit.getTable().forEach(console::line);
            audit.getWarnings().forEach(console::line);
            console.line(audit.summary() + "; " + file);
            return audit.isAlarming() ? AepDataflows.FAILURE : AepDataflows.DONE;
        }
    }
}
