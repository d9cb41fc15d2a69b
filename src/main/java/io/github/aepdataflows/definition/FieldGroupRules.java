package io.github.aepdataflows.definition;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** What a definition may say of the field groups of its schema, and of the fields of those that it describes (XDM field types). */
final class FieldGroupRules {

    /** The types of XDM that are one value. */
    static final List<String> TYPES = List.of("string", "integer", "long", "short", "byte", "number", "boolean", "date", "date-time");

    private static final String GROUPS = "target.schema.fieldGroups";
    private static final Set<String> SAYINGS = Set.of("$type", "$title", "$description", "$enum");
    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_-]{0,99}");
    private static final int DEEPEST = 10;
    private static final int MOST_FIELDS = 1_000;

    private final Document document;
    private final List<Fault> faults;
    private final Map<String, JsonNode> described = new HashMap<>();
    private int fields;

    /** @param faults to which those that are found are added */
    FieldGroupRules(Document document, List<Fault> faults) {
        this.document = document;
        this.faults = faults;
    }

    void check(JsonNode groups) {
        Map<String, Integer> first = new HashMap<>();
        for (int i = 0; i < groups.size(); i++) {
            JsonNode group = groups.path(i);
            String at = "%s[%d]".formatted(GROUPS, i);
            if (group.isObject()) {
                Integer earlier = group.path("title").isTextual() ? first.putIfAbsent(group.path("title").asText(), i) : null;
                if (earlier != null) {
                    add(at + ".title", "a field group of this title is already described on %s; keep one"
                            .formatted(document.where("%s[%d].title".formatted(GROUPS, earlier))));
                }
                if (group.path("title").asText().startsWith("https://")) {
                    add(at + ".title", "is an $id; a field group that is to be made has a title of its own");
                }
                fields = 0;
                mapping(at + ".fields", group.path("fields"), 1);
                sameEverywhere(at + ".fields", "", group.path("fields"));
            }
        }
    }

    /** What two field groups of a schema both describe is the same in both. */
    private void sameEverywhere(String at, String path, JsonNode mapping) {
        mapping.properties().forEach(field -> {
            String below = path + "." + field.getKey();
            JsonNode value = field.getValue();
            JsonNode type = isObject(value) ? JsonNodeFactory.instance.objectNode() : value.has("$type") ? value.path("$type") : value;
            JsonNode earlier = described.putIfAbsent(below, type);
            if (earlier != null && !earlier.equals(type)) {
                add(at + "." + field.getKey(), "another field group of this schema describes it as %s".formatted(Excerpt.of(earlier)));
            }
            if (isObject(value)) {
                sameEverywhere(at + "." + field.getKey(), below, value);
            }
        });
    }

    private void mapping(String at, JsonNode mapping, int depth) {
        if (depth > DEEPEST) {
            add(at, "is nested deeper than %d levels".formatted(DEEPEST));
            return;
        }
        mapping.properties().forEach(field -> {
            String path = at + "." + field.getKey();
            if (!field.getKey().startsWith("$")) {
                field(path, field.getKey(), field.getValue(), depth);
            } else if (depth == 1) {
                add(path, "is said of a field; here are the names of fields");
            }
            if (depth == 1 && field.getKey().startsWith("_")) {
                add(path, "begins with _, as the tenant's namespace, which is added to all, does");
            }
        });
    }

    /** A field that has fields. */
    private static boolean isObject(JsonNode value) {
        return value.isObject() && !value.has("$type") && !value.has("$enum");
    }

    private void field(String at, String name, JsonNode value, int depth) {
        if (++fields == MOST_FIELDS + 1) {
            add(at, "a field group has %d fields at most".formatted(MOST_FIELDS));
        }
        if (!NAME.matcher(name).matches()) {
            add(at, "a field's name has letters, digits, _ and - only, and begins with a letter or _; the tenant's namespace is "
                    + "added to all");
        } else if (value.isObject() && value.properties().stream().anyMatch(key -> key.getKey().startsWith("$"))) {
            sayings(at, value);
        }
        if (isObject(value)) {
            if (value.properties().stream().allMatch(key -> key.getKey().startsWith("$"))) {
                add(at, "says no type; write $type, or the fields that it has");
            }
            mapping(at, value, depth + 1);
        } else if (!value.isObject()) {
            type(at, value, depth);
        }
    }

    private void sayings(String at, JsonNode value) {
        value.properties().forEach(said -> {
            if (said.getKey().startsWith("$") && !SAYINGS.contains(said.getKey())) {
                faults.add(at(at + "." + said.getKey(), "is no key of a field").withSuggestion(Nearest.to(said.getKey(), SAYINGS)));
            }
        });
        for (String label : List.of("$title", "$description")) {
            if (value.has(label) && (!value.path(label).isTextual() || value.path(label).asText().isEmpty())) {
                add(at + "." + label, "must be a text");
            }
        }
        boolean typed = value.has("$type") || value.has("$enum");
        if (value.has("$type") && value.has("$enum")) {
            add(at, "give either $type or $enum, whose values are texts");
        } else if (typed && value.properties().stream().anyMatch(key -> !key.getKey().startsWith("$"))) {
            add(at, "has a type of its own and fields, too; an object has fields alone");
        } else if (value.has("$type")) {
            type(at + ".$type", value.path("$type"), 1);
        } else if (value.has("$enum") && (!value.path("$enum").isArray() || value.path("$enum").isEmpty()
                || !value.path("$enum").valueStream().allMatch(JsonNode::isTextual))) {
            add(at + ".$enum", "must be a list of texts");
        }
    }

    private void type(String at, JsonNode type, int depth) {
        if (type.isArray() && type.size() == 1 && !type.path(0).isArray()) {
            field(at + "[0]", "element", type.path(0), depth);
        } else if (type.isArray()) {
            add(at, "a list names the type of its elements once, as in [string]");
        } else if (!type.isTextual()) {
            add(at, "must be a type, a list of one, or a mapping of fields");
        } else if (!TYPES.contains(type.asText())) {
            faults.add(at(at, "%s is no type of XDM".formatted(Excerpt.of(type))).withSuggestion(Nearest.to(type.asText(), TYPES)));
        }
    }

    private void add(String path, String message) {
        faults.add(at(path, message));
    }

    private Fault at(String path, String message) {
        return new Fault(path, document.line(path), message);
    }
}
