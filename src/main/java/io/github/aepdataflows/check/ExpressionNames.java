package io.github.aepdataflows.check;

import io.github.aepdataflows.definition.SourceName;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The names in an expression of Data Prep that can only be columns of the source. Whatever else an expression is made of is for Data
 * Prep to judge.
 */
final class ExpressionNames {

    /**
     * @param text    the name, or a path to something in it
     * @param wrapped whether it is written in <code>${…}</code>
     */
    record Name(String text, boolean wrapped) {
    }

    private static final Set<String> RESERVED = reserved();
    private static final Pattern NUMBER = Pattern.compile("\\d+(\\.\\d*)?");
    private static final String BETWEEN = "(),+-*/%=<>!&|?:;{}";
    private static final Pattern WORD_OPERATOR = Pattern.compile("(?<!\\S)(?:and|or|not|mod|div|eq|ne|lt|gt|le|ge|in)(?!\\S)");
    private static final Pattern PATH = Pattern.compile("[\\p{L}_$](?:\\\\.|[\\p{L}\\p{N}_$.\\[\\]*])*");

    private final Set<String> columns;
    private final List<Name> names = new ArrayList<>();

    private ExpressionNames(Set<String> columns) {
        this.columns = columns;
    }

    private static Set<String> reserved() {
        try (InputStream in = ExpressionNames.class.getResourceAsStream("reserved-words.txt")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().filter(line -> !line.startsWith("#"))
                    .flatMap(line -> Pattern.compile("\\s+").splitAsStream(line.strip())).collect(Collectors.toUnmodifiableSet());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** @param columns of the source: by them a name with a blank in it is told from two words */
    static List<Name> of(String expression, Set<String> columns) {
        ExpressionNames found = new ExpressionNames(columns);
        found.read(expression);
        return found.names;
    }

    private void read(String expression) {
        StringBuilder chunk = new StringBuilder();
        for (int i = 0; i < expression.length(); i++) {
            char c = expression.charAt(i);
            if (c == '\'' || c == '"') {
                end(chunk, false);
                i = closing(expression, i);
            } else if (expression.startsWith("${", i)) {
                int close = expression.indexOf('}', i);
                if (close < 0) {
                    return;   // Data Prep says so
                }
                end(chunk, false);
                names.add(new Name(expression.substring(i + 2, close), true));
                i = close;
                chunk.append('.');   // what follows belongs to it
            } else if (BETWEEN.indexOf(c) >= 0) {
                end(chunk, c == '(');
            } else {
                chunk.append(c);
            }
        }
        end(chunk, false);
    }

    private static int closing(String expression, int quote) {
        for (int i = quote + 1; i < expression.length(); i++) {
            if (expression.charAt(i) == '\\') {
                i++;
            } else if (expression.charAt(i) == expression.charAt(quote)) {
                return i;
            }
        }
        return expression.length();
    }

    /** @param called whether a bracket follows: then the last word is a function, or a method of what stands before it */
    private void end(StringBuilder chunk, boolean called) {
        String text = chunk.toString().strip();
        chunk.setLength(0);
        if (isColumn(text)) {
            names.add(new Name(text, false));
            return;
        }
        for (String part : WORD_OPERATOR.split(text)) {
            String name = part.strip().replaceFirst("\\[$", "");   // as in orders["first"]
            boolean last = text.endsWith(part);
            if (called && last) {
                int dot = name.lastIndexOf('.');
                name = dot < 0 ? "" : name.substring(0, dot);
            }
            if (isColumn(name) || PATH.matcher(name).matches() && !RESERVED.contains(name)) {
                names.add(new Name(name, false));
            }
        }
    }

    /** A number is a number, whatever columns are called. */
    private boolean isColumn(String name) {
        return columns.contains(name) && !NUMBER.matcher(name).matches();
    }

    /** Whether a column of that name can stand as it is: it is no word of the language, nor the name of one of its functions. */
    static boolean isPlain(String name) {
        return SourceName.isBare(name) && !RESERVED.contains(name);
    }
}
