package io.github.aepdataflows.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.aepdataflows.definition.VisibleText;
import io.github.aepdataflows.export.ExportException;
import io.github.aepdataflows.platform.PlatformException;
import io.github.aepdataflows.provision.ConflictException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.camel.Exchange;
import picocli.CommandLine.Help.Ansi.Style;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/**
 * Which flows a command line means, and where their definitions go: the same for every command that describes existing flows. Describes
 * one after the other by an endpoint of ours, writes their definitions, and tells what has become of each.
 */
final class ExistingFlows {

    private static final ObjectMapper JSON = new ObjectMapper();

    @Parameters(arity = "0..*", paramLabel = "NAME|ID", description = "A flow's name or id.")
    private List<String> names = new ArrayList<>();

    @Option(names = "--all", description = "All source dataflows of the sandbox that are not streaming.")
    private boolean all;

    @Option(names = "--out", paramLabel = "FOLDER", description =
            "Where the definitions go, a file each. Without it, that of one flow is printed.")
    private Path folder;

    @Option(names = "--force", description = "Write over files that have another content.")
    private boolean force;

    @Option(names = "--ids",
            description = "Name base connection, schema and dataset by their ids, which hold in this sandbox alone, even where"
            + " their names are unique.")
    private boolean ids;

    @Option(names = "--portable",
            description = "Describe all that another sandbox needs: base connection, schema, field groups, identities and dataset.")
    private boolean portable;

    /** @throws ParameterException when this cannot be meant */
    void check(Console console) {
        String misunderstood = all && !names.isEmpty() ? "Give either --all or names and ids"
                : !all && names.isEmpty() ? "Give the name or the id of a flow, or --all"
                : folder == null && !console.isJson() && (all || names.size() > 1) ? "Several definitions need --out, or --json"
                : folder == null && force ? "--force belongs to --out"
                : ids && portable ? "Give either --ids or --portable" : "";
        if (!misunderstood.isEmpty()) {
            throw new ParameterException(console.command().commandLine(), misunderstood);
        }
    }

    /**
     * Asks the endpoint for each flow, and returns the exit code.
     *
     * @param done what was done, as in {@code exported}
     */
    int report(Console console, OneShot program, String endpoint, String done) throws Exception {
        List<String> wanted = new ArrayList<>(names);
        int replaced = 0;
        int streaming = 0;
        for (JsonNode flow : all ? program.ask("direct:aep-export-list", "") : JSON.createArrayNode()) {
            if (flow.path("replaced").asBoolean()) {
                replaced++;
            } else if (flow.path("streaming").asBoolean()) {
                streaming++;
            } else {
                wanted.add(flow.path("id").asText());
            }
        }
        DefinitionFolder out = folder == null ? null : new DefinitionFolder(folder, force);
        ArrayNode reports = JSON.createArrayNode();
        int failed = 0;
        for (String flow : wanted) {
            ObjectNode report = JSON.createObjectNode().put("wanted", flow);
            try {
                Exchange answer = program.request(endpoint, flow, Map.of("aepExportByIds", ids, "aepExportPortable", portable));
                report.setAll((ObjectNode) JSON.readTree(answer.getVariable("aepExport", String.class)));
                String definition = answer.getMessage().getBody(String.class);
                if (out != null && isWritten(report)) {
                    write(out, report, definition);
                } else if (isWritten(report)) {
                    definition.lines().forEach(console::line);
                }
            } catch (ExportException | ConflictException | PlatformException e) {
                report.put("error", Failures.words(e));
            }
            failed += report.has("error") ? 1 : 0;
            reports.add(report);
            print(console, report);
        }
        console.json(JSON.createObjectNode().put("replaced", replaced).put("streaming", streaming).set("flows", reports));
        if (folder != null) {
            console.line("%d flows, %d %s%s%s%s".formatted(wanted.size(), wanted.size() - failed, done,
                    failed == 0 ? "" : "; not: " + failed,
                    replaced == 0 ? "" : "; left out, because a newer flow has replaced them: " + replaced,
                    streaming == 0 ? "" : "; left out, because they stream: " + streaming));
        }
        return failed == 0 ? AepDataflows.DONE : AepDataflows.FAILURE;
    }

    /** Not the definition of a flow that is in the ledger already, with another one. */
    private static boolean isWritten(JsonNode report) {
        return report.path("sameDefinition").asBoolean(true);
    }

    private static void write(DefinitionFolder out, ObjectNode report, String definition) {
        try {
            report.put("file", out.write(report.at("/definition/name").asText(), definition).toString());
        } catch (IOException e) {
            String but = report.has("outcome") ? "it is in the ledger, but its definition is not written: " : "";
            report.put("error", but + e.getMessage());
        }
    }

    private void print(Console console, JsonNode report) {
        String name = report.path(report.has("dataflow") ? "dataflow" : "wanted").asText();
        String error = report.has("error") ? report.path("error").asText() : isWritten(report) ? ""
                : "in the ledger already, with another definition";
        if (folder == null) {   // standard output is the definition's
            if (!error.isEmpty() && !console.isJson()) {
                console.err().println(VisibleText.of(name + ": " + error));
                console.err().flush();
            }
        } else if (report.has("error")) {
            console.line(Style.fg_red, name + ": ", error);
        } else {
            String notes = report.path("notes").isEmpty() ? "" : "; see the comments in it";
            console.line(Style.fg_green, name + ": " + report.path("outcome").asText("exported"),
                    isWritten(report) ? ", " + report.path("file").asText() + notes : ", with another definition; none is written");
        }
    }
}
