package io.github.aepdataflows.definition;

import java.util.Collection;
import java.util.Comparator;
import java.util.stream.Collectors;
import org.apache.commons.text.similarity.LevenshteinDistance;

/** Guesses what a misspelt word was meant to be. */
final class Nearest {

    private static final LevenshteinDistance DISTANCE = LevenshteinDistance.getDefaultInstance();
    private static final int MAX_WORD = 64;
    private static final int MAX_LISTED = 20;

    private Nearest() {
    }

    /** The known word within a slip or two of the finger, or the known words when none is that near. */
    static String suggestion(String word, Collection<String> known) {
        return suggestion(word, known, known);
    }

    /** The same with fewer words to show when none is that near. */
    static String suggestion(String word, Collection<String> known, Collection<String> shown) {
        return known.stream()
                .filter(candidate -> resembles(word, candidate))
                .min(Comparator.comparing(candidate -> DISTANCE.apply(candidate, word)))
                .map(candidate -> "did you mean " + candidate + "?")
                .orElseGet(() -> "known are " + listed(shown));
    }

    /** Compares lengths first: the words come from the file, and a distance costs the product of both lengths. */
    private static boolean resembles(String word, String candidate) {
        int slips = Math.min(Math.max(2, candidate.length() / 4), candidate.length() - 1);
        return word.length() <= MAX_WORD
                && Math.abs(candidate.length() - word.length()) <= slips
                && DISTANCE.apply(candidate, word) <= slips;
    }

    private static String listed(Collection<String> known) {
        return known.stream().filter(word -> word.length() <= MAX_WORD).limit(MAX_LISTED).collect(Collectors.joining(", "))
                + (known.size() > MAX_LISTED ? "…" : "");
    }
}
