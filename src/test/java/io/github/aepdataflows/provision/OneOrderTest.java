package io.github.aepdataflows.provision;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.aepdataflows.ledger.Beginning;
import io.github.aepdataflows.ledger.Result;
import java.time.Duration;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** How long a run is looked for before it is ordered once more. */
class OneOrderTest {

    private final OneOrder order = OneOrder.repetition("f1", "r1", OptionalLong.empty());

    private void begun(Beginning.State state, int attempt) {
        order.begun(new Beginning(state, attempt, Duration.ZERO, Result.NONE),
                new VisibilityWait(Duration.ZERO, Duration.ZERO, Duration.ZERO, System::nanoTime));
    }

    private void lookInVain(int attempt) {
        order.lost(new VisibilityWait(Duration.ZERO, Duration.ZERO, Duration.ZERO, System::nanoTime));
        begun(Beginning.State.UNRESOLVED, attempt);
        while (order.missed().isPresent()) {
            begun(Beginning.State.UNRESOLVED, attempt);
        }
    }

    @Test
    void an_order_that_was_sent_again_is_looked_for_as_long_as_the_first_one() {
        lookInVain(1);
        order.again(2);
        begun(Beginning.State.UNRESOLVED, 2);   // it was answered, which could not be recorded

        assertThat(order.missed()).isPresent();
    }

    @Test
    void an_order_that_was_forgotten_and_begun_anew_is_looked_for_as_long_as_the_first_one() {
        lookInVain(1);
        order.again(2);
        begun(Beginning.State.NEW, 1);
        begun(Beginning.State.UNRESOLVED, 1);

        assertThat(order.missed()).isPresent();
    }
}
