package io.github.aepdataflows.definition;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Damaged definitions: each is either still a definition or refused with its faults, never a crash. */
class MutationTest {

    private static final int ROUNDS = 1_000;
    private static final String[] PIECES = {"&a ", "*a", "!!str ", "!", "{", "}", "[", "]", ": ", "- ", "? ", "|\n", ">", "\"", "'", "#",
            "%", "@",
        "`", "---\n", "...\n", "<<: ", "null", "~", "true", "1e999", ".inf", "-", "\t", "\n", "\r", "\0", "\uFEFF", "\u2028", "\\u",
                "\\xzz", ",", "é", "\\"};

    @ParameterizedTest
    @ValueSource(strings = {"crm.yaml", "marketing-automation.yaml", "customer-success.yaml", "crm.json"})
    void should_read_or_refuse_every_mutation(String file) throws IOException {
        byte[] original = original(file);
        int read = 0;
        int refused = 0;
        for (long seed = 0; seed < ROUNDS; seed++) {
            byte[] mutation = mutated(original, new Random(seed));
            String which = "%s with seed %d:%n%s".formatted(file, seed, new String(mutation, UTF_8));
            if (assertTimeoutPreemptively(Duration.ofSeconds(10), () -> isRead(mutation, which), which)) {
                read++;
            } else {
                refused++;
            }
        }
        assertThat(List.of(read, refused)).as("both kinds must occur, else the mutations are too tame or too wild")
                .allMatch(count -> count > ROUNDS / 50);
    }

    private static boolean isRead(byte[] mutation, String which) {
        try {
            return Sample.read(mutation) != null;
        } catch (DefinitionException e) {
            assertThat(e.faults()).as(which).isNotEmpty();
            return false;
        } catch (RuntimeException | Error e) {
            throw new AssertionError(which, e);
        }
    }

    private static byte[] original(String file) throws IOException {
        if (file.endsWith(".json")) {
            byte[] yaml = Files.readAllBytes(Path.of("config/examples", file.replace(".json", ".yaml")));
            return Document.parse(yaml).root().toPrettyString().getBytes(UTF_8);
        }
        return Files.readAllBytes(Path.of("config/examples", file));
    }

    private static byte[] mutated(byte[] original, Random random) {
        byte[] content = original;
        for (int i = random.nextInt(3); i >= 0; i--) {
            content = random.nextBoolean() ? withOtherBytes(content, random) : withOtherLines(content, random);
        }
        return content;
    }

    private static byte[] withOtherBytes(byte[] content, Random random) {
        int at = random.nextInt(content.length);
        switch (random.nextInt(4)) {
            case 0:
                byte[] changed = content.clone();
                changed[at] = (byte) random.nextInt(256);
                return changed;
            case 1:
                return joined(content, at, "", Math.min(content.length, at + 1 + random.nextInt(5)));
            case 2:
                return joined(content, at, PIECES[random.nextInt(PIECES.length)], at);
            default:
                return Arrays.copyOf(content, Math.max(1, at));
        }
    }

    private static byte[] joined(byte[] content, int end, String between, int start) {
        byte[] middle = between.getBytes(UTF_8);
        byte[] joined = Arrays.copyOf(content, end + middle.length + content.length - start);
        System.arraycopy(middle, 0, joined, end, middle.length);
        System.arraycopy(content, start, joined, end + middle.length, content.length - start);
        return joined;
    }

    private static byte[] withOtherLines(byte[] content, Random random) {
        List<String> lines = new ArrayList<>(new String(content, UTF_8).lines().toList());
        int at = random.nextInt(lines.size());
        int other = random.nextInt(lines.size());
        switch (random.nextInt(5)) {
            case 0 -> lines.remove(at);
            case 1 -> lines.add(other, lines.get(at));
            case 2 -> Collections.swap(lines, at, other);
            case 3 -> lines.set(at, " ".repeat(random.nextInt(6)) + lines.get(at).strip());
            default -> lines.set(at, lines.get(at).replaceFirst(": .*",
                    ": " + Matcher.quoteReplacement(PIECES[random.nextInt(PIECES.length)])));
        }
        return lines.stream().collect(Collectors.joining("\n", "", "\n")).getBytes(UTF_8);
    }
}
