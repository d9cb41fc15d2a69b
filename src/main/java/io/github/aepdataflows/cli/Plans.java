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
record Plans(Console console) {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Returns the exit code. */
    int of(List<DefinitionSource> definitions) throws Exception {
        ArrayNode plans = JSON.createArrayNode();
        try (OneShot program = console.reading()) {
            for (DefinitionSource definition : definitions) {
                ObjectNode plan = plan(program, definition);
                plans.add(plan);
                print(definition.label(), plan);
            }
        }
        long failed = StreamSupport.stream(plans.spliterator(), false).filter(plan -> plan.has("error")).count();
        long different = StreamSupport.stream(plans.spliterator(), false).filter(plan -> !plan.has("error") && !plan.path("empty").asBoolean()).count();
        console.json(JSON.createObjectNode().put("empty", different == 0 && failed == 0).set("plans", plans));
        console.line("%d compared, %d with differences%s".formatted(plans.size() - failed, different, failed == 0 ? "" : "; could not be compared: " + failed));
        return failed > 0 ? AepDataflows.FAILURE : different > 0 ? AepDataflows.DIFFERENCES : AepDataflows.DONE;
    }

    private static ObjectNode plan(OneShot program, DefinitionSource definition) throws Exception {
        ObjectNode plan = definition.document();
        if (definition.unreadable().isPresent()) {
            return plan.put("error", definition.unreadable().get());
        }
        try {
            plan.setAll((ObjectNode) program.ask("direct:aep-plan", definition.part()));
        } catch (DefinitionException e) {
            ArrayNode faults = plan.put("error", "has faults").putArray("faults");
            e.faults().forEach(fault -> faults.add(fault.toString()));
        } catch (IOException e) {
            plan.put("error", "could not be compared: " + e.getMessage());
        }
        return plan;
    }

    private void print(String label, JsonNode plan) {
        if (plan.has("error")) {
            console.line(Style.fg_red, label + ": ", plan.path("error").asText());
            plan.path("faults").forEach(fault -> console.line("  " + fault.asText()));
            return;
        }
        for (PlanText.Line line : PlanText.lines(label, plan)) {
            switch (line.tone()) {
                case NOTHING_TO_DO -> console.line(Style.fg_green, line.first(), line.rest());
                case DATAFLOW -> console.line(Style.bold, line.first(), line.rest());
                case STEP -> console.line(Style.fg_yellow, line.first(), line.rest());
                default -> console.line(line.first() + line.rest());
            }
        }
    }
}
