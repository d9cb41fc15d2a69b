package io.github.aepdataflows.provision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.github.aepdataflows.ledger.Ledger;
import io.github.aepdataflows.ledger.LedgerException;
import io.github.aepdataflows.ledger.UnshownField;
import io.github.aepdataflows.resource.Difference;
import io.github.aepdataflows.resource.Kinds;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ComparisonsTest {

    @TempDir
    Path folder;

    @Test
    void a_field_that_is_not_shown_is_learned_again_when_the_ledger_could_not_keep_it() throws Exception {
        List<Difference> missing = List.of(new Difference("params.columns", MissingNode.getInstance(), TextNode.valueOf("a")));
        Ledger ledger = new Ledger("jdbc:sqlite:" + folder.resolve("ledger.db"), "", "", "org", "dev", Duration.ofMinutes(5));
        Comparisons comparisons = new Comparisons(ledger, null, Clock.systemUTC());
        ledger.open();
        assertThat(comparisons.visible(Kinds.FLOW, missing)).hasSize(1);
        ledger.close();
        assertThatThrownBy(() -> comparisons.learn(Kinds.FLOW, missing)).isInstanceOf(LedgerException.class);

        ledger.open();
        comparisons.learn(Kinds.FLOW, missing);

        assertThat(ledger.unshown()).containsExactly(new UnshownField("flow", "params.columns"));
        assertThat(comparisons.visible(Kinds.FLOW, missing)).isEmpty();
        ledger.close();
    }
}
