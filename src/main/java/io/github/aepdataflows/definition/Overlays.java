package io.github.aepdataflows.definition;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What is different in one sandbox: {@code all} is laid over every definition, and then what stands under its name in
 * {@code dataflows} ({@link Layers}). The file is read anew for each definition, so that it can be changed at any time. A folder
 * or a file that is not there, and a file in which nothing stands, change nothing.
 */
public final class Overlays {

    static final Overlays NONE = new Overlays(null);

    private static final String ALL = "all";
    private static final String DATAFLOWS = "dataflows";

    /** By these a definition is recognised, and kept from the wrong sandbox. */
    private static final Set<String> FIXED = Set.of("apiVersion", "name", "sandbox");

    private final Path file;

    private Overlays(Path file) {
        this.file = file;
    }

    /** @param folder where the overlays of all sandboxes are: {@code <sandbox>.yaml} is the file for one */
    public static Overlays in(String folder, String sandbox) {
        return new Overlays(Path.of(folder, sandbox + ".yaml"));
    }

    /**
     * The definition with what is laid over it. What is wrong with the overlay file is among its faults.
     *
     * @throws UnreadableFileException when nobody can tell what is in that file
     */
    Document over(Document definition) throws UnreadableFileException {
        if (definition.root().isEmpty()) {
            return definition;
        }
        List<Fault> faults = new ArrayList<>();
        Optional<Document> overlay = read(definition, faults);
        if (overlay.isEmpty() && faults.isEmpty()) {
            return definition;
        }
        Layers layers = new Layers(definition);
        overlay.ifPresent(read -> {
            check(read, faults);
            lay(layers, read, ALL, read.root().path(ALL));
            String name = definition.root().path("name").asText();
            lay(layers, read, DATAFLOWS + "." + name, read.root().path(DATAFLOWS).path(name));
        });
        faults.addAll(0, definition.faults());
        boolean isUnreadable = overlay.isEmpty();   // then what it would have mended must not be called wrong
        ObjectNode root = isUnreadable ? definition.root().objectNode() : definition.root();
        Document all = new Document(root, definition.places(), faults, definition.prefix());
        return isUnreadable ? all : layers.document(all);
    }

    private void lay(Layers layers, Document overlay, String path, JsonNode layer) {
        if (layer instanceof ObjectNode object) {
            layers.lay(overlay, path, object.deepCopy().without(FIXED), file.toString(), false);
        }
    }

    /** Empty when there is none, and when it cannot be understood, which is then among the faults. */
    private Optional<Document> read(Document definition, List<Fault> faults) throws UnreadableFileException {
        if (file == null) {
            return Optional.empty();
        }
        try (InputStream in = Files.newInputStream(file)) {
            byte[] content = in.readNBytes(Document.MAX_BYTES + 1);
            if (new String(content, StandardCharsets.UTF_8).lines().map(String::strip)
                    .allMatch(line -> line.isEmpty() || line.startsWith("#"))) {
                return Optional.empty();
            }
            Document overlay = Document.parse(content);
            overlay.faults().forEach(fault -> faults.add(fault(fault)));
            return overlay.root().isEmpty() ? Optional.empty() : Optional.of(overlay);
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new UnreadableFileException(definition.root().path("name").textValue(), file, e.getMessage(), e);
        }
    }

    private void check(Document overlay, List<Fault> faults) {
        overlay.root().properties().forEach(entry -> {
            String key = entry.getKey();
            if (!key.equals(ALL) && !key.equals(DATAFLOWS)) {
                faults.add(fault(overlay.fault(key, "is not a key of an overlay file")
                        .withSuggestion(Nearest.to(key, List.of(ALL, DATAFLOWS)))));
            } else {
                layer(overlay, key, entry.getValue(), key.equals(ALL), faults);
            }
        });
        overlay.root().path(DATAFLOWS).properties().forEach(entry ->
                layer(overlay, DATAFLOWS + "." + entry.getKey(), entry.getValue(), true, faults));
    }

    private void layer(Document overlay, String path, JsonNode layer, boolean isLaid, List<Fault> faults) {
        if (!layer.isObject() && !layer.isNull()) {
            faults.add(fault(overlay.fault(path, "must be a mapping of %s"
                    .formatted(isLaid ? "keys of a definition" : "names of dataflows"))));
        }
        if (isLaid) {
            layer.properties().stream().filter(entry -> FIXED.contains(entry.getKey())).forEach(entry ->
                    faults.add(fault(overlay.fault(path + "." + entry.getKey(), "cannot be overlaid; leave it out"))));
        }
    }

    /** A fault of the overlay file among those of a definition: it is of no path and no line there. */
    private Fault fault(Fault own) {
        String message = own.message().equals(TreeBuilder.NO_MAPPING) ? "must be a mapping with the keys all and dataflows" : own.message();
        return new Fault("", 0, "%s%s: %s%s".formatted(file, own.line() == 0 ? "" : " line " + own.line(),
                own.path().isEmpty() ? "" : own.path() + ": ", message), own.code(), own.nearest());
    }
}
