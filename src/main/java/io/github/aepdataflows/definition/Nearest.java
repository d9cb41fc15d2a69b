package io.github.aepdataflows.definition;

import java.util.Collection;
import java.util.Comparator;
import java.util.stream.Collectors;
import org.apache.commons.text.similarity.LevenshteinDistance;

/**
 * A guess what a misspelt word was meant to be.
 *
 * @param word  the known word within a slip or two of the finger; empty when none is that near
 * @param known the known words, shortened
 */
public record Nearest(String word, String known) {

    private static final LevenshteinDistance DISTANCE = LevenshteinDistance.getDefaultInstance();
    private static final int MAX_WORD = 64;
    private static final int MAX_LISTED = 20;

    public static Nearest to(String word, Collection<String> known) {
        return to(word, known, known);
    }

    /** The same with fewer words to show when none is near. */
    static Nearest to(String word, Collection<String> known, Collection<String> shown) {
        return new Nearest(known.stream()
                .filter(candidate -> resembles(word, candidate))
                .min(Comparator.comparing(candidate -> DISTANCE.apply(candidate, word)))
                .orElse(""), listed(shown));
    }

    /** The same, with a guess where none was near. */
    public Nearest orElse(String guess) {
        return word.isEmpty() ? new Nearest(guess, known) : this;
    }

    @Override
    public String toString() {
        return word.isEmpty() ? known.isEmpty() ? "none is known" : "known are " + known : "did you mean " + word + "?";
    }

    /** Compares lengths first: the words come from the file, and a distance costs the product of both lengths. */
    private static boolean resembles(String word, String candidate) {
        int slips = Math.min(Math.max(2, candidate.length() / 4), candidate.length() - 1);
        return word.equalsIgnoreCase(candidate) || word.length() <= MAX_WORD
                && Math.abs(candidate.length() - word.length()) <= slips
                && DISTANCE.apply(candidate, word) <= slips;
    }

    private static String listed(Collection<String> known) {
        return known.stream().filter(word -> word.length() <= MAX_WORD).limit(MAX_LISTED).collect(Collectors.joining(", "))
                + (known.size() > MAX_LISTED ? "…" : "");
    }
}
