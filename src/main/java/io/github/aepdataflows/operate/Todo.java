package io.github.aepdataflows.operate;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Something that the last audit found and somebody should look at.
 *
 * @param state    as in {@code failed}
 * @param dataflow its name; empty for what the sandbox shares
 * @param reason   in words
 * @param flowId   of a flow; empty for another resource
 * @param advice   what to do about it
 */
record Todo(String state, String dataflow, boolean isOurs, String reason, String flowId, String advice) {

    private static final Set<String> CALM = Set.of("healthy", "streaming", "disabled", "draft", "never ran");

    /** Those of a report, the most urgent first: flows in the order of the report, then other resources. */
    static List<Todo> of(JsonNode report) {
        List<Todo> todos = new ArrayList<>();
        Set<String> left = report.path("left").valueStream().map(one -> one.path("id").asText()).collect(Collectors.toSet());
        for (JsonNode flow : report.path("flows")) {
            String state = flow.path("state").asText();
            String id = flow.path("id").asText();
            if (!CALM.contains(state)) {
                todos.add(todo(state, flow.path("name").asText(), flow.path("ours").asBoolean(), flow.path("reason").asText(), id,
                        left.contains(id) ? "left" : state));
            }
        }
        report.path("missing").forEach(one -> todos.add(ours("missing", one.path("dataflow").asText(),
                "the %s %s is not listed any more".formatted(Wording.kind(one.path("step").asText()), one.path("id").asText()), "")));
        report.path("twins").forEach(one -> todos.add(ours("duplicate", one.path("dataflow").asText(),
                "the %s %s exists once more, unknown to the ledger: %s".formatted(Wording.kind(one.path("step").asText()),
                        one.path("id").asText(), one.path("others")), "")));
        report.path("drift").forEach(one -> {
            List<String> differing = one.path("steps").valueStream().map(step -> Wording.kind(step.path("step").asText())).toList();
            List<String> changed = one.path("changed").valueStream().map(JsonNode::asText).toList();
            todos.add(ours("drift", one.path("dataflow").asText(), changed.isEmpty()
                    ? "its %s %s not as %s says".formatted(String.join(", ", differing), differing.size() == 1 ? "is" : "are",
                    one.path("file").asText())
                    : "its definition %s was changed and not applied since: %s".formatted(one.path("file").asText(),
                    String.join(", ", changed)), one.path("flow").asText()));
        });
        report.path("left").forEach(one -> todos.add(ours("left", one.path("dataflow").asText(),
                "a %s of an earlier version is still there".formatted(Wording.kind(one.path("kind").asText())), "")));
        return todos;
    }

    private static Todo ours(String state, String dataflow, String reason, String flowId) {
        return todo(state, dataflow, true, reason, flowId, state);
    }

    /** @param advised the state that says what to do */
    private static Todo todo(String state, String dataflow, boolean isOurs, String reason, String flowId, String advised) {
        return new Todo(state, dataflow, isOurs, reason, flowId, Wording.advice(advised, isOurs, dataflow));
    }

    /** Of its link, by which a browser finds it again when the page is made anew. */
    String anchor() {
        return "todo-" + Integer.toHexString(List.of(state, dataflow, reason, flowId).hashCode());
    }
}
