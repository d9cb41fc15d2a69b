package io.github.aepdataflows.definition;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.Map;
import java.util.function.UnaryOperator;

/**
 * A definition that is put together of layers, one laid over the other: mappings are merged key by key, anything else (a scalar,
 * a list) takes the place of what was there, and null takes it away. Each thing keeps the place where it is written.
 */
final class Layers {

    private final ObjectNode root;
    private final Map<String, Place> places;

    /** Begins with nothing, written at this place. */
    Layers(Place place) {
        root = JsonNodeFactory.instance.objectNode();
        places = new HashMap<>(Map.of("", place));
    }

    /** Begins with a whole document. */
    Layers(Document document) {
        root = document.root().deepCopy();
        places = new HashMap<>(document.places());
    }

    /**
     * Lays another over what there is.
     *
     * @param from     the document in which the layer is written
     * @param path     where in that document; empty for all of it
     * @param file     what the place of each value is to name; empty for the definition's own file
     * @param isItself whether this layer is the definition itself, so that what lacks in a mapping lacks there,
     *                 whoever else has a part of it
     */
    void lay(Document from, String path, ObjectNode layer, String file, boolean isItself) {
        UnaryOperator<String> inDocument = at -> path.isEmpty() || at.isEmpty() ? path + at : path + "." + at;
        merge(root, "", layer, at -> new Place(file, from.line(inDocument.apply(at))), isItself);
    }

    private interface Written {

        Place at(String path);
    }

    private void merge(ObjectNode below, String path, ObjectNode layer, Written written, boolean isItself) {
        layer.properties().forEach(entry -> {
            String child = path.isEmpty() ? entry.getKey() : path + "." + entry.getKey();
            JsonNode value = entry.getValue();
            JsonNode before = below.get(entry.getKey());
            if (value instanceof ObjectNode object) {
                boolean isNew = !(before instanceof ObjectNode);
                if (isNew) {
                    forget(child, before);
                    below.set(entry.getKey(), JsonNodeFactory.instance.objectNode());
                }
                if (isNew || isItself) {
                    places.put(child, written.at(child));
                }
                merge((ObjectNode) below.get(entry.getKey()), child, object, written, isItself);
                return;
            }
            forget(child, before);
            if (value.isNull()) {
                below.remove(entry.getKey());
                places.put(child, written.at(child));   // what is missed there was taken away here
            } else {
                below.set(entry.getKey(), value.deepCopy());
                note(child, value, written);
            }
        });
    }

    private void note(String path, JsonNode value, Written written) {
        places.put(path, written.at(path));
        forEachChild(path, value, (child, node) -> note(child, node, written));
    }

    private void forget(String path, JsonNode value) {
        places.remove(path);
        if (value != null) {
            forEachChild(path, value, this::forget);
        }
    }

    private interface Visit {

        void of(String path, JsonNode node);
    }

    private static void forEachChild(String path, JsonNode value, Visit visit) {
        value.properties().forEach(entry -> visit.of(path + "." + entry.getKey(), entry.getValue()));
        for (int i = 0; value.isArray() && i < value.size(); i++) {
            visit.of("%s[%d]".formatted(path, i), value.get(i));
        }
    }

    /** All layers as one document, with what is wrong with the text of this one, and the paths of its file. */
    Document document(Document like) {
        return new Document(root, places, like.faults(), like.prefix()).bounded("all that is laid over it");
    }
}
