package io.github.aepdataflows.operate;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Something that the last audit found and somebody should look at.
 *
 * @param state    as in {@code failed}
 * @param dataflow its name; empty for what the sandbox shares
 * @param reason   in words
 * @param flowId   of a flow; empty for another resource
 */
record Todo(String state, String dataflow, boolean isOurs, String reason, String flowId) {

    private static final Set<String> CALM = Set.of("healthy", "streaming", "disabled", "draft", "never ran");

    /** Those of a report, the most urgent first: flows in the order of the report, then other resources. */
    static List<Todo> of(JsonNode report) {
        List<Todo> todos = new ArrayList<>();
        for (JsonNode flow : report.path("flows")) {
            if (!CALM.contains(flow.path("state").asText())) {
                todos.add(new Todo(flow.path("state").asText(), flow.path("name").asText(), flow.path("ours").asBoolean(),
                        flow.path("reason").asText(), flow.path("id").asText()));
            }
        }
        report.path("missing").forEach(one -> todos.add(new Todo("missing", one.path("dataflow").asText(), true,
                "the %s %s is not listed any more".formatted(Wording.kind(one.path("step").asText()), one.path("id").asText()), "")));
        report.path("twins").forEach(one -> todos.add(new Todo("duplicate", one.path("dataflow").asText(), true,
                "the %s %s exists once more, unknown to the ledger: %s".formatted(Wording.kind(one.path("step").asText()),
                        one.path("id").asText(), one.path("others")), "")));
        report.path("drift").forEach(one -> {
            List<String> differing = new ArrayList<>();
            one.path("steps").forEach(step -> differing.add(Wording.kind(step.path("step").asText())));
            List<String> changed = new ArrayList<>();
            one.path("changed").forEach(change -> changed.add(change.asText()));
            todos.add(new Todo("drift", one.path("dataflow").asText(), true, changed.isEmpty()
                    ? "its %s %s not as %s says".formatted(String.join(", ", differing), differing.size() == 1 ? "is" : "are",
                    one.path("file").asText())
                    : "its definition %s was changed and not applied since: %s".formatted(one.path("file").asText(),
                    String.join(", ", changed)), one.path("flow").asText()));
        });
        report.path("left").forEach(one -> todos.add(new Todo("left", one.path("dataflow").asText(), true,
                "a %s of an earlier version is still there".formatted(Wording.kind(one.path("step").asText())), "")));
        return todos;
    }

    /** Of its link, by which a browser finds it again when the page is made anew. */
    String anchor() {
        return "todo-" + Integer.toHexString(List.of(state, dataflow, reason, flowId).hashCode());
    }

    String advice() {
        return Wording.advice(state, isOurs, dataflow);
    }
}
