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
 * Collects what a parser reads, one thing after another, into trees with line numbers. Bounds them while they grow,
 * so that a small text cannot become a large one: depth 32, 10 000 nodes a definition, 1000 definitions, 100 000 nodes a text,
 * 128 characters in a key (each node has a path made of the keys above it, and all paths together are bounded, too).
 */
final class TreeBuilder {

    static final int MAX_DEPTH = 32;
    static final int MAX_NODES = 10_000;
    static final int MAX_NODES_OF_ALL = 100_000;
    static final int MAX_KEY = 128;

    static final String TOO_LARGE = "the number is too large";

    /** Which is no fault itself in most places. */
    private static final int SOME_NUMBER = 60;
    private static final int MAX_NUMBER = 64;

    /** What one definition of the largest size can come to. */
    private static final long MAX_PATHS = (long) MAX_NODES * MAX_DEPTH * (MAX_KEY + 1);

    private static final String MERGE = "<<";

    /** Keys at the top that begin so are the author's own, for values that are used by aliases. */
    private static final String OWN = "x-";

    static final String NO_MAPPING = "a definition is a mapping of keys to values, beginning with apiVersion";

    private final List<Document> documents = new ArrayList<>();
    private Map<String, Place> places = new HashMap<>();
    private List<Fault> faults = new ArrayList<>();
    private final Deque<Level> open = new ArrayDeque<>();
    private JsonNode root;
    private int nodes;
    private int nodesOfAll;
    private long paths;

    /** A container that is still being filled. */
    private static final class Level {
        final JsonNode container;
        final String path;
        String key;
        boolean merges;

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
        Level level = open.pop();
        if (level.merges) {
            merge((ObjectNode) level.container, level.path);
        }
        return level.container;
    }

    /** The innermost mapping takes over what stands under its key {@value MERGE}, as YAML 1.1 has it. */
    void mergeKey(int line) {
        key(MERGE, line);
        open.peek().merges = true;
    }

    /** What is written in the mapping itself wins, and the earlier of several. Nothing is copied: it was counted as it was read. */
    private void merge(ObjectNode mapping, String path) {
        JsonNode merged = mapping.remove(MERGE);
        String place = childPath(path, MERGE);
        List<JsonNode> layers = new ArrayList<>();
        (merged.isArray() ? merged : JsonNodeFactory.instance.arrayNode().add(merged)).forEach(layers::add);
        if (!layers.stream().allMatch(JsonNode::isObject)) {
            fault(place, places.get(place).line(), "takes an alias of a mapping, or a list of such aliases");
            return;
        }
        layers.forEach(layer -> layer.properties().forEach(entry -> {
            if (!mapping.has(entry.getKey())) {
                mapping.set(entry.getKey(), entry.getValue());
                places.putIfAbsent(childPath(path, entry.getKey()), places.get(place));
            }
        }));
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
        if (level.container.has(key)) {
            fault(path, line, "duplicate key, first given on line %d; keep one".formatted(places.get(path).line()));
        } else {
            places.putIfAbsent(path, Place.line(line));
        }
    }

    /** A number as it is written. In place of one that is too large, which is told, there is another: what else is wrong is told, too. */
    JsonNode number(String text, int line) {
        if (text.length() <= MAX_NUMBER) {
            try {
                return JsonNodeFactory.instance.numberNode(Long.parseLong(text));
            } catch (NumberFormatException notALong) {
                WrittenNumber number = new WrittenNumber(text);
                if (Double.isFinite(number.doubleValue())) {
                    return number;
                }
            }
        }
        fault(line, TOO_LARGE);
        return JsonNodeFactory.instance.numberNode(SOME_NUMBER);
    }

    /** Adds a finished value: a scalar, or a copy of what an alias stands for. */
    void value(JsonNode value, int line) {
        if (open.size() + depth(value) > MAX_DEPTH) {
            throw new Unreadable(line, "nested deeper than %d levels; a definition needs 6".formatted(MAX_DEPTH));
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
        beginDefinition(line);
        nodes += size(node);
        nodesOfAll += size(node);
        if (nodes > MAX_NODES) {
            throw new Unreadable(line, "more than %d values; a definition describes one dataflow".formatted(MAX_NODES));
        } else if (nodesOfAll > MAX_NODES_OF_ALL) {
            throw new Unreadable(line, "more than %d values in all; split the file".formatted(MAX_NODES_OF_ALL));
        }
        if (open.isEmpty()) {
            root = node;
            places.put("", Place.line(line));
            return "";
        }
        Level level = open.peek();
        String path = childPath(level);
        paths += path.length();
        if (paths > MAX_PATHS) {
            throw new Unreadable(line, "too many values under too long keys; split the file");
        }
        places.putIfAbsent(path, Place.line(line));
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

    /** Each document is a definition, and so is each entry of the list {@code dataflows}. */
    private void beginDefinition(int line) {
        boolean isEntry = open.size() == 2 && open.peek().container.isArray() && open.peek().path.equals(DefinitionFile.DATAFLOWS);
        if (open.isEmpty() || isEntry) {
            nodes = 0;
        }
        if (isEntry && open.peek().container.size() >= DefinitionFile.MOST || open.isEmpty() && documents.size() >= DefinitionFile.MOST) {
            throw new Unreadable(line, "more than %d definitions; split the file".formatted(DefinitionFile.MOST));
        }
    }

    private static String childPath(Level level) {
        if (level.container.isArray()) {
            return level.path + "[" + level.container.size() + "]";
        }
        return childPath(level.path, String.valueOf(level.key));
    }

    private static String childPath(String path, String key) {
        return path.isEmpty() ? key : path + "." + key;
    }

    static int size(JsonNode node) {
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

    /** What follows belongs to another document. One in which nothing stands, as between two markers, is none. */
    void endDocument() {
        if (root instanceof ObjectNode object) {
            object.properties().removeIf(entry -> entry.getKey().startsWith(OWN));
            documents.add(new Document(object, places, faults, ""));
        } else if (root != null && !(root.isNull() && faults.isEmpty())) {
            faults.add(new Fault("", documents.isEmpty() ? 1 : places.get("").line(), NO_MAPPING));
            documents.add(new Document(JsonNodeFactory.instance.objectNode(), places, faults, ""));
        }
        root = null;
        places = new HashMap<>();
        faults = new ArrayList<>();
    }

    List<Document> finish() {
        endDocument();
        return documents.isEmpty() ? List.of(abandon(new Fault("", 1, NO_MAPPING))) : documents;
    }

    /** A document without content, with all faults of the text so far. */
    Document abandon(Fault last) {
        List<Fault> all = new ArrayList<>();
        documents.forEach(document -> all.addAll(document.faults()));
        all.addAll(faults);
        all.add(last);
        return new Document(JsonNodeFactory.instance.objectNode(), places, all, "");
    }
}
