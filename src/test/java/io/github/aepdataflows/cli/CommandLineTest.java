package io.github.aepdataflows.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

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
        for (String command : List.of("run", "check", "audit", "status", "rebuild")) {
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
    void should_complete_every_command() {
        assertThat(terminal.type("generate-completion")).isZero();
        assertThat(terminal.out()).contains("complete -F", "--json").contains(terminal.commandLine().getSubcommands().keySet());
    }

    @Test
    void should_name_missing_settings_and_exit_with_2() {
        for (String command : List.of("audit", "status", "rebuild")) {
            assertThat(terminal.type(command, "--json")).isEqualTo(2);
            assertThat(terminal.err()).contains("AEP_CLIENT_ID", "AEP_SANDBOX", "Nothing was started").doesNotContain("\tat ");
            assertThat(terminal.out()).isEmpty();
        }
    }

    @Test
    void should_be_told_in_the_readme_command_by_command() throws Exception {
        String readme = Files.readString(Path.of("README.md"));
        String section = readme.substring(readme.indexOf("## On the command line"), readme.indexOf("## The folders"));

        for (String command : terminal.commandLine().getSubcommands().keySet()) {
            assertThat(section).contains("`" + command);
        }
        assertThat(section).contains("| 0 |", "| 1 |", "| 2 |", "| 64 |");
    }
}
