package io.github.aepdataflows.plan;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.aepdataflows.definition.Fault;
import io.github.aepdataflows.definition.VisibleText;
import io.github.aepdataflows.definition.YamlText;
import io.github.aepdataflows.resource.Difference;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** A plan, the JSON of {@code direct:aep-plan}, in words for people: the same on a terminal and in a file. */
public final class PlanText {

    /** What the first words of a line are about. */
    public enum Tone { NOTHING_TO_DO, DATAFLOW, STEP, DETAIL }

    /**
     * @param first the words that matter most, which a terminal may colour; empty for a detail
     * @param rest  what follows them in the same line
     */
    public record Line(Tone tone, String first, String rest) {

        /** Names of others cannot break the line, nor steer the terminal that shows it. */
        public Line {
            first = VisibleText.of(first);
            rest = VisibleText.of(rest);
        }
    }

    private PlanText() {
    }

    /** Whether it would be refused to carry the plan out. */
    public static boolean isImpossible(JsonNode plan) {
        return plan.path("steps").valueStream().anyMatch(step -> step.path("action").asText().equals("impossible"));
    }

    /** @param file what the definition is called */
    public static List<Line> lines(String file, JsonNode plan) {
        List<Line> lines = new ArrayList<>();
        if (plan.path("empty").asBoolean()) {
            lines.add(new Line(Tone.NOTHING_TO_DO, file + ": no differences", ""));
        } else {
            lines.add(new Line(Tone.DATAFLOW, file + ": " + plan.path("dataflow").asText(), ""));
        }
        for (JsonNode step : plan.path("steps")) {
            if (!step.path("action").asText().equals("none")) {
                lines.add(new Line(Tone.STEP, "  %s %s".formatted(step.path("action").asText(), step.path("step").asText()),
                        step.has("id") ? " " + step.path("id").asText() : ""));
                step.path("changes").forEach(change -> lines.add(new Line(Tone.DETAIL, "", change.path("wanted").equals(Difference.ROTATED)
                        && !change.has("is") ? "    %s: rotated".formatted(change.path("path").asText()) : "    %s: %s -> %s".formatted(
                        change.path("path").asText(), value(change.path("is")), value(change.path("wanted"))))));
                named(lines, "carries over", step.path("carriesOver"));
                named(lines, "loses", step.path("loses"));
                if (step.has("reason")) {
                    lines.add(new Line(Tone.DETAIL, "", "    " + step.path("reason").asText()));
                }
            }
        }
        if (plan.has("proposal")) {
            proposal(lines, plan.path("proposal"));
        }
        plan.path("notes").forEach(note -> lines.add(new Line(Tone.DETAIL, "", "  note: " + Fault.of(note))));
        return lines;
    }

    /** As it is to be put into the file. */
    private static void proposal(List<Line> lines, JsonNode proposal) {
        JsonNode mapping = proposal.path("mapping");
        lines.add(new Line(Tone.STEP, "  propose mapping", mapping.isEmpty() ? ": no column is called as a field of the schema; write it"
                : ": put this in place of auto"));
        if (!mapping.isEmpty()) {
            YamlText.of(JsonNodeFactory.instance.objectNode().set("mapping", mapping)).lines()
                    .forEach(line -> lines.add(new Line(Tone.DETAIL, "", line)));
        }
        proposal.path("open").forEach(sentence -> lines.add(new Line(Tone.DETAIL, "", "# " + sentence.asText())));
    }

    private static void named(List<Line> lines, String what, JsonNode paths) {
        if (!paths.isEmpty()) {
            lines.add(new Line(Tone.DETAIL, "", paths.valueStream().map(JsonNode::asText)
                    .collect(Collectors.joining(", ", "    " + what + ": ", ""))));
        }
    }

    /** The same as one text, each line ended. */
    public static String text(String file, JsonNode plan) {
        return lines(file, plan).stream().map(line -> line.first() + line.rest() + "\n").collect(Collectors.joining());
    }

    /** Neither what is not there nor what is taken away has a value. */
    private static String value(JsonNode value) {
        return value.isMissingNode() || value.isNull() ? "nothing" : withoutNulls(value.deepCopy()).toString();
    }

    /** The Platform writes null where a definition writes nothing. */
    private static JsonNode withoutNulls(JsonNode value) {
        if (value instanceof ObjectNode object) {
            object.properties().removeIf(field -> field.getValue().isNull());
        }
        value.forEach(PlanText::withoutNulls);
        return value;
    }
}
