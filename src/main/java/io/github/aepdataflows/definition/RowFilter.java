package io.github.aepdataflows.definition;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The short form of {@code source.filters}: a condition as it stands after {@code where} in SQL, and what the API has in its place
 * ({@code params.filters}, PQL as JSON; Adobe's tutorial "Filter row-level data").
 */
final class RowFilter {

    /** A text, a column in back-ticks, a number, a word, an operator, a bracket or comma; else whatever stands there. */
    private static final Pattern TOKEN = Pattern.compile("\\s*(?:('(?:[^']|'')*')|`([^`]+)`|(-?\\d{1,18}(?:\\.\\d{1,18})?)(?![\\w.])"
            + "|([\\p{L}_][\\p{L}\\p{N}_.]*)|(!=|<>|<=|>=|==|[=<>(),])|(\\S))");
    private static final int TEXT = 1;
    private static final int COLUMN = 2;
    private static final int NUMBER = 3;
    private static final int WORD = 4;
    private static final int SIGN = 5;
    private static final int MAX_DEPTH = 50;

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final Set<String> COMPARISONS = Set.of("=", "==", "!=", "<>", "<", "<=", ">", ">=");

    private record Token(int type, String text, int position) {

        boolean is(String word) {
            return (type == WORD || type == SIGN) && text.equalsIgnoreCase(word);
        }
    }

    private final List<Token> tokens = new ArrayList<>();
    private int next;
    private int depth;

    private RowFilter(String condition) {
        Matcher matcher = TOKEN.matcher(condition.stripTrailing());
        while (matcher.lookingAt()) {
            int type = TEXT;
            while (matcher.group(type) == null) {
                type++;
            }
            tokens.add(new Token(type, matcher.group(type), matcher.start(type) + 1));
            matcher.region(matcher.end(), matcher.regionEnd());
        }
        tokens.add(new Token(SIGN, "", condition.length() + 1));
    }

    /**
     * What the API has for a condition.
     *
     * @throws IllegalArgumentException saying at which character it cannot be understood
     */
    static ObjectNode parsed(String condition) {
        RowFilter filter = new RowFilter(condition);
        ObjectNode value = filter.or();
        if (!filter.token().text().isEmpty()) {
            throw filter.unexpected("and, or, or the end");
        }
        return (ObjectNode) NODES.objectNode().put("type", "PQL").put("format", "pql/json").set("value", value);
    }

    private Token token() {
        return tokens.get(next);
    }

    private boolean accepts(String word) {
        if (token().is(word)) {
            next++;
            return true;
        }
        return false;
    }

    private IllegalArgumentException unexpected(String wanted) {
        Token token = token();
        return new IllegalArgumentException("at character %d there has to be %s, and not %s".formatted(token.position(), wanted,
                token.text().isEmpty() ? "the end" : Excerpt.of(NODES.textNode(token.text()))));
    }

    private ObjectNode or() {
        ObjectNode first = and();
        return joined("or", first, this::and);
    }

    private ObjectNode and() {
        ObjectNode first = not();
        return joined("and", first, this::not);
    }

    private interface Part {

        ObjectNode next();
    }

    private ObjectNode joined(String word, ObjectNode first, Part part) {
        if (!token().is(word)) {
            return first;
        }
        ObjectNode all = apply(word, first);
        while (accepts(word)) {
            all.withArray("params").add(part.next());
        }
        return all;
    }

    private ObjectNode not() {
        if (++depth > MAX_DEPTH) {
            throw new IllegalArgumentException("it is nested deeper than %d levels".formatted(MAX_DEPTH));
        }
        try {
            return accepts("not") ? negated(not()) : accepts("(") ? closed(or()) : condition();
        } finally {
            depth--;
        }
    }

    private ObjectNode closed(ObjectNode inner) {
        if (!accepts(")")) {
            throw unexpected("a closing bracket");
        }
        return inner;
    }

    /** Adobe's sample writes this one in capitals. */
    private static ObjectNode negated(ObjectNode condition) {
        return apply("NOT", condition);
    }

    private ObjectNode condition() {
        Token column = token();
        if (column.type() != COLUMN && column.type() != WORD) {
            throw unexpected("a column");
        }
        next++;
        ObjectNode field = NODES.objectNode().put("nodeType", "fieldLookup").put("fieldName", column.text());
        if (accepts("is")) {
            boolean negated = accepts("not");
            if (!accepts("null")) {
                throw unexpected("null");
            }
            return negated ? negated(apply("isNull", field)) : apply("isNull", field);
        }
        boolean negated = accepts("not");
        ObjectNode condition = compared(field, negated);
        return negated ? negated(condition) : condition;
    }

    private ObjectNode compared(ObjectNode field, boolean negated) {
        Token operator = token();
        if (accepts("in")) {
            if (!accepts("(")) {
                throw unexpected("a list of values in brackets");
            }
            ArrayNode values = NODES.arrayNode();
            do {
                values.add(value());
            } while (accepts(","));
            return closed(apply("in", field, literal(values)));
        }
        boolean compares = !negated && operator.type() == SIGN && COMPARISONS.contains(operator.text());
        if (accepts("like") || compares && accepts(operator.text())) {
            return apply(name(operator), field, literal(value()));
        }
        throw unexpected(negated ? "like or in" : "one of = != < <= > >= like in is");
    }

    private static String name(Token operator) {
        return switch (operator.text()) {
            case "==" -> "=";
            case "<>" -> "!=";
            default -> operator.text().toLowerCase(Locale.ROOT);
        };
    }

    private JsonNode value() {
        Token token = token();
        if (token.type() != TEXT && token.type() != NUMBER) {
            throw unexpected("a value: a text in single quotes or a number");
        }
        next++;
        if (token.type() == TEXT) {
            return NODES.textNode(token.text().substring(1, token.text().length() - 1).replace("''", "'"));
        }
        return token.text().contains(".") ? NODES.numberNode(new BigDecimal(token.text())) : NODES.numberNode(Long.parseLong(token.text()));
    }

    private static ObjectNode literal(JsonNode value) {
        return NODES.objectNode().put("nodeType", "literal").set("value", value);
    }

    private static ObjectNode apply(String function, ObjectNode... params) {
        ObjectNode apply = NODES.objectNode().put("nodeType", "fnApply").put("fnName", function);
        ArrayNode all = apply.putArray("params");
        for (ObjectNode param : params) {
            all.add(param);
        }
        return apply;
    }
}
