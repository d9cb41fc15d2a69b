package io.github.aepdataflows.definition;

import java.util.Collection;
import java.util.Comparator;
import org.apache.commons.text.similarity.LevenshteinDistance;

/** Guesses what a misspelt word was meant to be. */
final class Nearest {

    private static final LevenshteinDistance DISTANCE = LevenshteinDistance.getDefaultInstance();
    private static final int MAX_WORD = 100;

    private Nearest() {
    }

    /** The known word within a slip or two of the finger, or all known words when none is that near. */
    static String suggestion(String word, Collection<String> known) {
        return known.stream()
                .filter(candidate -> word.length() <= MAX_WORD
                        && DISTANCE.apply(candidate, word) <= Math.max(2, candidate.length() / 4))
                .min(Comparator.comparing(candidate -> DISTANCE.apply(candidate, word)))
                .map(candidate -> "did you mean " + candidate + "?")
                .orElse("known are " + String.join(", ", known));
    }
}
