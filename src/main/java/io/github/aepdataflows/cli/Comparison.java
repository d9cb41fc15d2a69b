package io.github.aepdataflows.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.aepdataflows.definition.DefinitionException;
import io.github.aepdataflows.plan.PlanText;
import java.io.IOException;
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
    int of(List<DefinitionSource> definitions, Program program) throws Exception {
        ArrayNode plans = JSON.createArrayNode();
        try (OneShot running = OneShot.asking(program)) {
            for (DefinitionSource definition : definitions) {
                ObjectNode plan = definition.document();
                plan(running, definition, plan);
                plans.add(plan);
                if (!json) {
                    print(definition.label(), plan);
                }
            }
        }
        return conclude(plans);
    }

    private static void plan(OneShot program, DefinitionSource definition, ObjectNode plan) throws Exception {
        if (definition.unreadable().isPresent()) {
            plan.put("error", definition.unreadable().get());
            return;
        }
        try {
            plan.setAll((ObjectNode) JSON.readTree(program.request("direct:aep-plan", definition.body()).getMessage().getBody(String.class)));
        } catch (DefinitionException e) {
            ArrayNode faults = plan.put("error", "has faults").putArray("faults");
            e.faults().forEach(fault -> faults.add(fault.toString()));
        } catch (IOException e) {
            plan.put("error", "could not be compared: " + e.getMessage());
        }
    }

    private void print(String label, JsonNode plan) {
        if (plan.has("error")) {
            output.line(Style.fg_red, label + ": ", plan.path("error").asText());
            plan.path("faults").forEach(fault -> output.line("  " + fault.asText()));
            return;
        }
        for (PlanText.Line line : PlanText.lines(label, plan)) {
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
