package io.github.aepdataflows.operate;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.aepdataflows.Rig;
import java.util.List;
import org.junit.jupiter.api.Test;

class TodoTest {

    @Test
    void should_advise_to_delete_a_flow_that_an_earlier_version_has_left_and_not_to_repeat_its_runs() throws Exception {
        List<Todo> todos = Todo.of(Rig.json("""
            {"flows": [{"id": "a", "name": "Orders", "state": "failed", "reason": "its last run failed", "ours": true},
                       {"id": "b", "name": "Orders", "state": "failed", "reason": "its last run failed", "ours": true}],
             "left": [{"dataflow": "Orders", "kind": "flow", "id": "b"}]}"""));

        String prune = "Delete what earlier versions have left: aep-dataflows prune \"Orders\"";
        assertThat(todos).extracting(Todo::advice).containsExactly(
                "Correct the cause, then repeat its failed runs: aep-dataflows retry \"Orders\"", prune, prune);
        assertThat(todos.get(2).reason()).isEqualTo("a flow of an earlier version is still there");
    }
}
