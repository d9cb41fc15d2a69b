package io.github.aepdataflows.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine.Help.Ansi.Style;

/** A receipt, or an error document, in words: one line that says what became of a definition, and what is wrong with it below. */
record AppliedText(Console console) {

    private static final Set<String> NOTHING_DONE = Set.of("unchanged", "given", "reused");

    /** @param label what the definition is called; its faults are told by the file of the document */
    void print(String label, JsonNode document) {
        String file = document.path("file").asText();
        if (document.has("outcome")) {
            String flow = document.at("/resources/flow").asText();
            console.line(Style.fg_green, "%s: %s".formatted(label, document.path("outcome").asText()),
                    (flow.isEmpty() ? "" : ": flow " + flow) + done(document));
            document.path("notes").forEach(note -> console.fault(Style.fg_yellow, file, "note: ", note));
            return;
        }
        String step = document.path("step").asText("");
        String category = document.path("category").asText();
        String what = category.equals("definition") ? ""   // the message says it
                : category + (step.isEmpty() ? "" : " at step " + step) + ": ";
        console.line(Style.fg_red, label + ": " + what, document.path("message").asText());
        document.path("faults").forEach(fault -> console.fault(Style.fg_red, file, "", fault));
        if (document.path("faults").isEmpty() && document.hasNonNull("advice")) {
            console.line("  " + document.path("advice").asText());
        }
    }

    /** As in {@code ; created source-connection, flow; adopted target-schema}: whatever outcomes the steps have. */
    private static String done(JsonNode receipt) {
        Map<String, String> byOutcome = new LinkedHashMap<>();
        if (!receipt.path("outcome").asText().equals("unchanged")) {   // then its steps say what was done when it was made
            for (JsonNode step : receipt.path("steps")) {
                String outcome = step.path("outcome").asText();
                if (!NOTHING_DONE.contains(outcome)) {
                    byOutcome.merge(outcome, step.path("step").asText(), (some, one) -> some + ", " + one);
                }
            }
        }
        return byOutcome.entrySet().stream().map(entry -> "; %s %s".formatted(entry.getKey(), entry.getValue()))
                .collect(Collectors.joining());
    }
}
