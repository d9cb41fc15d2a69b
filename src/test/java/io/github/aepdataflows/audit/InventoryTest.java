package io.github.aepdataflows.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.aepdataflows.ledger.LedgerException;
import io.github.aepdataflows.ledger.RecordedStep;
import io.github.aepdataflows.ledger.Result;
import io.github.aepdataflows.ledger.StepKey;
import io.github.aepdataflows.resource.Kinds;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What the ledger has against what is listed, without either. */
class InventoryTest {

    private static final Inventory.Owners NOBODY = (step, id) -> Optional.empty();

    private static Listing listing(String kind) {
        return Listing.ALL.stream().filter(listing -> listing.has(kind)).findFirst().orElseThrow();
    }

    @Test
    void should_compare_every_kind_in_one_walk_or_with_the_flows() {
        assertThat(Kinds.ALL).filteredOn(kind -> kind != Kinds.FLOW)
                .containsExactlyInAnyOrderElementsOf(Listing.ALL.stream().flatMap(listing -> listing.kinds().stream()).toList());
        assertThat(Listing.ALL).extracting(Listing::path).doesNotHaveDuplicates();
    }

    @Test
    void should_list_only_the_kinds_that_the_ledger_knows_anything_of() {
        Inventory inventory = new Inventory(Map.of("source-schema", Map.of("s", "A"), "mapping-set", Map.of(), "flow", Map.of("f", "A")),
                List.of(repeated("A", "target-dataset", "Orders", "d"), repeated("A", "target-connection", "Orders", "")), List.of(),
                NOBODY);

        assertThat(inventory.listings()).containsExactly(listing("source-schema"), listing("target-dataset"));
    }

    @Test
    void should_name_what_is_not_listed_with_its_step_and_its_dataflow() throws Exception {
        Inventory inventory = new Inventory(Map.of("source-schema", Map.of("s", "A"), "target-schema", Map.of("t", "A", "u", "B")),
                List.of(), List.of(), NOBODY);

        inventory.compare(listing("source-schema"), Map.of("u", "Title", "x", "Title"));

        assertThat(inventory.missing()).containsExactly(new Inventory.Missing("source-schema", "A", "s"),
                new Inventory.Missing("target-schema", "A", "t"));
        assertThat(inventory.missing().get(0).words())
                .isEqualTo("the source schema s of dataflow A is missing: the Platform does not list it any more");
        assertThat(new Inventory.Missing("dataset-connection", "", "c").words()).contains("connection c of the sandbox is missing");
    }

    @Test
    void should_name_duplicates_of_a_repeated_step_only() throws Exception {
        Inventory inventory = new Inventory(Map.of("source-connection", Map.of("a", "A", "b", "B")),
                List.of(repeated("A", "source-connection", "A source", "a")), List.of(), NOBODY);

        inventory.compare(listing("source-connection"), Map.of("a", "A source", "late", "A source", "b", "B source", "hand", "B source"));

        assertThat(inventory.duplicates()).containsExactly(new Inventory.Duplicates("source-connection", "A", "a", List.of("late")));
        assertThat(inventory.missing()).isEmpty();
    }

    @Test
    void should_not_call_a_duplicate_what_the_ledger_knows() throws Exception {
        Inventory inventory = new Inventory(Map.of(), List.of(repeated("A", "source-connection", "Shared name", "a")), List.of(),
                (step, id) -> Optional.of("of B").filter(owner -> step.equals("source-connection") && id.equals("b")));

        inventory.compare(listing("source-connection"), Map.of("a", "Shared name", "b", "Shared name"));

        assertThat(inventory.duplicates()).isEmpty();
    }

    @Test
    void should_leave_a_step_without_a_result_to_the_chain() throws Exception {
        Inventory inventory = new Inventory(Map.of(), List.of(repeated("A", "source-connection", "A source", "")), List.of(), NOBODY);

        inventory.compare(listing("source-connection"), Map.of("late", "A source"));

        assertThat(inventory.duplicates()).isEmpty();
    }

    @Test
    void should_say_nothing_of_a_kind_twice_when_the_ledger_fails_in_between() throws Exception {
        boolean[] failing = {true};
        Inventory inventory = new Inventory(Map.of("target-dataset", Map.of("gone", "A")),
                List.of(repeated("A", "target-dataset", "Orders", "a"), repeated("B", "target-dataset", "Leads", "b")), List.of(),
                (step, id) -> {
                    if (failing[0] && id.equals("late-b")) {
                        throw new LedgerException("the ledger is in use");
                    }
                    return Optional.empty();
                });
        Map<String, String> listed = Map.of("a", "Orders", "late-a", "Orders", "b", "Leads", "late-b", "Leads");
        assertThatThrownBy(() -> inventory.compare(listing("target-dataset"), listed)).hasMessage("the ledger is in use");
        failing[0] = false;

        inventory.compare(listing("target-dataset"), listed);

        assertThat(inventory.duplicates()).extracting(Inventory.Duplicates::dataflow).containsExactly("A", "B");
        assertThat(inventory.missing()).hasSize(1);
    }

    private static RecordedStep repeated(String dataflow, String step, String name, String id) {
        return new RecordedStep(new StepKey(dataflow, step, "digest"), name, id.isEmpty() ? RecordedStep.State.INTENT
                : RecordedStep.State.DONE, 2, true,
                0, 0, id.isEmpty() ? Result.NONE : new Result(id, "", "", "created"));
    }
}
