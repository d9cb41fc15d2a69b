package io.github.aepdataflows.export;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.aepdataflows.definition.Definition;
import io.github.aepdataflows.definition.VisibleText;
import io.github.aepdataflows.definition.YamlText;
import java.util.List;
import java.util.stream.Stream;

/**
 * The definition of an existing flow.
 *
 * @param document   as it is written
 * @param definition as it is read
 * @param match      what creates of it would send, and what of the flow that is
 * @param notes      what the flow has besides, and what there is to know
 */
record Exported(FlowSnapshot flow, ObjectNode document, Definition definition, DefinitionMatch match, List<String> notes) {

    Exported {
        notes = List.copyOf(notes);
    }

    Exported with(List<String> more) {
        return new Exported(flow, document, definition, match, Stream.concat(notes.stream(), more.stream()).toList());
    }

    /** As a file: where it comes from, the notes, the definition. */
    String yaml(String sandbox) {
        StringBuilder text = new StringBuilder(flow.isPortable() ? "# Exported with all that another sandbox needs.\n"
                : "# Exported from flow %s of sandbox %s.\n".formatted(flow.flowId(), VisibleText.of(sandbox)));
        notes.forEach(note -> text.append("# ").append(VisibleText.of(note)).append('\n'));
        return text + YamlText.of(document);
    }

    /** As JSON: {@code flow, dataflow, sandbox, digest, notes [], definition}. */
    ObjectNode report(String sandbox) {
        ObjectNode report = JsonNodeFactory.instance.objectNode().put("flow", flow.flowId()).put("dataflow", definition.name())
                .put("sandbox", sandbox).put("digest", definition.digest());
        notes.forEach(report.putArray("notes")::add);
        report.set("definition", document);
        return report;
    }
}
