package io.github.aepdataflows.files;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.aepdataflows.definition.DefinitionPart;
import io.github.aepdataflows.definition.Excerpt;
import io.github.aepdataflows.definition.Fault;
import io.github.aepdataflows.definition.VisibleText;
import io.github.aepdataflows.plan.PlanText;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** A file in {@code plan/} in work: what has come of its definitions so far, in their order. */
final class PlannedFile {

    /** @param document a plan; or, with a {@code category}, why there is none */
    private record Entry(DefinitionPart part, ObjectNode document) {

        boolean isPlan() {
            return !document.has("category");
        }

        boolean isImpossible() {
            return isPlan() && PlanText.isImpossible(document);
        }

        boolean hasWork() {
            return isPlan() && document.path("steps").valueStream().anyMatch(step -> !step.path("action").asText().equals("none"));
        }
    }

    private final String name;
    private final JsonNode edition;
    private final List<Entry> entries = new ArrayList<>();

    PlannedFile(String name, JsonNode edition) {
        this.name = name;
        this.edition = edition;
    }

    void add(DefinitionPart part, ObjectNode document) {
        entries.add(new Entry(part, Excerpt.cut(document)));
    }

    boolean hasNoPlan() {
        return entries.stream().noneMatch(Entry::isPlan);
    }

    /**
     * Adds what came of it: the document of its only definition; or those of all, each with the line in which its definition begins.
     *
     * @param none what is said where none of several has a plan
     */
    void addTo(ObjectNode document, ObjectNode none) {
        if (entries.size() == 1) {
            document.setAll(entries.get(0).document());
        } else if (hasNoPlan()) {
            document.setAll(none.put("category", entries.get(0).document().path("category").asText()));
        }
        document.set("definition", edition);
        if (entries.size() > 1) {
            ArrayNode plans = document.putArray("plans");
            entries.forEach(entry -> plans.addObject().put("line", entry.part().line()).setAll(entry.document()));
        }
    }

    /** All plans in words, and in their places what keeps others from having one. */
    String text() {
        return entries.stream().map(entry -> text(entries.size() > 1 ? entry.part().label(name) : name, entry.document()))
                .collect(Collectors.joining());
    }

    private static String text(String label, JsonNode document) {
        if (!document.has("category")) {
            return PlanText.text(label, document);
        }
        StringBuilder text = new StringBuilder(VisibleText.of("%s: %s".formatted(label, document.path("message").asText()))).append('\n');
        document.path("faults").forEach(fault -> text.append(VisibleText.of("  " + Fault.of(fault))).append('\n'));
        return text.toString();
    }

    /** In a line, for the log. */
    String summary() {
        if (entries.size() == 1) {
            return entries.get(0).isImpossible() ? "it cannot be made what the definition describes"
                    : entries.get(0).hasWork() ? "there is something to do" : "no differences";
        }
        long work = entries.stream().filter(Entry::hasWork).count();
        long failed = entries.stream().filter(entry -> !entry.isPlan()).count();
        return "definitions: %d, with something to do: %d, that could not be planned: %d".formatted(entries.size(), work, failed);
    }
}
