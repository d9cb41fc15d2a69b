package io.github.aepdataflows.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.aepdataflows.definition.DefinitionException;
import io.github.aepdataflows.platform.PlatformException;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.Callable;
import java.util.stream.StreamSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi.Style;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(name = "plan", mixinStandardHelpOptions = true, versionProvider = Version.class,
        description = "Says in which fields definitions and the Platform differ, and how the Platform lets that be settled. Reads only. It may"
                + " be used while the program runs.",
        footer = {"", "Per step: create, update, replace or impossible. Exit code 2 when there is a difference, 1 when a definition has faults or"
                + " could not be compared."})
final class PlanCommand implements Callable<Integer> {

    private static final ObjectMapper JSON = new ObjectMapper();

    @ParentCommand
    private AepDataflows commandLine;

    @Spec
    private CommandSpec spec;

    @Option(names = "--json", description = "One JSON document: per file the plan of direct:aep-plan.")
    private boolean json;

    @Mixin
    private DefinitionFiles files;

    @Override
    public Integer call() throws Exception {
        Output output = new Output(spec);
        ArrayNode plans = JSON.createArrayNode();
        try (OneShot program = OneShot.asking(commandLine.program())) {
            for (String file : files.all()) {
                ObjectNode plan = JSON.createObjectNode().put("file", DefinitionFiles.label(file));
                plan(program, file, plan);
                plans.add(plan);
                if (!json) {
                    print(output, plan);
                }
            }
        }
        long failed = count(plans, "error");
        long different = StreamSupport.stream(plans.spliterator(), false).filter(plan -> !plan.has("error") && !plan.path("empty").asBoolean()).count();
        if (json) {
            output.json(JSON.createObjectNode().put("empty", different == 0 && failed == 0).set("plans", plans));
        } else {
            output.line("%d compared, %d with differences%s".formatted(plans.size() - failed, different,
                    failed == 0 ? "" : "; could not be compared: " + failed));
        }
        return failed > 0 ? AepDataflows.FAILURE : different > 0 ? AepDataflows.DIFFERENCES : AepDataflows.DONE;
    }

    private static void plan(OneShot program, String file, ObjectNode plan) throws Exception {
        try (InputStream content = DefinitionFiles.open(file)) {
            plan.setAll((ObjectNode) JSON.readTree(program.request("direct:aep-plan", content).getMessage().getBody(String.class)));
        } catch (DefinitionException e) {
            ArrayNode faults = plan.put("error", "has faults").putArray("faults");
            e.faults().forEach(fault -> faults.add(fault.toString()));
        } catch (PlatformException e) {
            plan.put("error", "could not be compared: " + e.getMessage());
        } catch (IOException e) {
            plan.put("error", "cannot be read: " + e.getMessage());
        }
    }

    private static void print(Output output, JsonNode plan) {
        String file = plan.path("file").asText();
        if (plan.has("error")) {
            output.line(Style.fg_red, file + ": ", plan.path("error").asText());
            plan.path("faults").forEach(fault -> output.line("  " + fault.asText()));
            return;
        } else if (plan.path("empty").asBoolean()) {
            output.line(Style.fg_green, file + ": no differences", "");
            return;
        }
        output.line(Style.bold, file + ": " + plan.path("dataflow").asText(), "");
        for (JsonNode step : plan.path("steps")) {
            if (!step.path("action").asText().equals("none")) {
                output.line(Style.fg_yellow, "  " + step.path("action").asText() + " " + step.path("step").asText(),
                        step.has("id") ? " " + step.path("id").asText() : "");
                step.path("changes").forEach(change -> output.line("    %s: %s -> %s".formatted(change.path("path").asText(),
                        change.has("is") ? change.path("is") : "nothing", change.path("wanted"))));
                if (step.has("reason")) {
                    output.line("    " + step.path("reason").asText());
                }
            }
        }
    }

    private static long count(ArrayNode plans, String field) {
        return StreamSupport.stream(plans.spliterator(), false).filter(plan -> plan.has(field)).count();
    }
}
