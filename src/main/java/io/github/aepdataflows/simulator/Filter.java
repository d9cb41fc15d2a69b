package io.github.aepdataflows.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One {@code property} filter of a Flow Service list: {@code path OP value}, where a comma list after {@code ==} means "one of"
 * and {@code []} after a name steps into an array. Documented in "Sort and filter responses in the Flow Service API".
 */
record Filter(String path, String operator, List<String> values) implements Predicate<JsonNode> {

    /** The first segment of every path that some resource can have; anything else is an unknown field. */
    static final Set<String> FIELDS = Set.of("id", "name", "description", "state", "version", "etag", "createdAt", "updatedAt",
        "createdBy", "updatedBy", "createdClient", "updatedClient", "sandboxId", "sandboxName", "imsOrgId", "connectionSpec",
        "baseConnectionId", "data", "params", "auth", "inheritedAttributes", "providerRefId", "flowSpec", "sourceConnectionIds",
        "targetConnectionIds", "transformations", "scheduleParams", "options", "lastOperation", "lastRunDetails", "flowId",
        "metrics", "activities", "attributes", "providerId", "type", "sourceConnectionSpecIds", "targetConnectionSpecIds");

    private static final Pattern SYNTAX = Pattern.compile("([^=!<>~]+)([=!<>~]+)(.*)");
    private static final Pattern VALUE = Pattern.compile("\"([^\"]*)\"|([^,]+)");
    private static final Set<String> OPERATORS = Set.of("==", "!=", "<", "<=", ">", ">=");

    /** @param dialects what quotes and blanks mean */
    static Filter parse(String expression, Dialects dialects) {
        Matcher syntax = SYNTAX.matcher(expression);
        if (!syntax.matches()) {
            throw Refusal.flow("1450-400", "No operator in the filter " + expression);
        }
        Filter filter = new Filter(syntax.group(1).trim(), syntax.group(2), values(expression, syntax.group(3).trim(), dialects));
        filter.check(expression);
        return filter;
    }

    private static List<String> values(String expression, String text, Dialects dialects) {
        List<String> values = new ArrayList<>();
        Matcher value = VALUE.matcher(text);
        while (value.find()) {
            if (value.group(1) == null) {
                boolean unmatched = value.group(2).contains(" ") && dialects.is(Dialect.BARE_NAMES, "unmatched");
                values.add(unmatched ? "\"" + value.group(2) : value.group(2).trim());
            } else {
                values.add(switch (dialects.reading(Dialect.QUOTED_NAMES)) {
                    case "literal" -> value.group();
                    case "refused" -> throw Refusal.flow("1450-400", "No quotes in the filter " + expression);
                    default -> value.group(1);
                });
            }
        }
        return values;
    }

    private void check(String expression) {
        if (operator.equals("~")) {
            throw Refusal.flow("1440-400", "The operator ~ is not supported: " + expression);
        }
        if (!OPERATORS.contains(operator)) {
            throw Refusal.flow("1450-400", "Unknown operator in the filter " + expression);
        }
        if (!FIELDS.contains(path.split("[.\\[]", 2)[0])) {
            throw Refusal.flow("1449-400", "Unknown field in the filter " + expression);
        }
        if (values.isEmpty() || values.contains("")) {
            throw Refusal.flow("1453-400", "No value in the filter " + expression);
        }
        if (ordering() && path.equals("id")) {
            throw Refusal.flow("1448-400", "Ids have no order: " + expression);
        }
        if (ordering() && values.size() > 1) {
            throw Refusal.flow("1443-400", "A list of values needs ==: " + expression);
        }
    }

    @Override
    public boolean test(JsonNode resource) {
        List<JsonNode> found = new ArrayList<>();
        collect(resource, path, found);
        if (operator.equals("!=")) {
            return found.stream().noneMatch(this::isOneOfTheValues);
        }
        return found.stream().anyMatch(node -> ordering() ? isInOrder(node) : isOneOfTheValues(node));
    }

    private boolean ordering() {
        return operator.startsWith("<") || operator.startsWith(">");
    }

    private static void collect(JsonNode node, String path, List<JsonNode> found) {
        if (path.isEmpty()) {
            if (!node.isMissingNode() && !node.isNull()) {
                found.add(node);
            }
            return;
        }
        int dot = path.indexOf('.');
        String first = dot < 0 ? path : path.substring(0, dot);
        String rest = dot < 0 ? "" : path.substring(dot + 1);
        if (first.endsWith("[]")) {
            node.path(first.substring(0, first.length() - 2)).forEach(element -> collect(element, rest, found));
        } else {
            collect(node.path(first), rest, found);
        }
    }

    /** Exact, except run statuses: the documents write {@code Failed} for what the records call {@code failed}. */
    private boolean isOneOfTheValues(JsonNode node) {
        String text = node.asText();
        return path.endsWith("statusSummary.status") ? values.stream().anyMatch(text::equalsIgnoreCase) : values.contains(text);
    }

    private boolean isInOrder(JsonNode node) {
        int order = node.isNumber() ? node.decimalValue().compareTo(number(values.get(0)))
            : node.asText().compareTo(values.get(0));
        return switch (operator) {
            case "<" -> order < 0;
            case "<=" -> order <= 0;
            case ">" -> order > 0;
            default -> order >= 0;
        };
    }

    private BigDecimal number(String value) {
        try {
            return new BigDecimal(value);
        } catch (NumberFormatException e) {
            throw Refusal.flow("1452-400", path + " is a number, " + value + " is not");
        }
    }
}
