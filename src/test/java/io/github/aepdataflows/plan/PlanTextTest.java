package io.github.aepdataflows.plan;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;

/** A plan in words. */
class PlanTextTest {

    private static String text(String plan) throws Exception {
        return PlanText.text("x.yaml", new ObjectMapper().readTree(plan.replace('\'', '"')));
    }

    @Test
    void should_name_each_step_that_has_something_to_do_with_what_is_and_what_is_wanted() throws Exception {
        assertThat(text("""
                {'dataflow': 'A', 'empty': false, 'steps': [
                  {'step': 'target-schema', 'id': '1', 'action': 'none', 'changes': []},
                  {'step': 'mapping-set', 'action': 'create', 'changes': []},
                  {'step': 'flow', 'id': '2', 'action': 'update', 'reason': 'why', 'changes': [
                    {'path': 'scheduleParams.interval', 'is': 15, 'wanted': '45'}, {'path': 'description', 'wanted': 'new'},
                    {'path': 'mappings', 'is': [{'source': 'a', 'kind': null}], 'wanted': [{'source': 'b'}]},
                    {'path': 'tags', 'is': ['a'], 'wanted': null}]},
                  {'step': 'source-connection', 'id': '3', 'action': 'delete', 'changes': []}]}
                """)).isEqualTo("""
                x.yaml: A
                  create mapping-set
                  update flow 2
                    scheduleParams.interval: 15 -> "45"
                    description: nothing -> "new"
                    mappings: [{"source":"a"}] -> [{"source":"b"}]
                    tags: ["a"] -> nothing
                    why
                  delete source-connection 3
                """);
    }

    @Test
    void should_say_that_there_are_no_differences() throws Exception {
        assertThat(text("{'dataflow': 'A', 'empty': true, 'steps': []}")).isEqualTo("x.yaml: no differences\n");
    }

    @Test
    void should_not_let_a_name_break_the_line_or_steer_the_terminal() throws Exception {
        assertThat(text("{'dataflow': 'A\\u001b[2J\\nB', 'empty': false, 'steps': []}")).isEqualTo("x.yaml: A?[2J?B\n");
    }
}
