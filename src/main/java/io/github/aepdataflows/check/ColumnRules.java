package io.github.aepdataflows.check;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.aepdataflows.definition.Definition;
import io.github.aepdataflows.definition.Nearest;
import io.github.aepdataflows.definition.SourceName;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** What a definition says of the columns of its source, judged by those that the source has: listed ones, mapped ones, the delta column. */
final class ColumnRules {

    private static final int MOST_LISTED = 10;

    private final CheckResult check;
    private final Definition definition;
    private final SourceColumns columns;
    private final JsonNode listed;

    ColumnRules(CheckResult check, SourceColumns columns) {
        this.check = check;
        this.definition = check.definition();
        this.columns = columns;
        this.listed = definition.source().columns();
    }

    /** Keeps, too, what the source connection is to read where the definition does not say. */
    void check() {
        check.exploredIs(columns);
        if (listed.isEmpty() && definition.source().tables() && columns.isFlat()) {
            check.columnsAre(columns.asExplored());
        }
        for (int i = 0; i < definition.mapping().size(); i++) {
            Definition.Mapping rule = definition.mapping().get(i);
            String path = "mapping[%d].source".formatted(i);
            if (rule.isAttribute()) {
                attribute(path, rule.source());
            } else if (rule.isExpression()) {
                expression(path, rule.source());
            }
        }
        listed();
        delta();
        filters();
    }

    /** Some sources tell capitals apart, and others do not. */
    private void filters() {
        definition.source().filters().map(filters -> RowFilterRules.columns(filters.path("value"))).ifPresent(named -> named.stream()
                .filter(name -> columns.names().stream().noneMatch(name::equalsIgnoreCase))
                .forEach(name -> check.addOfData(check.fault("source.filters", "the source has no column %s".formatted(name))
                .withSuggestion(Nearest.to(name, columns.names())))));
        definition.source().filters().map(filters -> RowFilterRules.comparisons(filters.path("value"))).stream().flatMap(List::stream)
                .filter(comparison -> columns.has(comparison.column()) && !columns.takes(comparison.column(), comparison.value()))
                .forEach(comparison -> check.note("source.filters", "column %s is %s, and is compared with %s"
                        .formatted(comparison.column(), columns.type(comparison.column()), comparison.value())));
    }

    private void listed() {
        List<String> unread = new ArrayList<>(columns.names());
        for (int i = 0; i < listed.size(); i++) {
            String name = listed.get(i).path("name").asText();
            unread.remove(name);
            if (!columns.has(name)) {
                check.addOfData(check.fault("source.columns[%d].name".formatted(i), "the source has no column %s".formatted(name))
                        .withSuggestion(Nearest.to(name, columns.names())));
            } else if (!columns.agrees(listed.get(i))) {
                check.addOfData("source.columns[%d].type".formatted(i),
                        "column %s is of another type: %s".formatted(name, columns.type(name)));
            }
        }
        if (!listed.isEmpty() && !unread.isEmpty()) {
            check.note("source.columns", "columns of the source that are not read: " + unread.stream()
                    .limit(MOST_LISTED).collect(Collectors.joining(", ")) + (unread.size() > MOST_LISTED ? "…" : ""));
        }
    }

    private void delta() {
        String path = "copy.deltaColumn.name";
        String delta = definition.copy().map(copy -> copy.at("/deltaColumn/name").asText()).orElse("");
        if (delta.isEmpty()) {
            return;
        } else if (!columns.has(delta)) {
            check.addOfData(check.fault(path, "the source has no column %s".formatted(delta))
                    .withSuggestion(Nearest.to(delta, columns.dates())));
        } else if (!columns.isDate(delta) && columns.isDescribed(delta)) {
            check.addOfData(check.fault(path, "column %s is %s, but new data is told from old by a date, a time or a date-time"
                    .formatted(delta, columns.type(delta))).withSuggestion(Nearest.to(delta, columns.dates())));
        } else if (!columns.isDate(delta)) {
            check.note(path, "the source does not say whether column %s is a date or a time".formatted(delta));
        }
    }

    private void attribute(String path, String source) {
        String column = SourceName.column(source);
        if (columns.needsBraces(source)) {
            check.note(path, ("the name of column %s has more in it than letters and digits; Adobe writes such names as "
                    + "%s, in a mapping with sourceType EXPRESSION for certain").formatted(source, SourceName.wrapped(source)));
        } else if (!listed.isEmpty()) {   // it was looked for there, where nobody knows what else the source has
            if (columns.has(source)) {
                check.knownBetter(check.fault(path, "the source has a column %s, but it is not among source.columns; add it there"
                        .formatted(source)));
            }
        } else if (columns.hasAttribute(source)) {
            return;
        } else if (columns.has(column)) {
            check.addOfData(check.fault(path,
                    "the source has no column %s, and %s is %s".formatted(source, column, columns.type(column)))
                    .withSuggestion(columns.nearest(source).orElse(column)));
        } else {
            check.addOfData(check.fault(path, "the source has no column %s".formatted(source)).withSuggestion(columns.nearest(source)));
        }
    }

    private void expression(String path, String expression) {
        for (ExpressionNames.Name name : ExpressionNames.of(expression, Set.copyOf(columns.names()))) {
            String text = name.text();
            if (!columns.hasAttribute(text)) {
                unknown(path, text);
            } else if (!name.wrapped() && columns.has(text) && !ExpressionNames.isPlain(text)) {
                check.note(path, ("in an expression, column %s is written as %s: its name is a word of the language, or "
                        + "has more in it than letters and digits").formatted(text, SourceName.wrapped(text)));
            }
        }
    }

    /** Without a column that is near, it may be something of the language that is not known here. */
    private void unknown(String path, String name) {
        Nearest nearest = columns.nearest(name);
        if (nearest.word().isEmpty()) {
            check.note(path, "the source has no column %s; %s".formatted(name, nearest));
        } else {
            check.addOfData(check.fault(path, "the source has no column %s".formatted(name)).withSuggestion(nearest));
        }
    }
}
