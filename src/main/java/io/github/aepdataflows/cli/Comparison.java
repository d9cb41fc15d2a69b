package io.github.aepdataflows.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.aepdataflows.definition.DefinitionException;
import io.github.aepdataflows.plan.PlanText;
import io.github.aepdataflows.platform.PlatformException;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.stream.StreamSupport;
import picocli.CommandLine.Help.Ansi.Style;

/** Compares definitions with the Platform and says in what they differ: {@code plan}, and {@code apply --dry-run}. */
final class Comparison {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Output output;
    private final boolean json;

    /** @param json whether all plans are printed as one JSON document, or else each as text */
    Comparison(Output output, boolean json) {
        this.output = output;
        this.json = json;
    }

    /** Returns the exit code. */
    int of(List<String> files, Program program) throws Exception {
        ArrayNode plans = JSON.createArrayNode();
        try (OneShot running = OneShot.asking(program)) {
            for (String file : files) {
                ObjectNode plan = JSON.createObjectNode().put("file", DefinitionFiles.label(file));
                plan(running, file, plan);
                plans.add(plan);
                if (!json) {
                    print(plan);
                }
            }
        }
        return conclude(plans);
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

    private void print(JsonNode plan) {
        String file = plan.path("file").asText();
        if (plan.has("error")) {
            output.line(Style.fg_red, file + ": ", plan.path("error").asText());
            plan.path("faults").forEach(fault -> output.line("  " + fault.asText()));
            return;
        }
        for (PlanText.Line line : PlanText.lines(file, plan)) {
            switch (line.tone()) {
                case NOTHING_TO_DO -> output.line(Style.fg_green, line.first(), line.rest());
                case DATAFLOW -> output.line(Style.bold, line.first(), line.rest());
                case STEP -> output.line(Style.fg_yellow, line.first(), line.rest());
                default -> output.line(line.first() + line.rest());
            }
        }
    }

    private int conclude(ArrayNode plans) throws IOException {
        long failed = StreamSupport.stream(plans.spliterator(), false).filter(plan -> plan.has("error")).count();
        long different = StreamSupport.stream(plans.spliterator(), false).filter(plan -> !plan.has("error") && !plan.path("empty").asBoolean()).count();
        if (json) {
            output.json(JSON.createObjectNode().put("empty", different == 0 && failed == 0).set("plans", plans));
        } else {
            output.line("%d compared, %d with differences%s".formatted(plans.size() - failed, different,
                    failed == 0 ? "" : "; could not be compared: " + failed));
        }
        return failed > 0 ? AepDataflows.FAILURE : different > 0 ? AepDataflows.DIFFERENCES : AepDataflows.DONE;
    }
}
