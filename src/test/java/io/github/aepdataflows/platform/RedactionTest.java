package io.github.aepdataflows.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class RedactionTest {

    private static final String CANARY = "c4nary&\"s/cret\"+100% ü\\u0041%41";

    @ParameterizedTest
    @EnumSource(Spelling.class)
    void should_remove_a_secret_in_every_spelling_and_leave_the_text_around_it(Spelling spelling) {
        String text = "it says [%s], and no more".formatted(spelling.of(CANARY));

        String rest = redaction(CANARY).in(text);

        assertThat(rest).startsWith("it says [").endsWith("], and no more").contains("***");
        assertThat(rest.length()).as(rest).isLessThan(60);
    }

    @ParameterizedTest
    @EnumSource(Spelling.class)
    void should_remove_random_secrets_from_random_texts(Spelling spelling) {
        for (int seed = 0; seed < 60; seed++) {
            Random random = new Random(seed);
            String secret = word(random, 4 + random.nextInt(60));
            String before = word(random, random.nextInt(20)) + " (";
            String after = ") " + word(random, random.nextInt(20));
            String spelled = spelling.of(secret);

            String rest = redaction(secret, word(random, 30)).in(before + spelled + after);

            assertThat(rest).as("%d: %s in %s", seed, secret, before + spelled + after).contains("***").doesNotContain(spelled);
            for (int at = 0; at + 8 <= spelled.length() && secret.length() >= 16; at++) {
                String piece = spelled.substring(at, at + 8);
                assertThat(spelling == Spelling.AS_IT_IS && !before.contains(piece) && !after.contains(piece) && rest.contains(piece))
                        .as("%d: %s of %s in %s", seed, piece, secret, rest).isFalse();
            }
        }
    }

    /** Of everything that people put into passwords, and that an escape can begin or end with. */
    private static String word(Random random, int length) {
        String letters = "abcXYZ0123456789%%&&;#\\\\+ /=-_\"'<>{}[]:.,!?$*()|~^`äöüß€";
        StringBuilder word = new StringBuilder();
        while (word.length() < length) {
            word.append(letters.charAt(random.nextInt(letters.length())));
        }
        return word.toString();
    }

    @ParameterizedTest
    @CsvSource({"15, 6", "16, 8", "40, 8", "2000, 8"})
    void should_leave_only_a_small_part_of_a_secret_that_was_cut(int length, int most) {
        String secret = new Random(length).ints(length, '!', '~').mapToObj(Character::toString).reduce("", String::concat);
        for (int cut = 0; cut <= length; cut += 1 + length / 40) {
            assertThat(redaction(secret).in("refused: " + secret.substring(0, cut))).hasSizeLessThan("refused: ".length() + most);
            assertThat(redaction(secret).in("…" + secret.substring(cut))).hasSizeLessThan(1 + most);
        }
    }

    @Test
    void should_remove_a_short_secret_as_a_whole_and_a_very_short_one_only_where_it_stands_alone() {
        assertThat(redaction("p4ss!").in("xp4ss!x p4ss")).isEqualTo("x***x p4ss");
        assertThat(redaction("abc").in("abc, \"abc\", abcd, dabc, %61bc")).isEqualTo("***, \"***\", abcd, dabc, ***");
        assertThat(redaction("").in("nothing")).isEqualTo("nothing");
    }

    @Test
    void should_leave_a_text_without_a_secret_as_it_is() {
        String text = "{\"id\": \"0f9b8a76-1111-4222-8333-444444444444\", \"text\": \"100% &amp; \\u00fc\"}";

        assertThat(redaction(CANARY, "another secret of ours").in(text)).isEqualTo(text);
    }

    @Test
    void should_remove_a_token_that_nobody_knows() {
        assertThat(redaction("s3cr&t+%").in("secret s3cr&t+% or s3cr%26t%2B%25, Authorization: Bearer abc.def-ghi"))
                .isEqualTo("secret *** or ***, Authorization: Bearer ***");
        String harmless = "auth spec Basic Authentication needs a bearer";
        assertThat(redaction("x").in(harmless)).isEqualTo(harmless);
    }

    @Test
    void should_remove_whole_secrets_from_a_success_and_keep_it_json() throws Exception {
        Redaction redaction = redaction("the \"whole\" secret", "short");
        redaction.learn("AccountName", false);
        String answer = "{\"short\":[1,\"%s\"],\"the \\\"whole\":\"AccountName\",\"none\":null}";

        assertThat(new String(redaction.inSuccess(answer.formatted("a the \\\"whole\\\" secret.").getBytes(StandardCharsets.UTF_8)),
                StandardCharsets.UTF_8)).isEqualTo(answer.formatted("a ***."));
        byte[] harmless = answer.formatted("a").getBytes(StandardCharsets.UTF_8);
        assertThat(redaction.inSuccess(harmless)).isSameAs(harmless);
        assertThat(new String(redaction.inSuccess("no JSON: the \"whole\" secret".getBytes(StandardCharsets.UTF_8)),
                StandardCharsets.UTF_8)).isEqualTo("no JSON: ***");
    }

    @ParameterizedTest
    @EnumSource(Spelling.class)
    void should_remove_it_from_a_success_in_every_spelling(Spelling spelling) {
        String spelled = spelling.of(CANARY);

        byte[] rest = redaction(CANARY).inSuccess(("it says " + spelled).getBytes(StandardCharsets.UTF_8));

        assertThat(new String(rest, StandardCharsets.UTF_8)).startsWith("it says ").contains("***").doesNotContain(spelled);
    }

    @Test
    void should_remember_the_newest_secrets_and_those_of_the_settings() {
        Redaction redaction = redaction("the client's own secret");
        for (int i = 0; i < 600; i++) {
            redaction.learn("learnt secret number " + i + " of several", true);
        }

        assertThat(redaction.in("the client's own secret")).isEqualTo("***");
        assertThat(redaction.in("learnt secret number 599 of several")).isEqualTo("***");
    }

    @Test
    void should_find_a_secret_wherever_it_lies_in_a_long_text() {
        Redaction redaction = redaction(CANARY);
        for (int before : new int[] {0, 65_500, 65_536, 131_060, 200_000}) {
            String text = "-".repeat(before) + Spelling.PERCENT_TWICE.of(CANARY) + "-".repeat(100);

            assertThat(redaction.in(text)).hasSize(before + 103);
            assertThat(redaction.inSuccess(text.getBytes(StandardCharsets.UTF_8))).hasSize(before + 103);
        }
    }

    /** Each would cost minutes or more in a search that goes back. */
    @ParameterizedTest
    @ValueSource(strings = {"a", "%25", "&#0", "\\u005c", "&amp;", "bearer ", "Bearer a", "%", "\\\\", "QUFB", "4141"})
    void should_take_time_in_proportion_to_the_length_of_a_text(String repeated) {
        Redaction redaction = redaction("a".repeat(3000), "%25".repeat(500), "bearer ".repeat(20), CANARY);
        String text = repeated.repeat(300_000 / repeated.length());

        Assertions.assertTimeout(Duration.ofSeconds(10), () -> redaction.in(text));
    }

    private static Redaction redaction(String... secrets) {
        return new Redaction(List.of(secrets));
    }
}
