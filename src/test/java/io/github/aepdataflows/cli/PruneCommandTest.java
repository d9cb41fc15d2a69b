package io.github.aepdataflows.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import io.github.aepdataflows.Rig;
import io.github.aepdataflows.simulator.Fault;
import io.github.aepdataflows.simulator.Options;
import io.github.aepdataflows.simulator.Simulator;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code status} and {@code prune} of what a version that has failed has left. */
class PruneCommandTest {

    private static final String NAME = "Creating a dataflow for a Customer Success connector";
    private static final String DEFINITION = "customer-success";

    @TempDir
    Path data;

    @Test
    void should_list_what_is_left_and_delete_it() throws Exception {
        try (Simulator simulator = Simulator.start(Options.defaults().withClientSecret(Rig.MARKER + "&prune"))) {
            String left;
            try (Rig rig = Rig.against(simulator, data, Map.of("aep.inbox.enabled", "false"))) {
                String first = Rig.example(DEFINITION).replace("name: updatedAt", "name: CreatedDate");
                simulator.faults().on("POST", "/flows", 1, Fault.status(400));
                assertThat(rig.provision(first).getException()).isNotNull();
                left = rig.resources("sourceConnections").get(0).path("id").asText();
                ArrayNode columns = (ArrayNode) rig.resources("sourceConnections").get(0).at("/params/columns");
                simulator.addTable(Rig.SANDBOX, "f1da3694-38a9-403d-9a36-9438a9203d42", "Other", columns);
                Terminal terminal = Terminal.of(simulator, data);
                assertThat(terminal.type("status")).isZero();   // beside the program
                assertThat(terminal.out()).contains("left: the source-connection %s of dataflow %s: made, but the dataflow is not finished"
                        .formatted(left, NAME), "left: the mapping-set ");
                rig.apply(first.replace("tableName: Account", "tableName: Other"));
            }
            Terminal terminal = Terminal.of(simulator, data);
            String named = "left: the source-connection %s of dataflow %s: made for an earlier version".formatted(left, NAME);
            assertThat(terminal.type("status")).isZero();
            assertThat(terminal.out().lines().filter(line -> line.startsWith("left: "))).containsExactly(named);
            assertThat(terminal.type("status", "--json")).isZero();
            assertThat(terminal.json().at("/left/0/id").asText()).isEqualTo(left);

            int writes = terminal.writes().size();
            assertThat(terminal.type("prune", "--dry-run", NAME)).isZero();
            assertThat(terminal.out().lines()).containsExactly(named, "1 left");
            assertThat(terminal.writes()).hasSize(writes);

            assertThat(terminal.type("prune", NAME)).isZero();
            assertThat(terminal.out().lines()).containsExactly("deleted: the source-connection " + left, "1 deleted, 0 left");
            assertThat(terminal.writes()).hasSize(writes + 1);
            assertThat(terminal.type("prune", "--json", NAME)).isZero();
            assertThat(terminal.json().path("steps")).isEmpty();
            assertThat(terminal.writes()).hasSize(writes + 1);

            assertThat(terminal.type("prune", "Nobody's")).isEqualTo(1);
            assertThat(terminal.err()).isEqualTo("aep-dataflows prune: the ledger has no dataflow Nobody's" + System.lineSeparator());
            assertThat(terminal.type("prune", "--dry-run", "Nobody's")).isEqualTo(1);
            assertThat(terminal.err()).contains("the ledger has no dataflow Nobody's");
        }
    }
}
