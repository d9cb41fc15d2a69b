package io.github.aepdataflows.guide;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A fenced block of a page.
 *
 * @param comment  of the HTML comment on the line before it, empty without one: what a test must know and a reader need not see
 * @param language {@code yaml} for definitions, {@code sh} for commands, {@code console} for commands with their output
 * @param text     between the fences
 */
public record Block(Page page, int line, String comment, String language, String text) {

    private static final Pattern FILE = Pattern.compile("# ([a-z/-]+\\.(?:yaml|json))\n");

    /** The file that a reader saves it as, named by its first line: {@code # accounts.yaml}. */
    Optional<String> file() {
        Matcher first = FILE.matcher(text);
        return first.lookingAt() ? Optional.of(first.group(1)) : Optional.empty();
    }

    /** What follows this word in the comment. */
    Optional<String> comment(String word) {
        return comment.startsWith(word + " ") ? Optional.of(comment.substring(word.length() + 1)) : Optional.empty();
    }

    boolean isShell() {
        return language.equals("sh") || language.equals("console");
    }

    /** A reason is given why its commands are not typed here. */
    boolean isNotReplayed() {
        return comment.startsWith("not replayed: ") || isPrintedByTheSimulator();
    }

    /** {@code SimulatorPageTest} compares it. */
    boolean isPrintedByTheSimulator() {
        return comment.equals("printed by the simulator");
    }

    /** The reader stops the program before. */
    boolean isAfterStop() {
        return comment.equals("the program is stopped");
    }

    @Override
    public String toString() {
        return page + ":" + line;
    }
}
