package io.github.aepdataflows.definition;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The definitions of one file. Their forms: one definition; several as YAML documents, {@code ---} between them; or
 * {@code apiVersion}, {@code defaults} and a list {@code dataflows}, of which each entry is laid over the defaults
 * ({@link Layers}).
 */
public final class DefinitionFile {

    /** A file has at most so many definitions. */
    public static final int MOST = 1000;

    static final String DATAFLOWS = "dataflows";

    private static final String DEFAULTS = "defaults";
    private static final String API_VERSION = "apiVersion";
    private static final String VERSION = "aep-dataflows/v1";
    private static final String STATE = "state";
    private static final Pattern STATE_LINE = Pattern.compile("(?m)^state:.*$");
    private static final Set<String> KEYS = Set.of(API_VERSION, DEFAULTS, DATAFLOWS);
    private static final Pattern IN_ENTRY = Pattern.compile("dataflows\\[\\d{1,4}].*", Pattern.DOTALL);

    /** What we write beside a definition is none. */
    private static final Pattern NAME = Pattern.compile("(?!.*\\.(receipt|error|plan)\\.json)[^.].*\\.(yaml|yml|json)", Pattern.DOTALL);

    private final List<Fault> faults = new ArrayList<>();
    private final List<DefinitionPart> parts = new ArrayList<>();
    private final Map<String, Integer> names = new HashMap<>();
    private final Map<String, First> groups = new HashMap<>();
    private final Map<String, First> connections = new HashMap<>();

    /** Where a field group of some title is described first. */
    private record First(JsonNode description, int line) {
    }

    private DefinitionFile() {
    }

    /** Whether a file of that name in a folder is one with definitions. Editors and transfers leave others there, and so do we. */
    public static boolean isNameOfOne(String name) {
        return NAME.matcher(name).matches();
    }

    /**
     * One part for each definition, in the order of the file; at least one. A file of which not even that can be told is one
     * part with what is wrong with it.
     */
    public static List<DefinitionPart> parts(byte[] content) {
        DefinitionFile file = new DefinitionFile();
        for (Document document : Document.parseAll(content)) {
            if (document.root().has(DATAFLOWS) || document.root().has(DEFAULTS)) {
                file.list(document);
            } else {
                file.add(document);
            }
        }
        if (file.faults.isEmpty() && file.parts.size() > MOST) {
            file.faults.add(new Fault("", 0, "more than %d definitions; split the file".formatted(MOST)));
            file.parts.clear();
        }
        return file.faults.isEmpty() ? file.parts : List.of(file.unusable());
    }

    /** What becomes of the whole file when something outside of its definitions is wrong. */
    private DefinitionPart unusable() {
        faults.sort(Fault.IN_FILE_ORDER);
        return DefinitionPart.unusable(new Document(JsonNodeFactory.instance.objectNode(), Map.of(), faults, ""), parts);
    }

    /**
     * A file that holds only the definition of that dataflow, with another state.
     *
     * @return UTF-8 text; that of the file itself with one line changed, where that is enough
     * @throws NoSuchElementException when there is none, or what it says cannot be read
     */
    public static byte[] withState(byte[] content, String dataflow, Definition.State state) {
        List<DefinitionPart> parts = parts(content);
        ObjectNode wanted = parts.stream().filter(part -> part.name().filter(dataflow::equals).isPresent())
                .map(part -> part.document().root().deepCopy()).findFirst().orElseThrow();
        String word = state.name().toLowerCase(Locale.ROOT);
        wanted.put(STATE, word);
        String text = new String(content, StandardCharsets.UTF_8);
        Matcher line = STATE_LINE.matcher(text);
        String edited = line.find() ? line.replaceFirst(STATE + ": " + word) : text.stripTrailing() + "\n" + STATE + ": " + word + "\n";
        List<DefinitionPart> after = parts(edited.getBytes(StandardCharsets.UTF_8));
        boolean isEnough = after.size() == 1 && after.get(0).document().faults().isEmpty()
                && after.get(0).document().root().equals(wanted);
        return (isEnough ? edited : text.startsWith("{") ? wanted.toPrettyString() : YamlText.of(wanted)).getBytes(StandardCharsets.UTF_8);
    }

    private void add(Document document) {
        String name = document.root().path("name").textValue();
        List<Fault> among = new ArrayList<>(again(name, "name", document.line("name")));
        otherwise(document, "", document.root(), among);
        parts.add(new DefinitionPart(() -> document, among, name, document.line("")));
    }

    /** All that describe a field group of a title, or a base connection of a name, use the same one. */
    private void otherwise(Document document, String prefix, JsonNode definition, List<Fault> among) {
        JsonNode connection = definition.at("/source/baseConnection");
        String where = prefix + (prefix.isEmpty() ? "" : ".") + "source.baseConnection";
        if (connection.path("name").isTextual() && connection.has("auth")) {
            otherwise(connections, connection.path("name").asText(), new First(connection, document.line(where)), where,
                    "a base connection of this name is described otherwise on line %d, and they would be one; describe it the same way, or "
                    + "give it another name", among);
        }
        String path = prefix + (prefix.isEmpty() ? "" : ".") + "target.schema.fieldGroups";
        JsonNode all = definition.at("/target/schema/fieldGroups");
        for (int i = 0; i < all.size(); i++) {
            String at = "%s[%d]".formatted(path, i);
            if (all.path(i).path("title").isTextual()) {
                otherwise(groups, all.path(i).path("title").asText(), new First(all.path(i), document.line(at)), at,
                        "a field group of this title is described otherwise on line %d, and they would be one; describe it the same way, "
                        + "or name it by its title alone", among);
            }
        }
    }

