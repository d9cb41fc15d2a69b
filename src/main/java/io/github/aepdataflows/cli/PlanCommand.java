package io.github.aepdataflows.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.aepdataflows.definition.DefinitionException;
import io.github.aepdataflows.plan.PlanText;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi.Style;
import picocli.CommandLine.Mixin;

@Command(name = "plan", mixinStandardHelpOptions = true, versionProvider = Version.class,
        description =
                "Says in which fields definitions and the Platform differ, and how the Platform lets that be settled. Reads only. It may"
                + " be used while the program runs.",
        footer = {"",
                "Per step: create, update, replace, delete or impossible. Exit code 2 when there is a difference, 1 when one of them is"
                + " impossible, or a definition has faults or could not be compared. As JSON: per definition the plan of"
                + " direct:aep-plan; impossible is how many of them cannot be carried out.", "",
                "@|bold Examples|@:",
                "  aep-dataflows plan crm.yaml",
                "  aep-dataflows plan --json definitions/ | jq '.plans[] | select(.empty | not)'"})
final class PlanCommand implements Callable<Integer> {

    private static final ObjectMapper JSON = new ObjectMapper();

    @Mixin
    private Console console;

    @Mixin
    private DefinitionFiles files;

    @Override
    public Integer call() throws Exception {
        return compare(console, files.all());
    }

    /** Also that of {@code apply --dry-run}. Returns the exit code. */
    static int compare(Console console, List<DefinitionSource> definitions) throws Exception {
        ArrayNode plans = JSON.createArrayNode();
        try (OneShot program = console.reading()) {
            for (DefinitionSource definition : definitions) {
                ObjectNode plan = plan(program, definition);
                plans.add(plan);
                print(console, definition.label(), plan);
            }
        }
        long failed = plans.valueStream().filter(plan -> plan.has("error")).count();
        long different = plans.valueStream().filter(plan -> !plan.has("error") && !plan.path("empty").asBoolean()).count();
        long impossible = plans.valueStream().filter(PlanText::isImpossible).count();
        console.json(JSON.createObjectNode().put("empty", different == 0 && failed == 0).put("impossible", impossible)
                .set("plans", plans));
        console.line("%d compared, %d with differences%s%s".formatted(plans.size() - failed, different,
                impossible == 0 ? "" : ", %d of them impossible".formatted(impossible),
                failed == 0 ? "" : "; could not be compared: " + failed));
        return failed + impossible > 0 ? AepDataflows.FAILURE : different > 0 ? AepDataflows.DIFFERENCES : AepDataflows.DONE;
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
            plan.put("error", "could not be compared: " + Failures.words(e));
        }
        return plan;
    }

    private static void print(Console console, String label, JsonNode plan) {
        if (plan.has("error")) {
            console.line(Style.fg_red, label + ": ", plan.path("error").asText());
            plan.path("faults").forEach(fault -> console.line("  " + fault.asText()));
            return;
        }
        for (PlanText.Line line : PlanText.lines(label, plan)) {
            switch (line.tone()) {
                case NOTHING_TO_DO -> console.line(Style.fg_green, line.first(), line.rest());
                case DATAFLOW -> console.line(Style.bold, line.first(), line.rest());
                case STEP -> console.line(line.first().startsWith("  impossible ") ? Style.fg_red : Style.fg_yellow, line.first(),
                        line.rest());
                default -> console.line(line.first() + line.rest());
            }
        }
    }
}
