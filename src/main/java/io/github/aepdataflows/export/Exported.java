package io.github.aepdataflows.export;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.aepdataflows.definition.Definition;
import io.github.aepdataflows.definition.VisibleText;
import java.util.List;
import java.util.Map;

/**
 * The definition of an existing flow.
 *
 * @param document   as it is written
 * @param definition as it is read
 * @param bodies     what creates of it would send, in the order of the chain; without what the definition names as existing
 * @param notes      what the flow has besides, and what there is to know
 */
public record Exported(Original original, ObjectNode document, Definition definition, Map<Part, JsonNode> bodies, List<String> notes) {

    public Exported {
        notes = List.copyOf(notes);
    }

    /** As a file: where it comes from, the notes, the definition. */
    String yaml(String sandbox) {
        StringBuilder text = new StringBuilder("# Exported from flow %s of sandbox %s.%n".formatted(original.id(Part.FLOW), VisibleText.of(sandbox)));
        notes.forEach(note -> text.append("# ").append(VisibleText.of(note)).append('\n'));
        return text.toString().replace("\r\n", "\n") + YamlText.of(document);
    }

    /** As JSON: {@code flow, dataflow, sandbox, digest, notes [], definition}. */
    ObjectNode report(String sandbox) {
        ObjectNode report = JsonNodeFactory.instance.objectNode().put("flow", original.id(Part.FLOW)).put("dataflow", definition.name())
                .put("sandbox", sandbox).put("digest", definition.digest());
        notes.forEach(report.putArray("notes")::add);
        report.set("definition", document);
        return report;
    }
}
