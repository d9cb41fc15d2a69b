package io.github.aepdataflows.definition;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * A YAML or JSON text as a tree that still knows on which line each thing stands.
 *
 * <p>The text comes from whoever can put a file into the inbox, so every limit holds before or while the tree is
 * built: 1 MiB, UTF-8, no control characters, and the bounds of {@link TreeBuilder}.
 *
 * @param root   the top-level mapping; empty when the text is none
 * @param places where each thing is written, by its path in the tree, as in {@code source.columns[1].name}
 * @param faults what is wrong with the text itself: syntax, duplicate keys, tags; by their path in the file
 * @param prefix what stands in the file before each path, as in {@code dataflows[2]}; empty when the tree is all that the text says
 */
record Document(ObjectNode root, Map<String, Place> places, List<Fault> faults, String prefix) {

    static final int MAX_BYTES = 1024 * 1024;

    /** Other texts that begin with a brace are YAML in flow style. */
    private static final Pattern JSON = Pattern.compile("\\s*+\\{\\s*+\"");

    /** A text that is to be one document. */
    static Document parse(byte[] content) {
        List<Document> documents = parseAll(content);
        if (documents.size() > 1) {
            int line = documents.get(1).line("");
            return new Document(documents.get(0).root().objectNode(), Map.of(), new ArrayList<>(List.of(
                    new Fault("", line, "a second document begins here; one is all that can be here"))), "");
        }
        return documents.get(0);
    }

    /** All documents of a text, at least one; a text that cannot be read to its end is one without content. */
    static List<Document> parseAll(byte[] content) {
        TreeBuilder tree = new TreeBuilder();
        try {
            String text = decode(content);
            if (JSON.matcher(text).lookingAt()) {
                JsonSource.parse(text, tree);
            } else {
                YamlSource.parse(text, tree);
            }
            return tree.finish();
        } catch (Unreadable e) {
            return List.of(tree.abandon(e.fault));
        }
    }

    /** The line of the path, or of the nearest thing around it. */
    int line(String path) {
        return place(path).line();
    }

    private Place place(String path) {
        for (String p = path; !p.isEmpty(); p = parent(p)) {
            if (places.containsKey(p)) {
                return places.get(p);
            }
        }
        return places.getOrDefault("", Place.UNKNOWN);
    }

    /** What is wrong at a path of the tree, as it is told to those who have the file. */
    Fault fault(String path, String message) {
        return told(new Fault(path, line(path), message));
    }

    /** The same with the path in the file; and with the name and line of another file, when that is where it is written. */
    Fault told(Fault fault) {
        return told(fault, place(fault.path()).file());
    }

    /** @param file empty for the definition's own file */
    Fault told(Fault fault, String file) {
        String path = prefix.isEmpty() || fault.path().isEmpty() ? prefix + fault.path() : prefix + "." + fault.path();
        return file.isEmpty() ? new Fault(path, fault.line(), fault.message(), fault.code(), fault.nearest())
                : new Fault(path, 0, "%s: %s".formatted(new Place(file, fault.line()), fault.message()), fault.code(), fault.nearest());
    }

    /** The line of a path in words, with the file unless it is the definition's own. */
    String where(String path) {
        return place(path).toString();
    }

    /**
     * This one, or one without content where it has become larger than a definition may be.
     *
     * @param with what was put into it
     */
    Document bounded(String with) {
        if (TreeBuilder.size(root) <= TreeBuilder.MAX_NODES) {
            return this;
        }
        List<Fault> all = new ArrayList<>(faults);
        all.add(new Fault(prefix, line(""), "more than %d values with %s; a definition describes one dataflow"
                .formatted(TreeBuilder.MAX_NODES, with)));
        return new Document(root.objectNode(), places, all, prefix);
    }

    private static String parent(String path) {
        return path.substring(0, Math.max(0, Math.max(path.lastIndexOf('.'), path.lastIndexOf('['))));
    }

    private static String decode(byte[] content) {
        if (content.length > MAX_BYTES) {
            throw new Unreadable(0, "the file has more than %d bytes, which is far more than a definition needs".formatted(MAX_BYTES));
        }
        String text;
        try {
            text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(content)).toString();
        } catch (CharacterCodingException e) {
            throw new Unreadable(0, "the file is not UTF-8 text; save it as UTF-8");
        }
        if (text.startsWith("\uFEFF")) {
            text = text.substring(1);
        }
        int line = 1;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\n') {
                line++;
            } else if (Character.isISOControl(c) && c != '\t' && c != '\r' || c >= '\uFFFE') {
                throw new Unreadable(line, "control character U+%04X; a definition is plain UTF-8 text".formatted((int) c));
            }
        }
        if (text.isBlank()) {
            throw new Unreadable(0, "the file is empty; see config/examples for a definition to start from");
        }
        return text;
    }

    /** Ends the reading of a text at once: what follows could not be trusted or would cost too much. */
    static final class Unreadable extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private final transient Fault fault;

        Unreadable(int line, String message) {
            super(message, null, false, false);
            this.fault = new Fault("", line, message);
        }
    }
}
