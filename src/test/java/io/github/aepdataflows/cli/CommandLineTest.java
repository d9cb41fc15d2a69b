package io.github.aepdataflows.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** What the command line understands, and what it says of itself. */
class CommandLineTest {

    private final Terminal terminal = Terminal.unset();

    @Test
    void should_run_without_a_command_and_with_run() {
        assertThat(terminal.type()).isEqualTo(17);
        assertThat(terminal.type("run")).isEqualTo(17);
    }

    @Test
    void should_teach_how_it_is_used() {
        assertThat(terminal.type("--help")).isZero();
        assertThat(terminal.out()).contains("definitions", "data/inbox", "AEP_CLIENT_ID", "AEP_CLIENT_SECRET", "AEP_ORG_ID", "AEP_SANDBOX",
                "Examples", "Exit codes", "64").doesNotContain("\u001b");
        assertThat(terminal.out().lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
        for (Map.Entry<String, CommandLine> command : terminal.commandLine().getSubcommands().entrySet()) {
            assertThat(command.getValue().getCommandSpec().usageMessage().description()).as(command.getKey()).isNotEmpty();
        }
    }

    @Test
    void should_explain_each_command() {
        for (String command : List.of("run", "check", "plan", "apply", "audit", "status", "rebuild")) {
            assertThat(terminal.type(command, "--help")).isZero();
            assertThat(terminal.out()).contains("Usage: aep-dataflows " + command);
            String explained = terminal.out();
            assertThat(terminal.type("help", command)).isZero();
            assertThat(terminal.out()).isEqualTo(explained);
        }
    }

    @Test
    void should_say_its_version() {
        assertThat(terminal.type("--version")).isZero();
        assertThat(terminal.out()).startsWith("aep-dataflows ");
    }

    @Test
    void should_name_the_nearest_of_a_wrong_option_or_command_and_exit_with_64() {
        assertThat(terminal.type("check", "--jsno", "crm.yaml")).isEqualTo(64);
        assertThat(terminal.err()).contains("'--jsno'", "--json", "aep-dataflows check --help");
        assertThat(terminal.type("stauts")).isEqualTo(64);
        assertThat(terminal.err()).contains("'stauts'", "aep-dataflows status");
        assertThat(terminal.type("--frobnicate")).isEqualTo(64);
        assertThat(terminal.type("check")).isEqualTo(64);
        assertThat(terminal.err()).contains("FILE");
        assertThat(terminal.type("audit", "now")).isEqualTo(64);
        assertThat(terminal.out()).isEmpty();
    }

    @Test
    void should_hand_the_simulator_its_own_options() {
        assertThat(terminal.type("simulator", "--port=0", "--demo", "--help")).isZero();
        assertThat(terminal.simulatorArguments()).containsExactly("--port=0", "--demo", "--help");
    }

    @Test
    void should_complete_every_command_and_option_in_a_script_that_bash_takes(@TempDir Path here) throws Exception {
        assertThat(terminal.type("generate-completion")).isZero();
        String script = terminal.out();

        assertThat(script).contains("complete -F", "aep-dataflows");
        for (Map.Entry<String, CommandLine> command : terminal.commandLine().getSubcommands().entrySet()) {
            assertThat(script).containsPattern("(?m)^ *local commands=\"(.* )?" + command.getKey() + "[ \"]");
            String function = "function _picocli_aep-dataflows_" + command.getKey().replaceAll("[^a-z]", "") + "() {";
            assertThat(script).contains(function);
            String body = script.substring(script.indexOf(function), script.indexOf("\n}", script.indexOf(function)));
            for (OptionSpec option : command.getValue().getCommandSpec().options()) {
                assertThat(body).as(command.getKey()).contains(option.names());
            }
        }
        Path file = Files.writeString(here.resolve("completion"), script);
        Process bash = new ProcessBuilder("bash", "-n", file.toString()).redirectErrorStream(true).start();
        assertThat(new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8)).isEmpty();
        assertThat(bash.waitFor()).isZero();
    }

    @Test
    void should_show_with_each_command_an_example_that_it_would_take() {
        for (String command : terminal.commandLine().getSubcommands().keySet()) {
            // the simulator's own help is the simulator's own; ours is another command away
            String[] asked = command.equals("simulator") ? new String[] {"help", command} : new String[] {command, "--help"};
            assertThat(terminal.type(asked)).as(command).isZero();

            List<String> examples = terminal.out().lines().filter(line -> line.matches(" .*\\baep-dataflows " + command + "( .*)?"))
                    .toList();
            assertThat(examples).as(command).isNotEmpty();
            assertThat(terminal.out().lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
            for (String example : examples) {
                String[] words = example.strip().replaceFirst("^.*\\baep-dataflows ", "").replaceFirst("( [|>&]|  |\\)).*", "").split(" ");
                assertThatCode(() -> terminal.commandLine().parseArgs(words)).as(example).doesNotThrowAnyException();
            }
            assertThat(terminal.out()).doesNotContain("\u001b");
        }
    }

    @Test
    void should_name_missing_settings_and_exit_with_2() throws Exception {
        for (String command : List.of("audit", "status", "rebuild")) {
            assertThat(terminal.type(command, "--json")).isEqualTo(2);
            assertThat(terminal.err()).contains("AEP_CLIENT_ID", "AEP_SANDBOX", "Nothing was started").doesNotContain("\tat ");
            assertThat(terminal.json().path("message").asText()).contains("AEP_CLIENT_ID", "AEP_SANDBOX");
        }
    }
}
