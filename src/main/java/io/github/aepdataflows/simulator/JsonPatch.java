package io.github.aepdataflows.simulator;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;

/** JSON Patch as the Platform takes it: an array of {@code add}, {@code replace} and {@code remove}, in any letter case. */
final class JsonPatch {

    record Operation(String op, String path, JsonNode value) {
    }

    private JsonPatch() {
    }

    static List<Operation> operations(JsonNode patch) {
        if (!patch.isArray() || patch.isEmpty()) {
            throw Refusal.flow("1434-400", "A patch is a JSON array of operations");
        }
        return Json.stream(patch).map(JsonPatch::operation).toList();
    }

    private static Operation operation(JsonNode node) {
        String op = node.path("op").asText().toLowerCase(Locale.ROOT);
        if (!List.of("add", "replace", "remove").contains(op)) {
            throw Refusal.flow("1434-400", "The patch operation must be add, replace or remove, not " + op);
        }
        String path = node.path("path").asText();
        if (path.length() < 2 || !path.startsWith("/")) {
            throw Refusal.flow("1365-400", "Not a path: " + path);
        }
        return new Operation(op, path, node.path("value"));
    }

    /** A patched copy. */
    static ObjectNode apply(ObjectNode document, List<Operation> operations) {
        ObjectNode copy = document.deepCopy();
        operations.forEach(operation -> apply(copy, operation));
        return copy;
    }

    private static void apply(ObjectNode document, Operation operation) {
        JsonPointer pointer = JsonPointer.compile(operation.path());
        JsonNode parent = document.at(pointer.head());
        boolean missing = document.at(pointer).isMissingNode();
        if (parent.isMissingNode() || missing && !operation.op().equals("add")) {
            throw Refusal.flow("1455-400", "There is nothing at " + operation.path());
        }
        String name = pointer.last().getMatchingProperty();
        if (parent instanceof ObjectNode object) {
            if (operation.op().equals("remove")) {
                object.remove(name);
            } else {
                object.set(name, operation.value());
            }
        } else if (parent instanceof ArrayNode array) {
            apply(array, pointer.last(), operation);
        } else {
            throw Refusal.flow("1365-400", "Not a path: " + operation.path());
        }
    }

    private static void apply(ArrayNode array, JsonPointer position, Operation operation) {
        int index = position.getMatchingProperty().equals("-") ? array.size() : position.getMatchingIndex();
        if (index < 0 || index > array.size()) {
            throw Refusal.flow("1365-400", "Not an index: " + operation.path());
        }
        switch (operation.op()) {
            case "add" -> array.insert(index, operation.value());
            case "replace" -> array.set(index, operation.value());
            default -> array.remove(index);
        }
    }
}
