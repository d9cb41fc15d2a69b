package io.github.aepdataflows.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The expression language of Data Prep, as far as an expression can be judged without data: its length, its brackets and
 * quotes, and the names of its functions.
 */
final class Expressions {

    private static final int MAX_LENGTH = 4096;
    private static final Map<Character, Character> BRACKETS = Map.of('(', ')', '[', ']', '{', '}');
    private static final Pattern CALL = Pattern.compile("([A-Za-z_][A-Za-z0-9_]*)\\s*\\(");
    /** Words that may stand before a bracket. */
    private static final Set<String> WORDS = Set.of("and", "or", "not", "in");

    private final JsonNode functions = Json.resource("el-functions.json");
    private final Set<String> names = Json.stream(functions).map(each -> each.path("name").asText()).collect(Collectors.toSet());

    /** The list that callers can read. */
    JsonNode functions() {
        return functions;
    }

    static Optional<String> tooLong(String expression) {
        return expression.length() > MAX_LENGTH
            ? Optional.of("An expression has at most " + MAX_LENGTH + " characters, not " + expression.length())
            : Optional.empty();
    }

    /** What is wrong with an expression. */
    Optional<String> fault(String expression) {
        if (expression.isBlank()) {
            return Optional.of("The expression is empty");
        }
        StringBuilder code = new StringBuilder();
        return tooLong(expression).or(() -> unbalanced(expression, code)).or(() -> unknownFunction(code));
    }

    /** @param code takes the expression without what its quotes and its {@code ${…}} hold */
    private static Optional<String> unbalanced(String expression, StringBuilder code) {
        Deque<Character> open = new ArrayDeque<>();
        for (int i = 0; i < expression.length(); i++) {
            char c = expression.charAt(i);
            if (c == '\'' || c == '"') {
                int end = closing(expression, i);
                if (end < 0) {
                    return Optional.of("The quote at " + i + " is not closed");
                }
                i = end;
            } else if (expression.startsWith("${", i)) {
                int end = expression.indexOf('}', i);
                if (end < 0) {
                    return Optional.of("The ${ at " + i + " is not closed");
                }
                i = end;
            } else if (BRACKETS.containsKey(c)) {
                open.push(BRACKETS.get(c));
            } else if (BRACKETS.containsValue(c) && (open.isEmpty() || open.pop() != c)) {
                return Optional.of("The " + c + " at " + i + " closes nothing");
            }
            code.append(expression.charAt(i));
        }
        return open.isEmpty() ? Optional.empty() : Optional.of("A " + open.pop() + " is missing at the end");
    }

    private static int closing(String expression, int start) {
        for (int i = start + 1; i < expression.length(); i++) {
            if (expression.charAt(i) == '\\') {
                i++;
            } else if (expression.charAt(i) == expression.charAt(start)) {
                return i;
            }
        }
        return -1;
    }

    private Optional<String> unknownFunction(CharSequence code) {
        Matcher call = CALL.matcher(code);
        while (call.find()) {
            if (!names.contains(call.group(1)) && !WORDS.contains(call.group(1))) {
                return Optional.of("There is no function " + call.group(1));
            }
        }
        return Optional.empty();
    }
}