    private static void otherwise(Map<String, First> firsts, String name, First own, String path, String message, List<Fault> among) {
        First first = firsts.putIfAbsent(name, own);
        if (first != null && !first.description().equals(own.description())) {
            among.add(new Fault(path, own.line(), message.formatted(first.line())));
        }
    }

    /** A second definition of a name would be refused as another definition of the first one's dataflow. */
    private List<Fault> again(String name, String path, int line) {
        Integer first = name == null ? null : names.putIfAbsent(name, line);
        return first == null ? List.of()
                : List.of(new Fault(path, line,
                        "a dataflow of this name is already described on line %d; give each its own".formatted(first)));
    }

    private void list(Document document) {
        ObjectNode root = document.root();
        document.faults().stream().filter(fault -> !IN_ENTRY.matcher(fault.path()).matches()).forEach(faults::add);
        String defaults = DEFAULTS;
        for (Map.Entry<String, JsonNode> stranger : root.properties().stream().filter(entry -> !KEYS.contains(entry.getKey())).toList()) {
            Nearest nearest = Nearest.to(stranger.getKey(), KEYS);
            faults.add(nearest.word().isEmpty() ? document.fault(stranger.getKey(),
                    "has no place beside dataflows; what all of them have in common belongs into defaults")
                    : document.fault(stranger.getKey(), "has no place beside dataflows").withSuggestion(nearest));
            defaults = nearest.word().equals(DEFAULTS) && !root.has(DEFAULTS) ? stranger.getKey() : defaults;   // nothing is missing for it
        }
        if (!root.path(API_VERSION).asText().equals(VERSION)) {
            faults.add(document.fault(API_VERSION, root.has(API_VERSION) ? "write " + VERSION : "is missing"));
        }
        if (root.has(DEFAULTS) && !root.path(DEFAULTS).isObject()) {
            faults.add(document.fault(DEFAULTS, "must be a mapping, of what all dataflows have in common"));
        }
        JsonNode entries = root.path(DATAFLOWS);
        if (!root.has(DATAFLOWS)) {
            faults.add(document.fault(DATAFLOWS, "is missing: the list of what is to be laid over the defaults"));
        } else if (!entries.isArray()) {
            faults.add(document.fault(DATAFLOWS, "must be a list, of one mapping for each dataflow"));
        } else if (entries.isEmpty()) {
            faults.add(document.fault(DATAFLOWS, "must not be empty"));
        }
        Map<Integer, List<Fault>> ofEntries = ofEntries(document.faults());
        boolean isReadable = entries.isArray() && (!root.has(defaults) || root.path(defaults).isObject());
        for (int i = 0; isReadable && i < entries.size(); i++) {
            entry(document, i, defaults, ofEntries.getOrDefault(i, List.of()));
        }
    }

    private static Map<Integer, List<Fault>> ofEntries(List<Fault> faults) {
        Map<Integer, List<Fault>> ofEntries = new HashMap<>();
        for (Fault fault : faults) {
            if (IN_ENTRY.matcher(fault.path()).matches()) {
                int index = Integer.parseInt(fault.path().substring(DATAFLOWS.length() + 1, fault.path().indexOf(']')));
                ofEntries.computeIfAbsent(index, entry -> new ArrayList<>()).add(fault);
            }
        }
        return ofEntries;
    }

    private void entry(Document document, int index, String defaultsKey, List<Fault> own) {
        String path = "%s[%d]".formatted(DATAFLOWS, index);
        int line = document.line(path);
        if (!(document.root().path(DATAFLOWS).path(index) instanceof ObjectNode entry)) {
            List<Fault> all = new ArrayList<>(own);
            all.add(new Fault(path, line, "must be a mapping of keys to values"));
            Document nothing = new Document(JsonNodeFactory.instance.objectNode(), Map.of(), all, path);
            parts.add(new DefinitionPart(() -> nothing, List.of(), null, line));
            return;
        }
        ObjectNode defaults = document.root().path(defaultsKey) instanceof ObjectNode object ? object : document.root().objectNode();
        boolean namesItself = entry.has("name");
        String name = (namesItself ? entry : defaults).path("name").textValue();
        List<Fault> again = new ArrayList<>(again(name, path + ".name", document.line((namesItself ? path : defaultsKey) + ".name")));
        otherwise(document, path, entry, again);
        otherwise(document, defaultsKey, entry.at("/target/schema").has("fieldGroups") ? document.root().objectNode() : defaults, again);
        parts.add(new DefinitionPart(() -> {
            Layers layers = new Layers(Place.line(line));
            layers.lay(document, "", JsonNodeFactory.instance.objectNode().put(API_VERSION, VERSION), "", false);
            layers.lay(document, defaultsKey, defaults, "", false);
            layers.lay(document, path, entry, "", true);
            return layers.document(new Document(entry, Map.of(), own, path));
        }, again, name, line));
    }
}
