package io.github.aepdataflows.check;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.aepdataflows.definition.Definition;
import io.github.aepdataflows.definition.SourceName;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The rules of a mapping that names alone suggest: of a column and a field of the target schema that are called alike, whatever their
 * capital letters and separators, and whose types fit. A name that several have suggests nothing.
 */
final class MappingProposal {

    private static final Pattern DOT = Pattern.compile("(?<!\\\\)\\.");
    private static final Pattern SEPARATOR = Pattern.compile("[^\\p{L}\\p{N}]");
    private static final Pattern DATE = Pattern.compile("date(-time)?");

    private final Map<String, String> columnOf = new LinkedHashMap<>();   // destination to column, in the order to be written
    private final List<String> open = new ArrayList<>();
    private final SourceColumns columns;

    private MappingProposal(SourceColumns columns) {
        this.columns = columns;
    }

    static MappingProposal of(SourceColumns columns, Fields fields, Definition definition) {
        List<String> identities = definition.target().schema().identities().stream()
                .sorted((one, other) -> Boolean.compare(other.primary(), one.primary())).map(Definition.Identity::path).toList();
        Set<String> read = definition.source().columns().findValuesAsText("name").stream().collect(Collectors.toSet());
        return of(columns, read, fields, identities);
    }

    /**
     * @param read       names of the columns that are read; empty for all
     * @param identities paths of the fields that identify a person, which come first
     */
    static MappingProposal of(SourceColumns columns, Set<String> read, Fields fields, List<String> identities) {
        Map<String, JsonNode> values = new LinkedHashMap<>(columns.values());
        values.keySet().removeIf(column -> !read.isEmpty() && !read.contains(SourceName.column(column)));
        MappingProposal proposal = new MappingProposal(columns);
        Map<String, JsonNode> destinations = fields.values();
        Map<String, List<String>> columnsOf = new TreeMap<>();
        Map<String, List<String>> undecided = new LinkedHashMap<>();
        values.forEach((column, type) -> {
            List<String> alike = alike(column, type, destinations);
            if (alike.size() == 1) {
                columnsOf.computeIfAbsent(alike.get(0), field -> new ArrayList<>()).add(column);
            } else if (alike.size() > 1) {
                undecided.put(column, alike);
            }
        });
        Stream<String> first = Stream.concat(identities.stream(), fields.required().stream());
        Stream.concat(first, values.keySet().stream().flatMap(column -> columnsOf.entrySet().stream()
                .filter(field -> field.getValue().contains(column)).map(Map.Entry::getKey))).distinct()
                .filter(columnsOf::containsKey).forEach(field -> proposal.propose(field, columnsOf.get(field)));
        proposal.tell(values.keySet(), undecided, Stream.concat(identities.stream(), fields.required().stream()).distinct().toList());
        return proposal;
    }

    private void propose(String field, List<String> candidates) {
        if (candidates.size() == 1) {
            columnOf.put(field, candidates.get(0));
        } else {
            open.add("several columns are called as %s: %s".formatted(field, String.join(", ", candidates)));
        }
    }

    private void tell(Set<String> all, Map<String, List<String>> undecided, List<String> wanted) {
        undecided.forEach((column, fields) -> open.add("%s may go to several fields: %s".formatted(column, String.join(", ", fields))));
        List<String> rest = all.stream().filter(column -> !columnOf.containsValue(column) && !undecided.containsKey(column)).toList();
        if (!rest.isEmpty()) {
            open.add("no field for: " + String.join(", ", rest));
        }
        wanted.stream().filter(field -> !columnOf.containsKey(field)).forEach(field -> open.add("no column for %s, which records need"
                .formatted(field)));
    }

    /** The fields that are called as the column: by all of their path, or else by its last part or parts. */
    private static List<String> alike(String column, JsonNode type, Map<String, JsonNode> destinations) {
        String name = letters(List.of(DOT.split(column, -1)));
        List<String> whole = new ArrayList<>();
        List<String> parts = new ArrayList<>();
        destinations.forEach((path, field) -> {
            List<String> steps = List.of(DOT.split(path, -1));
            if (!fits(type, field)) {
                return;
            } else if (letters(steps).equals(name)) {
                whole.add(path);
            } else if (isEnd(name, steps)) {
                parts.add(path);
            }
        });
        return whole.isEmpty() ? parts : whole;
    }

    private static boolean isEnd(String name, List<String> steps) {
        return Stream.iterate(steps.size() - 1, from -> from > 0, from -> from - 1)
                .anyMatch(from -> letters(steps.subList(from, steps.size())).equals(name));
    }

    private static String letters(List<String> steps) {
        return SEPARATOR.matcher(String.join("", steps)).replaceAll("").toLowerCase(Locale.ROOT);
    }

    /** A text takes every single value, a number every whole one; a date takes dates alone, and an enumeration its own values. */
    private static boolean fits(JsonNode column, JsonNode field) {
        boolean isDate = DATE.matcher(column.path("format").asText()).matches();
        String from = column.path("type").asText();
        String to = field.path("type").asText();
        if (field.has("enum")) {
            return false;
        } else if (DATE.matcher(field.path("format").asText()).matches()) {
            return isDate;
        }
        return to.equals("string") || !isDate && (from.equals(to) || from.equals("integer") && to.equals("number"));
    }

    /** {@code {mapping: [{source, destination}], columns: [{name, type}], dates: [names], open: [sentences]}} */
    ObjectNode report() {
        ObjectNode report = JsonNodeFactory.instance.objectNode();
        report.putArray("mapping");
        columnOf.forEach((destination, column) -> {
            ObjectNode rule = report.withArray("/mapping").addObject();
            if (columns.needsBraces(column)) {   // how a plain source of such a name is written, no document says
                rule.put("sourceType", "EXPRESSION").put("source", SourceName.wrapped(column));
            } else {
                rule.put("source", column);
            }
            rule.put("destination", destination);
        });
        report.putArray("columns");
        Map<String, JsonNode> values = columns.values();
        if (columns.isFlat() && values.size() == columns.names().size()) {
            values.forEach((name, type) -> {
                ObjectNode column = report.withArray("/columns").addObject().put("name", name).put("type", type.path("type").asText());
                if (columns.isDate(name)) {
                    column.put("format", "date-time");
                }
            });
        }
        report.putArray("dates");
        if (columns.isFlat()) {
            columns.dates().forEach(report.withArray("/dates")::add);
        }
        report.putArray("open");
        open.forEach(report.withArray("/open")::add);
        return report;
    }
}
