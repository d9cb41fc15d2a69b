package io.github.aepdataflows.guide;

import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A command of a {@code console} block and the output that the page shows for it. Ids, times and ports are different each time and
 * are not compared; {@code …} stands for anything within a line, and alone in a line for any number of lines.
 */
public record Shown(String command, String output) {

    private static final String ELLIPSIS = "…";
    private static final Pattern UUID = Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");

    /** Each command with the lines up to the next one. */
    static List<Shown> of(Block block) {
        return Stream.of(block.text().split("(?m)^\\$ ")).filter(part -> !part.isBlank()).map(part -> {
            String[] parts = part.split("\n", 2);
            return new Shown(parts[0], parts[1]);
        }).toList();
    }

    boolean isAbridged() {
        return output.contains(ELLIPSIS);
    }

    /** The command and an output, as a block shows them. */
    String with(String printed) {
        return "$ " + command + "\n" + printed + (printed.isEmpty() || printed.endsWith("\n") ? "" : "\n");
    }

    /** Whether the lines of a block are among those of an output, in the same order. */
    public static boolean areInOrder(Block block, List<String> output) {
        Iterator<String> printed = output.stream().map(line -> masked(line) + "\n").iterator();
        return masked(block.text()).lines().filter(line -> !line.isBlank()).allMatch(line -> {
            Pattern pattern = Pattern.compile(pattern(line));
            while (printed.hasNext()) {
                if (pattern.matcher(printed.next()).matches()) {
                    return true;
                }
            }
            return false;
        });
    }

    boolean isShownOf(String actual) {
        String pattern = masked(output).lines().map(Shown::pattern).collect(Collectors.joining());
        return Pattern.compile(pattern).matcher(masked(actual).lines().map(line -> line + "\n").collect(Collectors.joining())).matches();
    }

    /** Whether each id that the page shows stands for one printed id, and no other does. Notes those that are new. */
    boolean hasTheIdsOf(String actual, Map<String, String> ids) {
        Iterator<MatchResult> printed = UUID.matcher(actual).results().iterator();
        return UUID.matcher(output).results().allMatch(id -> {
            String now = printed.next().group();
            ids.putIfAbsent(id.group(), now);
            return ids.get(id.group()).equals(now) && Collections.frequency(ids.values(), now) == 1;
        });
    }

    private static String pattern(String line) {
        return line.equals(ELLIPSIS) ? "(?:.*\n)*"
                : Stream.of(line.split(ELLIPSIS, -1)).map(Pattern::quote).collect(Collectors.joining(".*")) + "\n";
    }

    static String masked(String text) {
        return UUID.matcher(text).replaceAll("UUID")
                .replaceAll("20\\d\\d-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?Z", "TIME")
                .replaceAll("20\\d{6}T\\d{6}(\\.\\d+)?Z", "TIME")
                .replaceAll("\\b\\d+\\.\\d s\\b", "SECONDS")
                .replaceAll("\\b[0-9a-f]{12,64}\\b", "HEX")
                .replaceAll("127\\.0\\.0\\.1:\\d+", "127.0.0.1:PORT")
                .replaceAll("(\"(?:millis|attempts)\" : )\\d+", "$1NUMBER");
    }
}
