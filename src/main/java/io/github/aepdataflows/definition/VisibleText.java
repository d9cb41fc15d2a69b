package io.github.aepdataflows.definition;

import java.util.regex.Pattern;

/** Text of others on one line, without anything that breaks it or steers the terminal that shows it. */
public final class VisibleText {

    private static final Pattern UNSEEN = Pattern.compile("[\\p{Cc}\\p{Cf}\\u2028\\u2029]");

    private VisibleText() {
    }

    /** With a question mark in place of each character that is not seen. */
    public static String of(String text) {
        return UNSEEN.matcher(text).replaceAll("?");
    }

    /** With an escape in place of each. */
    static String escaped(String text) {
        return UNSEEN.matcher(text).replaceAll(unseen -> "\\\\u%04X".formatted(unseen.group().codePointAt(0)));
    }
}
