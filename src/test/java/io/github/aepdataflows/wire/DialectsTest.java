package io.github.aepdataflows.wire;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.aepdataflows.simulator.Dialect;
import io.github.aepdataflows.simulator.Options;
import io.github.aepdataflows.simulator.Simulator;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Exactly one of everything, under every reading of what Adobe's documents leave open: each alone, and many at once as a seed draws them.
 * {@code -Dbench.mixes=1000} for more of them, {@code -Dbench.readings=1} for one reading at a time, {@code -Ddialect=echoed.*} for some
 * alone.
 */
class DialectsTest {

    private static final long SCRAMBLE = 0x9E3779B97F4A7C15L;

    @TempDir
    private Path folder;

    /** Each is in one of them; those of one dialect are never together. */
    static Stream<String> readings() {
        List<String> all = Arrays.stream(Dialect.values()).filter(dialect -> dialect.key().matches(System.getProperty("dialect", ".*")))
                .flatMap(dialect -> dialect.readings().stream().skip(1).map(reading -> dialect.key() + "=" + reading)).toList();
        int lives = (int) Math.ceil(all.size() / Double.parseDouble(System.getProperty("bench.readings", "1")));
        return IntStream.range(0, lives).mapToObj(life -> IntStream.iterate(life, at -> at < all.size(), at -> at + lives)
                .mapToObj(all::get).collect(Collectors.joining(",")));
    }

    static Stream<String> mixes() {
        return LongStream.rangeClosed(1, Integer.getInteger("bench.mixes", 100)).mapToObj(seed -> {
            Random random = new Random(seed * SCRAMBLE);
            return Arrays.stream(Dialect.values()).map(dialect -> dialect.key() + "="
                    + dialect.readings().get(random.nextInt(dialect.readings().size()))).collect(Collectors.joining(","));
        });
    }

    private void live(String dialects, Map<String, String> settings) throws Exception {
        Options options = Options.defaults().withDialects(dialects).withPageSize(3).withReferenceLag(Duration.ofMillis(40));
        try (Life life = new Life(Simulator.start(options), folder, settings)) {
            life.live();
        }
    }

    @ParameterizedTest
    @MethodSource("readings")
    void should_hold_under_each_reading(String dialect) throws Exception {
        live(dialect, Map.of());
    }

    @ParameterizedTest
    @MethodSource("mixes")
    void should_hold_under_any_mix_of_them(String dialects) throws Exception {
        live(dialects, Map.of());
    }

    /** What the control of filters is for. */
    @Test
    void should_not_hold_where_filters_are_believed_that_were_never_seen_to_find_anything() {
        assertThatThrownBy(() -> live("bare-names=unmatched,quoted-names=literal", Map.of("aep.filters.controlled", "false")))
                .isInstanceOf(AssertionError.class);
    }
}
