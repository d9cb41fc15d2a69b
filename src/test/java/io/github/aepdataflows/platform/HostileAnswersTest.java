package io.github.aepdataflows.platform;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.aepdataflows.simulator.Options;
import io.github.aepdataflows.simulator.Simulator;
import io.github.aepdataflows.wire.HostileFront;
import io.github.aepdataflows.wire.HostileFront.Bomb;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Answers that are made to exhaust whoever reads them: none is read to its end, each says nothing, and the next call works. */
class HostileAnswersTest {

    private static final long THE_LIMIT_AND_BUFFERS = 32 * 1024 * 1024;

    @ParameterizedTest
    @EnumSource(Bomb.class)
    void should_refuse_what_is_too_much_and_go_on(Bomb bomb) throws Exception {
        try (Simulator platform = Simulator.start(Options.defaults());
                HostileFront front = new HostileFront(platform.url());
                TimedClient client = TimedClient.start(Map.of("aep.url", front.url(), "aep.token-url", front.url() + "/ims/token/v3"))) {
            front.arm("GET /data", List.of(bomb));
            front.arm("POST /data", List.of(bomb));
            front.arm("POST /ims", List.of(bomb));

            PlatformException token = client.get().orElseThrow();
            assertThat(token.getOutcome()).isEqualTo(Outcome.NOT_SENT);
            assertThat(token).hasMessageContaining(bomb.words());
            PlatformException read = client.get().orElseThrow();
            assertThat(read.getOutcome()).isEqualTo(Outcome.UNKNOWN);
            assertThat(read).hasMessageContaining(bomb.words());
            PlatformException create = client.post().orElseThrow();
            assertThat(create.getOutcome()).isEqualTo(Outcome.UNKNOWN);
            assertThat(create).hasMessageContaining(bomb.words());

            assertThat(front.left()).isZero();
            assertThat(front.taken()).isLessThan(THE_LIMIT_AND_BUFFERS);
            assertThat(client.get()).isEmpty();
            assertThat(client.post()).isEmpty();
        }
    }
}
