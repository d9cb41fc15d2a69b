package io.github.aepdataflows.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The expression language of Data Prep, as far as an expression can be judged without data: its length, its brackets and
 * quotes, the names of its functions and how many arguments they have.
 */
final class Expressions {

    private static final int MAX_LENGTH = 4096;
    private static final Map<Character, Character> BRACKETS = Map.of('(', ')', '[', ']', '{', '}');
    private static final Pattern NAME_AT_END = Pattern.compile("([A-Za-z_][A-Za-z0-9_]*)\\s*$");
    /** Words that may stand before a bracket. */
    private static final Set<String> WORDS = Set.of("and", "or", "not", "in");

    /** By name; what {@code el-functions.json} says of each: at least so many arguments, and at most so many, if there is a limit. */
    private final Map<String, JsonNode> functions = Json.stream(Json.resource("el-functions.json"))
        .collect(Collectors.toMap(each -> each.path("function").asText(), each -> each, (one, other) -> one, LinkedHashMap::new));

    /** The list that callers can read. */
    ArrayNode functions() {
        ArrayNode list = Json.array();
        functions.forEach((name, function) -> {
            ObjectNode entry = list.addObject().put("category", function.path("category").asText()).put("function", name)
                .put("description", function.path("description").asText());
            List<String> params = new ArrayList<>();
            for (int i = 1; i <= Math.max(function.path("least").asInt(), function.path("most").asInt()); i++) {
                params.add("argument" + i);
                entry.withArray("params").addObject().put("name", "argument" + i).put("position", i)
                    .put("type", i <= function.path("least").asInt() ? "REQUIRED" : "OPTIONAL");
            }
            entry.put("syntax", name + "(" + String.join(", ", params) + (function.has("most") ? ")" : ", …)"));
        });
        return list;
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
        return tooLong(expression).or(() -> unbalanced(expression, code)).or(() -> wrongCall(code));
    }

    /** @param code takes the expression without what its quotes and its {@code ${…}} hold */
    private static Optional<String> unbalanced(String expression, StringBuilder code) {
        Deque<Character> open = new ArrayDeque<>();
        for (int i = 0; i < expression.length(); i++) {
            char c = expression.charAt(i);
            if (c == '\'' || c == '"') {
                i = closing(expression, i);
                if (i < 0) {
                    return Optional.of("A quote is not closed");
                }
            } else if (expression.startsWith("${", i)) {
                i = expression.indexOf('}', i);
                if (i < 0) {
                    return Optional.of("A ${ is not closed");
                }
                code.append('$');
                continue;
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

    /** Something in brackets. */
    private static final class Arguments {

        private final String function;
        private int commas;
        private boolean any;

        Arguments(String function) {
            this.function = function;
        }

        int count() {
            return any ? commas + 1 : 0;
        }
    }

    private Optional<String> wrongCall(CharSequence code) {
        Deque<Arguments> open = new ArrayDeque<>(List.of(new Arguments("")));
        for (int i = 0; i < code.length(); i++) {
            char c = code.charAt(i);
            if (BRACKETS.containsValue(c)) {
                Optional<String> wrong = wrong(open.pop());
                if (wrong.isPresent()) {
                    return wrong;
                }
            } else if (c == ',') {
                open.peek().commas++;
            } else if (!Character.isWhitespace(c)) {
                open.peek().any = true;
                if (BRACKETS.containsKey(c)) {
                    Matcher name = NAME_AT_END.matcher(code.subSequence(0, i));
                    open.push(new Arguments(c == '(' && name.find() && !WORDS.contains(name.group(1)) ? name.group(1) : ""));
                }
            }
        }
        return Optional.empty();
    }

    private Optional<String> wrong(Arguments arguments) {
        JsonNode function = functions.get(arguments.function);
        if (arguments.function.isEmpty()) {
            return Optional.empty();
        } else if (function == null) {
            return Optional.of("There is no function " + arguments.function);
        }
        boolean fits = arguments.count() >= function.path("least").asInt()
            && arguments.count() <= function.path("most").asInt(Integer.MAX_VALUE);
        return fits ? Optional.empty()
            : Optional.of("The function %s takes no %d arguments".formatted(arguments.function, arguments.count()));
    }
}
