package io.github.aepdataflows.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file is claimed before it is looked at: nobody can swap it in between. {@code -Dbench.swap-seconds=60}, {@code -Dseed=…}. */
class SwapTest {

    @TempDir
    Path folder;

    @Test
    void should_open_nothing_that_was_swapped_and_let_the_others_get_on() throws Exception {
        SwapRace race = new SwapRace(folder, Long.getLong("seed", 20261126));

        assertThat(race.run(Duration.ofSeconds(Integer.getInteger("bench.swap-seconds", 5)))).isEmpty();
    }
}
