package io.github.aepdataflows.platform;

/**
 * Why no definition can get to the Platform.
 *
 * @param state  in one word: {@code credentials-refused}, {@code no-answer}, or {@code breaker-open} where nothing is sent for a while
 * @param reason in a sentence, without a secret
 */
public record Trouble(String state, String reason) {

    static final String CREDENTIALS = "credentials-refused";
    static final String NO_ANSWER = "no-answer";
    static final String BREAKER = "breaker-open";
}
