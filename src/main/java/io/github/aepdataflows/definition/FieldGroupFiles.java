package io.github.aepdataflows.definition;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Descriptions of field groups in files of their own, all in one folder: a definition names one of them, as in
 * {@code { file: loyalty.yaml }}, and never a path. What the file says takes the place of the name before anything is checked or
 * digested. The files are read anew for each definition, within the same bounds as a definition.
 */
public final class FieldGroupFiles {

    static final FieldGroupFiles NONE = new FieldGroupFiles(null);

    private static final String FILE = "file";
    private static final List<String> KEYS = List.of("title", "description", "fields");
    private static final String GROUPS = "target.schema.fieldGroups";
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}\\.(yaml|yml|json)");

    private final Path folder;

    private FieldGroupFiles(Path folder) {
        this.folder = folder;
    }

    public static FieldGroupFiles in(String folder) {
        return new FieldGroupFiles(Path.of(folder));
    }

    /**
     * The definition with the described field groups in place of their files. What is wrong with a file is among its faults.
     *
     * @param needsAll whether it is no definition without one of them; else those that are not there, or cannot be read, stay as they are
     *                 named
     * @throws UnreadableFileException when nobody can tell what is in a file that is needed, or whether it is there
     */
    Document into(Document definition, BooleanSupplier needsAll) throws UnreadableFileException {
        if (!(definition.root().at("/target/schema/fieldGroups") instanceof ArrayNode written)
                || named(written).allMatch(Optional::isEmpty)) {
            return definition;
        }
        Document whole = new Document(definition.root().deepCopy(), new HashMap<>(definition.places()),
                new ArrayList<>(definition.faults()), definition.prefix());
        ArrayNode groups = (ArrayNode) whole.root().at("/target/schema/fieldGroups");
        List<Optional<String>> names = named(groups).toList();
        Map<String, String> first = new HashMap<>();
        int size = TreeBuilder.size(whole.root());
        for (int i = 0; i < groups.size() && size <= TreeBuilder.MAX_NODES; i++) {
            String at = "%s[%d]".formatted(GROUPS, i);
            if (names.get(i).isPresent()) {
                String name = names.get(i).get();
                String earlier = first.putIfAbsent(name, whole.where(at));
                if (earlier != null) {
                    whole.faults().add(whole.fault(at + "." + FILE, "this file is already named on %s; keep one".formatted(earlier)));
                } else {
                    ObjectNode group = read(name, whole, at, needsAll);
                    if (!group.isEmpty()) {
                        groups.set(i, group);
                        size += TreeBuilder.size(group);
                    }
                }
            }
        }
        return whole.bounded("all its field groups");
    }

    /** Of each entry the file that it names, and nothing else beside it; what has another form is refused by its schema. */
    private static Stream<Optional<String>> named(JsonNode groups) {
        return groups.valueStream().map(group -> Optional.ofNullable(group.path(FILE).textValue())
                .filter(name -> group.size() == 1 && NAME.matcher(name).matches()));
    }

    /** What the file says, with its places and faults noted in the definition; empty when it cannot be understood. */
    private ObjectNode read(String name, Document whole, String at, BooleanSupplier needsAll) throws UnreadableFileException {
        if (folder == null) {
            whole.faults().add(whole.fault(at + "." + FILE, "no files of field groups are read here; write the field group in its place"));
            return whole.root().objectNode();
        }
        String file = folder.resolve(name).toString();
        try {
            Optional<byte[]> content = content(name);
            if (content.isEmpty()) {
                whole.faults().add(whole.fault(at + "." + FILE, "%s cannot be read: it is no plain file in this folder"
                        .formatted(file)));
                return whole.root().objectNode();
            }
            Document group = Document.parse(content.get());
            refuseOtherKeys(group);
            group.faults().forEach(fault -> whole.faults().add(whole.told(new Fault(at(at, fault.path()), fault.line(),
                    fault.message().equals(TreeBuilder.NO_MAPPING) ? "must be a mapping with the keys title and fields" : fault.message(),
                    fault.code(), fault.nearest()), file)));
            if (!group.root().isEmpty()) {
                group.places().forEach((path, place) -> whole.places().put(at(at, path), new Place(file, place.line())));
            }
            return group.root();
        } catch (IOException e) {
            if (needsAll.getAsBoolean()) {
                whole.faults().add(absent(name, whole, at + "." + FILE, e));
            }
        }
        return whole.root().objectNode();
    }

    private static void refuseOtherKeys(Document group) {
        List<String> others = new ArrayList<>();
        group.root().fieldNames().forEachRemaining(others::add);
        others.removeAll(KEYS);
        others.forEach(key -> group.faults().add(key.equals(FILE)
                ? group.fault(FILE, "has no place in a file of a field group, which says title and fields itself")
                : group.fault(key, "is not a key of a field group").withSuggestion(Nearest.to(key, KEYS))));
        group.root().remove(others);
    }

    private Fault absent(String name, Document whole, String at, IOException cause) throws UnreadableFileException {
        Path file = folder.resolve(name);
        if (!(cause instanceof NoSuchFileException)) {
            // that of a file system begins with the file, and may have no more
            String reason = cause instanceof AccessDeniedException ? "access is denied"
                    : cause instanceof FileSystemException failure ? failure.getReason() : cause.getMessage();
            throw new UnreadableFileException(whole.root().path("name").textValue(), file, reason, cause);
        } else if (!Files.isDirectory(folder)) {
            throw new UnreadableFileException(whole.root().path("name").textValue(), file, "there is no folder %s; make it, or name "
                    .formatted(folder.toAbsolutePath()) + "another one by aep.field-groups-dir", cause);
        }
        if (Files.isSymbolicLink(file)) {
            return whole.fault(at, "%s is a link to a file that is not there".formatted(file));
        }
        return whole.fault(at, "there is no file %s".formatted(file)).withSuggestion(Nearest.to(name, all()));
    }

    private static String at(String group, String path) {
        return path.isEmpty() ? group : group + "." + path;
    }

    /**
     * A folder that is mounted may hold links to what is elsewhere in it. They lead nowhere else, and to nothing that could block: empty
     * for such a one.
     */
    private Optional<byte[]> content(String name) throws IOException {
        Path file = folder.resolve(name).toRealPath();
        if (!file.startsWith(folder.toRealPath()) || !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            return Optional.empty();
        }
        try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
            return Optional.of(in.readNBytes(Document.MAX_BYTES + 1));
        }
    }

    private List<String> all() {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).filter(name -> NAME.matcher(name).matches()).sorted().toList();
        } catch (IOException e) {
            return List.of();
        }
    }
}
