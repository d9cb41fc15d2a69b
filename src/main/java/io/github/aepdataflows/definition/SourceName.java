package io.github.aepdataflows.definition;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How the name of a source column is written in a mapping (Data Prep, mapping functions: special characters). */
public final class SourceName {

    private static final Pattern BARE = Pattern.compile("[\\p{L}_$][\\p{L}\\p{N}_$]*");
    private static final Pattern WRAPPED = Pattern.compile("\\$\\{([^{}]*)}");
    private static final Pattern REST = Pattern.compile("(?<!\\\\)[.\\[].*", Pattern.DOTALL);

    private SourceName() {
    }

    /** Whether it can stand as it is in an expression. */
    public static boolean isBare(String name) {
        return BARE.matcher(name).matches();
    }

    /** As in <code>${First Name}</code>. */
    public static String wrapped(String name) {
        return "${" + name + "}";
    }

    /** The name in <code>${…}</code>, or what is not wrapped as it is. */
    public static String unwrapped(String source) {
        Matcher wrapped = WRAPPED.matcher(source);
        return wrapped.matches() ? wrapped.group(1) : source;
    }

    /** The column itself, of a path to something in it, as in {@code orders[0].sku}. */
    public static String column(String source) {
        return REST.matcher(unwrapped(source)).replaceFirst("").replace("\\.", ".");
    }
}
