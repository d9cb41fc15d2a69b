package io.github.aepdataflows.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.aepdataflows.Rig;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Ansi;

/** A receipt or an error document in words, whatever outcomes they name. */
class AppliedTextTest {

    private static String text(Ansi ansi, String document) throws Exception {
        StringWriter out = new StringWriter();
        CommandLine line = Terminal.unset().commandLine().setOut(new PrintWriter(out)).setColorScheme(Help.defaultColorScheme(ansi));
        JsonNode json = Rig.json(document.replace('\'', '"'));
        new AppliedText(Console.of(line.getCommandSpec())).print(json.path("file").asText(), json);
        return out.toString();
    }

    @Test
    void should_group_the_steps_by_what_was_done_and_leave_out_those_with_which_nothing_was() throws Exception {
        assertThat(text(Ansi.OFF, """
                {'file': 'x.yaml', 'outcome': 'replaced', 'resources': {'flow': 'f1'}, 'steps': [
                  {'step': 'base-connection', 'outcome': 'reused'}, {'step': 'target-schema', 'outcome': 'given'},
                  {'step': 'source-connection', 'outcome': 'replaced'}, {'step': 'target-dataset', 'outcome': 'unchanged'},
                  {'step': 'mapping-set', 'outcome': 'updated'}, {'step': 'flow', 'outcome': 'replaced'},
                  {'step': 'source-schema', 'outcome': 'left'}]}"""))
                .isEqualTo(String.format("x.yaml: replaced: flow f1; replaced source-connection, flow; updated mapping-set; left "
                        + "source-schema%n"));
        assertThat(text(Ansi.OFF, "{'file': 'x.yaml', 'outcome': 'deleted', 'steps': [{'step': 'flow', 'outcome': 'deleted'}]}"))
                .isEqualTo(String.format("x.yaml: deleted; deleted flow%n"));
    }

    @Test
    void should_say_of_what_is_unchanged_only_that() throws Exception {
        assertThat(text(Ansi.OFF, """
                {'file': 'x.yaml', 'outcome': 'unchanged', 'resources': {'flow': 'f1'}, 'steps': [{'step': 'flow', 'outcome': \
                'created'}]}"""))
                .isEqualTo(String.format("x.yaml: unchanged: flow f1%n"));
    }

    @Test
    void should_be_coloured_only_where_there_are_colours() throws Exception {
        String done = "{'file': 'x.yaml', 'outcome': 'created', 'steps': []}";
        String failed = "{'file': 'x.yaml', 'category': 'rejected', 'step': 'flow', 'message': 'no', 'advice': 'Ask.'}";

        assertThat(text(Ansi.OFF, done) + text(Ansi.OFF, failed))
                .isEqualTo(String.format("x.yaml: created%nx.yaml: rejected at step flow: no%n  Ask.%n"));
        assertThat(text(Ansi.ON, done)).contains("\u001b[32m");
        assertThat(text(Ansi.ON, failed)).contains("\u001b[31m");
    }

    @Test
    void should_not_let_a_name_steer_the_terminal() throws Exception {
        assertThat(text(Ansi.OFF, "{'file': 'x\\u001b[2J.yaml', 'category': 'rejected', 'message': 'a\\nb\\u001b'}"))
                .isEqualTo(String.format("x?[2J.yaml: rejected: a?b?%n"));
    }
}
