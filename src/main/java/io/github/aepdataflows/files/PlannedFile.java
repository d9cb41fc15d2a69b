package io.github.aepdataflows.files;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.aepdataflows.definition.DefinitionPart;
import io.github.aepdataflows.plan.PlanText;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** A file in {@code plan/} in work: what has come of its definitions so far, in their order. */
final class PlannedFile {

    /** @param document a plan; or, with a {@code category}, why there is none */
    private record Entry(DefinitionPart part, ObjectNode document) {

        boolean isPlan() {
            return !document.has("category");
        }

        boolean hasWork() {
            return isPlan() && StreamSupport.stream(document.path("steps").spliterator(), false).anyMatch(step -> !step.path("action").asText().equals("none"));
        }
    }

    private final PlanDocuments.Reading reading;
    private final List<Entry> entries = new ArrayList<>();
    private boolean halted;

    PlannedFile(PlanDocuments.Reading reading) {
        this.reading = reading;
    }

    JsonNode edition() {
        return reading.edition();
    }

    void add(DefinitionPart part, ObjectNode document) {
        entries.add(new Entry(part, document));
    }

    /** The rest is left for another time, and nothing is written. */
    void halt() {
        halted = true;
    }

    boolean isHalted() {
        return halted;
    }

    boolean areSeveral() {
        return entries.size() > 1;
    }

    /** Whether not one definition of it has a plan. */
    boolean hasNoPlan() {
        return entries.stream().noneMatch(Entry::isPlan);
    }

    /** The document of the only definition, or of the first. */
    ObjectNode first() {
        return entries.get(0).document();
    }

    /** All of them, each of several with the line in which its definition begins. */
    void addTo(ArrayNode list) {
        entries.forEach(entry -> list.addObject().put("line", entry.part().line()).setAll(entry.document()));
    }

    /** All plans in words, and in their places what keeps others from having one. */
    String text(String name) {
        return entries.stream().map(entry -> text(label(name, entry.part()), entry)).collect(Collectors.joining());
    }

    private String label(String name, DefinitionPart part) {
        return areSeveral() ? name + "#" + part.name().orElse(String.valueOf(part.line())) : name;
    }

    private static String text(String label, Entry entry) {
        return entry.isPlan() ? PlanText.text(label, entry.document())
                : line("%s: %s".formatted(label, entry.document().path("message").asText())) + "\n"
                        + StreamSupport.stream(entry.document().path("faults").spliterator(), false).map(PlannedFile::fault).collect(Collectors.joining());
    }

    /** Names of others neither break the line nor steer the terminal that shows it. */
    private static String line(String words) {
        return new PlanText.Line(PlanText.Tone.DETAIL, "", words).rest();
    }

    private static String fault(JsonNode fault) {
        String line = fault.path("line").isInt() ? "line " + fault.path("line").asInt() + ": " : "";
        String path = fault.path("path").asText();
        return line("  " + line + (path.isEmpty() ? "" : path + ": ") + fault.path("message").asText()) + "\n";
    }

    /** In a line, for the log. */
    String summary() {
        if (!areSeveral()) {
            return entries.get(0).hasWork() ? "there is something to do" : "no differences";
        }
        long work = entries.stream().filter(Entry::hasWork).count();
        long failed = entries.stream().filter(entry -> !entry.isPlan()).count();
        return "definitions: %d, with something to do: %d, that could not be planned: %d".formatted(entries.size(), work, failed);
    }
}
