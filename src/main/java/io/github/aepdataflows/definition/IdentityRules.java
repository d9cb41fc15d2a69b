package io.github.aepdataflows.definition;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;

/**
 * What a definition may say of fields of its schema (Schema Registry, descriptors): which identify a person, of which Real-Time Customer
 * Profile needs one, and how they are labelled. Which fields the schema has, and which namespaces there are, only the Platform can tell.
 */
final class IdentityRules {

    private static final String IDENTITIES = "target.schema.identities";

    /** Between two names; a backslash keeps a dot in a name, as in a mapping's destination. */
    private static final Pattern DOT = Pattern.compile("(?<!\\\\)\\.");

    /** The field group by which identities come with the data, and the class that has the same field. */
    private static final String IDENTITY_MAP = "https://ns.adobe.com/xdm/context/identitymap";
    private static final String EXPERIENCE_EVENT = "https://ns.adobe.com/xdm/context/experienceevent";

    private final Document document;
    private final List<Fault> faults;

    /** @param faults to which those that are found are added */
    IdentityRules(Document document, List<Fault> faults) {
        this.document = document;
        this.faults = faults;
    }

    void check(JsonNode identities) {
        Map<String, Integer> first = new HashMap<>();
        Optional<Integer> primary = Optional.empty();
        for (int i = 0; i < identities.size(); i++) {
            JsonNode identity = identities.path(i);
            String at = "%s[%d]".formatted(IDENTITIES, i);
            boolean whole = identity.path("path").isTextual() && identity.path("namespace").isTextual();
            String both = identity.path("path").asText() + '\n' + identity.path("namespace").asText();
            Integer earlier = whole ? first.putIfAbsent(both, i) : null;
            if (earlier != null) {
                add(at + ".path", "identity %s in namespace %s is already given on line %d; keep one".formatted(
                        Excerpt.of(identity.path("path")), Excerpt.of(identity.path("namespace")), line(earlier, "path")));
            } else if (identity.path("path").isTextual()) {
                path(at + ".path", identity.path("path"));
            }
            if (identity.path("primary").booleanValue() && primary.isPresent()) {
                add(at + ".primary", "a schema has one primary identity at most, and line %d gives it already; leave primary out here"
                        .formatted(line(primary.get(), "primary")));
            } else if (identity.path("primary").booleanValue()) {
                primary = Optional.of(i);
            }
        }
    }

    /** Each field once. */
    void labels(JsonNode fields) {
        Map<String, Integer> first = new HashMap<>();
        for (int i = 0; i < fields.size(); i++) {
            JsonNode path = fields.path(i).path("path");
            String at = "target.schema.labels[%d].path".formatted(i);
            Integer earlier = path.isTextual() ? first.putIfAbsent(path.asText(), i) : null;
            if (earlier != null) {
                add(at, "%s has labels on line %d already; name them together".formatted(Excerpt.of(path),
                        document.line("target.schema.labels[%d].path".formatted(earlier))));
            } else if (path.isTextual()) {
                path(at, path);
            }
        }
    }

    private void path(String at, JsonNode value) {
        String path = value.asText();
        if (path.isEmpty() || path.length() > Rules.MAX_LABEL) {
            return;   // which is told already
        }
        String dotted = path.replaceAll("^/+|/+$", "").replaceAll("/+", ".");
        if (path.contains("/") && !dotted.isEmpty()) {
            faults.add(at(at, "%s: write the path with dots, as in a mapping's destination: %s".formatted(Excerpt.of(value), dotted))
                    .withNearest(dotted));
        } else if (path.contains("[") || path.equals("identityMap") || path.startsWith("identityMap.")) {
            add(at, ("%s: what is in a list or a map cannot be named here; identities in identityMap come with the "
                    + "data").formatted(Excerpt.of(value)));
        } else if (List.of(DOT.split(path, -1)).contains("") || path.contains("/") || path.endsWith("\\")) {
            add(at, "%s is no path; write names with dots between them, as in personalEmail.address".formatted(Excerpt.of(value)));
        }
    }

    /**
     * Of a schema that is to be made for Profile; whether one that exists has an identity, the Platform knows.
     *
     * @param excused asked when there would be a fault: whether it does not matter
     */
    void profile(JsonNode target, BooleanSupplier excused) {
        JsonNode schema = target.path("schema");
        boolean profile = target.path("profile").booleanValue() && schema.has("class");
        boolean carried = mayBe(schema.path("class"), EXPERIENCE_EVENT)
                || schema.path("fieldGroups").valueStream().anyMatch(group -> mayBe(group, IDENTITY_MAP));
        if (profile && !carried && lacksPrimary(schema.path("identities")) && !excused.getAsBoolean()) {
            add("target.profile", ("Profile needs a primary identity, and this schema has none: give one in target.schema.identities with "
                    + "primary: true, or add the field group %s if the identities come with the data; identity: true in the mapping "
                    + "makes none")
                    .formatted(IDENTITY_MAP));
        }
    }

    /** Which one a title means, only the Platform can tell. */
    private static boolean mayBe(JsonNode name, String id) {
        return name.isTextual() && (name.asText().equals(id) || !Definition.isXdmId(name.asText()));
    }

    /** Whether none of them can be meant as primary, be it written wrongly. */
    private static boolean lacksPrimary(JsonNode identities) {
        return identities.isMissingNode() || identities.isArray() && identities.valueStream()
                .noneMatch(identity -> identity.has("primary") && !identity.path("primary").equals(BooleanNode.FALSE));
    }

    private int line(int identity, String key) {
        return document.line("%s[%d].%s".formatted(IDENTITIES, identity, key));
    }

    private void add(String path, String message) {
        faults.add(at(path, message));
    }

    private Fault at(String path, String message) {
        return new Fault(path, document.line(path), message);
    }
}
