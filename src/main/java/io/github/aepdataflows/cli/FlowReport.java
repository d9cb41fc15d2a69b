package io.github.aepdataflows.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.aepdataflows.export.ExportException;
import io.github.aepdataflows.platform.PlatformException;
import io.github.aepdataflows.provision.ConflictException;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.camel.Exchange;
import picocli.CommandLine.Help.Ansi.Style;
import picocli.CommandLine.Model.CommandSpec;

/** Describes one existing flow after the other by an endpoint of ours, writes their definitions, and tells what has become of each. */
final class FlowReport {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final CommandSpec spec;
    private final ExistingFlows flows;
    private final Output output;
    private final DefinitionFolder folder;
    private final ArrayNode reports = JSON.createArrayNode();
    private int failed;

    FlowReport(CommandSpec spec, ExistingFlows flows) {
        this.spec = spec;
        this.flows = flows;
        this.output = new Output(spec);
        this.folder = flows.folder();
    }

    /**
     * Asks the endpoint for each flow, and returns the exit code.
     *
     * @param written which of its reports have a definition that is to be written
     * @param done    what was done, as in {@code exported}
     */
    int of(OneShot program, String endpoint, Predicate<ObjectNode> written, String done) throws Exception {
        List<String> wanted = flows.wanted(program);
        for (String flow : wanted) {
            ObjectNode report = JSON.createObjectNode().put("wanted", flow);
            try {
                Exchange answer = program.request(endpoint, flow, Map.of("aepExportByIds", flows.byIds()));
                report.setAll((ObjectNode) JSON.readTree(answer.getVariable("aepExport", String.class)));
                write(report, answer.getMessage().getBody(String.class), written.test(report));
            } catch (ExportException | ConflictException | PlatformException e) {
                report.put("error", e.getMessage());
            }
            failed += report.has("error") ? 1 : 0;
            reports.add(report);
            print(report, written.test(report));
        }
        if (flows.isJson()) {
            output.json(JSON.createObjectNode().set("flows", reports));
        } else if (!flows.isPrinted()) {
            output.line("%d flows, %d %s%s".formatted(wanted.size(), wanted.size() - failed, done, failed == 0 ? "" : "; not: " + failed));
        }
        return failed == 0 ? AepDataflows.DONE : AepDataflows.FAILURE;
    }

    private void write(ObjectNode report, String definition, boolean isWritten) {
        if (folder != null && isWritten) {
            try {
                report.put("file", folder.write(report.at("/definition/name").asText(), definition).toString());
            } catch (IOException e) {
                String but = report.has("outcome") ? "it is in the ledger, but its definition is not written: " : "";
                report.put("error", but + e.getMessage());
            }
        } else if (flows.isPrinted() && isWritten) {
            definition.lines().forEach(output::line);
        }
    }

    private void print(ObjectNode report, boolean isWritten) {
        if (flows.isJson()) {
            return;
        }
        String name = report.has("dataflow") ? report.path("dataflow").asText() : report.path("wanted").asText();
        String outcome = report.has("outcome") ? report.path("outcome").asText() : "exported";
        if (flows.isPrinted()) {   // standard output is the definition's
            if (report.has("error") || !isWritten) {
                spec.commandLine().getErr().println(Output.visible(name + ": "
                        + (report.has("error") ? report.path("error").asText() : "in the ledger already, with another definition")));
                spec.commandLine().getErr().flush();
            }
        } else if (report.has("error")) {
            output.line(Style.fg_red, name + ": ", report.path("error").asText());
        } else {
            String notes = report.path("notes").isEmpty() ? "" : "; see the comments in it";
            output.line(Style.fg_green, name + ": " + outcome,
                    isWritten ? ", " + report.path("file").asText() + notes : ", with another definition; none is written");
        }
    }
}
