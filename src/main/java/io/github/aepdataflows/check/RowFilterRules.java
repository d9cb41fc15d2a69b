package io.github.aepdataflows.check;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.aepdataflows.definition.Nearest;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/**
 * Judges which rows are to be read by what the connection spec says of filters ({@code attributes.filterAtSource}): whether there are any,
 * and by which operators. Their columns are judged with the others of the source.
 */
final class RowFilterRules {

    private static final String PATH = "source.filters";
    private static final Set<String> LOGICAL = Set.of("and", "or", "not");

    private RowFilterRules() {
    }

    /**
     * @param condition      as in the API
     * @param connectionSpec as the Platform describes it; a missing node when it does not
     */
    static void check(CheckResult check, JsonNode condition, JsonNode connectionSpec) {
        JsonNode filters = connectionSpec.at("/attributes/filterAtSource");
        if (filters.isMissingNode()) {
            check.note(PATH, "the Platform does not say whether this source can filter its rows");
        } else if (filters.path("enabled").isBoolean() && !filters.path("enabled").asBoolean()) {
            check.add(check.fault(PATH, "this source cannot filter its rows; leave it out").withCode("1353-400"));
        } else {
            functions(condition, new TreeSet<>()).forEach(function -> operator(check, function, filters.path(LOGICAL.contains(
                    plain(function)) ? "logicalOperators" : "comparisonOperators")));
        }
    }

    /** @param list of those that the source knows; what it does not say keeps nobody */
    private static void operator(CheckResult check, String function, JsonNode list) {
        Set<String> known = new TreeSet<>(Set.of("isnull"));   // shown in an example, and in no list
        list.forEach(operator -> known.add(plain(operator.asText())));
        if (known.contains(plain(function))) {
            return;
        } else if (!list.isArray() || list.isEmpty()) {
            check.note(PATH, "the Platform does not say whether this source filters by %s".formatted(function));
        } else {
            check.add(check.fault(PATH, "this source does not filter by %s".formatted(function))
                    .withSuggestion(Nearest.to(function, known)).withCode("1353-400"));
        }
    }

    /** The table of the document has {@code ==} where its examples have {@code =}. */
    private static String plain(String operator) {
        return operator.equals("==") ? "=" : operator.toLowerCase(Locale.ROOT);
    }

    private static Set<String> functions(JsonNode node, Set<String> found) {
        if (node.path("nodeType").asText().equals("fnApply")) {
            found.add(node.path("fnName").asText());
        }
        node.path("params").forEach(param -> functions(param, found));
        return found;
    }

    /** The columns that a condition looks at. */
    static Set<String> columns(JsonNode node) {
        Set<String> columns = new TreeSet<>();
        if (node.path("fieldName").isTextual()) {
            columns.add(node.path("fieldName").asText());
        }
        node.path("params").valueStream().forEach(param -> columns.addAll(columns(param)));
        return columns;
    }

    /** A column, and one value that a condition compares it with. */
    record Comparison(String column, JsonNode value) {
    }

    static List<Comparison> comparisons(JsonNode node) {
        List<Comparison> found = new ArrayList<>();
        String column = node.at("/params/0/fieldName").asText();
        JsonNode value = node.at("/params/1/value");
        if (!column.isEmpty()) {
            (value.isArray() ? value : List.of(value)).forEach(each -> found.add(new Comparison(column, each)));
        }
        node.path("params").forEach(param -> found.addAll(comparisons(param)));
        return found.stream().filter(comparison -> comparison.value().isValueNode()).toList();
    }
}
