package io.github.aepdataflows.definition;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.aepdataflows.definition.Document.Unreadable;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Collects what a parser reads, one thing after another, into a tree with line numbers. Bounds the tree while it grows,
 * so that a small text cannot become a large one: depth 32, 10 000 nodes, 128 characters in a key (each node has a path
 * made of the keys above it).
 */
final class TreeBuilder {

    static final int MAX_DEPTH = 32;
    static final int MAX_NODES = 10_000;
    static final int MAX_KEY = 128;

    private final Map<String, Integer> lines = new HashMap<>();
    private final List<Fault> faults = new ArrayList<>();
    private final Deque<Level> open = new ArrayDeque<>();
    private JsonNode root;
    private int nodes;

    /** A container that is still being filled. */
    private static final class Level {
        final JsonNode container;
        final String path;
        String key;

        Level(JsonNode container, String path) {
            this.container = container;
            this.path = path;
        }
    }

    void startObject(int line) {
        start(JsonNodeFactory.instance.objectNode(), line);
    }

    void startArray(int line) {
        start(JsonNodeFactory.instance.arrayNode(), line);
    }

    private void start(JsonNode container, int line) {
        if (open.size() >= MAX_DEPTH) {
            throw new Unreadable(line, "nested deeper than %d levels; a definition needs 6".formatted(MAX_DEPTH));
        }
        String path = add(container, line);
        open.push(new Level(container, path));
    }

    /** Closes the innermost container and returns it. */
    JsonNode end() {
        return open.pop().container;
    }

    boolean complete() {
        return root != null && open.isEmpty();
    }

    boolean atKey() {
        return !open.isEmpty() && open.peek().container.isObject() && open.peek().key == null;
    }

    void key(String key, int line) {
        if (key.length() > MAX_KEY) {
            throw new Unreadable(line, "a key of %d characters; no key of a definition is that long".formatted(key.length()));
        }
        refuseHalfCharacters(key, line);
        Level level = open.peek();
        level.key = key;
        String path = childPath(level);
        if (key.startsWith("#")) {
            fault(path, line, "is not a key of a definition");   // the schema validator passes over such keys
        }
        if (level.container.has(key)) {
            fault(path, line, "duplicate key, first given on line %d; keep one".formatted(lines.get(path)));
        } else {
            lines.putIfAbsent(path, line);
        }
    }

    /** Adds a finished value: a scalar, or a copy of what an alias stands for. */
    void value(JsonNode value, int line) {
        if (open.size() + depth(value) > MAX_DEPTH) {
            throw new Unreadable(line, "nested deeper than %d levels; a definition needs 6".formatted(MAX_DEPTH));
        }
        if (value.isDouble() && !Double.isFinite(value.doubleValue())) {
            throw new Unreadable(line, "the number is too large");
        }
        if (value.isTextual()) {
            refuseHalfCharacters(value.textValue(), line);
        }
        add(value, line);
    }

    /** An escape can make half of a surrogate pair, which no UTF-8 text can hold: it could be neither sent nor digested. */
    private static void refuseHalfCharacters(String text, int line) {
        text.codePoints().filter(c -> Character.getType(c) == Character.SURROGATE).findFirst().ifPresent(half -> {
            throw new Unreadable(line, "half a character, U+%04X; write the character itself".formatted(half));
        });
    }

    void fault(int line, String message) {
        fault(open.isEmpty() ? "" : atKey() ? open.peek().path : childPath(open.peek()), line, message);
    }

    private void fault(String path, int line, String message) {
        faults.add(new Fault(path, line, message));
    }

    private String add(JsonNode node, int line) {
        nodes += size(node);
        if (nodes > MAX_NODES) {
            throw new Unreadable(line, "more than %d values; a definition describes one dataflow".formatted(MAX_NODES));
        }
        if (open.isEmpty()) {
            root = node;
            lines.put("", line);
            return "";
        }
        Level level = open.peek();
        String path = childPath(level);
        lines.putIfAbsent(path, line);
        if (level.container instanceof ObjectNode object) {
            if (!object.has(level.key)) {
                object.set(level.key, node);
            }
            level.key = null;
        } else {
            ((ArrayNode) level.container).add(node);
        }
        return path;
    }

    private static String childPath(Level level) {
        if (level.container.isArray()) {
            return level.path + "[" + level.container.size() + "]";
        }
        return level.path.isEmpty() ? String.valueOf(level.key) : level.path + "." + level.key;
    }

    private static int size(JsonNode node) {
        int size = 1;
        for (JsonNode child : node) {
            size += size(child);
        }
        return size;
    }

    private static int depth(JsonNode node) {
        int deepest = 0;
        for (JsonNode child : node) {
            deepest = Math.max(deepest, depth(child));
        }
        return node.isContainerNode() ? deepest + 1 : 0;
    }

    Document finish() {
        if (root instanceof ObjectNode object) {
            return new Document(object, lines, faults);
        }
        return abandon(new Fault("", 1, "a definition is a mapping of keys to values, beginning with apiVersion"));
    }

    Document abandon(Fault last) {
        faults.add(last);
        return new Document(JsonNodeFactory.instance.objectNode(), lines, faults);
    }
}
