package io.github.aepdataflows.cli;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.github.aepdataflows.Rig;
import io.github.aepdataflows.WriteGuard;
import io.github.aepdataflows.simulator.Options;
import io.github.aepdataflows.simulator.Simulator;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What promises to read only sends no write, whatever it is given, and the Platform is afterwards, to the byte, what it was. */
class ReadingCommandsTest {

    private static final List<String> EXAMPLES = List.of("crm", "customer-success", "marketing-automation");

    @TempDir
    Path here;

    private Simulator simulator;
    private Terminal terminal;
    private Path definitions;

    @BeforeEach
    void start() throws Exception {
        simulator = Simulator.start(Options.defaults().withClientSecret(Rig.MARKER + "&cli"));
        terminal = Terminal.of(simulator, here.resolve("data"));
        definitions = Files.createDirectories(here.resolve("definitions"));
        for (String example : EXAMPLES) {
            Files.writeString(definitions.resolve(example + ".yaml"), Rig.example(example));
        }
    }

    @AfterEach
    void stop() throws Exception {
        simulator.close();
    }

    /** Some with faults, and some that are not what was provisioned. */
    private void edit() throws Exception {
        Files.writeString(definitions.resolve("crm.yaml"), Rig.example("crm").replace("interval: 30", "interval: 45"));
        Files.writeString(definitions.resolve("customer-success.yaml"), Rig.example("customer-success")
                .replaceFirst("(?m)^( *)- \\{ source: .*$", "$1- { source: nowhere, destination: nowhere }"));
        Files.writeString(definitions.resolve("fault.yaml"), Rig.example("crm").replace("interval: 30", "interval: 5"));
        Files.writeString(definitions.resolve("unread.yaml"), "bad: [");
        Files.writeString(definitions.resolve("base.yaml"), Rig.example("crm", "Other").replaceFirst("baseConnectionId: \\S+",
                "baseConnectionId: 00000000-0000-4000-8000-000000000000"));
    }

    private void provisionAll() throws Exception {
        try (Rig rig = Rig.against(simulator, here.resolve("data"),
                Map.of("aep.inbox.enabled", "false", "aep.clock", "#bean:simulatorClock"))) {
            for (String example : EXAMPLES) {
                assertThat(rig.provision(Rig.example(example)).getException()).isNull();
            }
        }
    }

    private void typeAll() {
        List<List<String>> commands = new ArrayList<>();
        for (String command : List.of("check", "plan", "apply --dry-run")) {
            List<String> words = new ArrayList<>(List.of(command.split(" ")));
            words.add(definitions.toString());
            commands.add(words);
        }
        commands.add(List.of("export", "--all", "--out", here.resolve("exported").toString()));
        commands.add(List.of("audit"));
        commands.add(List.of("connectors", "--refresh"));
        commands.add(List.of("status"));
        for (List<String> command : commands) {
            WriteGuard guard = WriteGuard.over(simulator);
            assertThat(terminal.type(command.toArray(String[]::new))).as("%s: %s", command, terminal.err()).isBetween(0, 2);
            assertThat(terminal.err()).as("%s", command).doesNotContain("\tat ");
            assertThat(guard.asked()).as("%s", command).matches(asked -> command.contains("status") == (asked == 0));
            guard.assertNothingWritten();
        }
    }

    @Test
    void should_write_nothing_where_nothing_is_yet() {
        typeAll();
    }

    @Test
    void should_write_nothing_where_all_is_provisioned() throws Exception {
        provisionAll();
        typeAll();
    }

    @Test
    void should_write_nothing_for_definitions_that_were_edited_or_have_faults() throws Exception {
        provisionAll();
        edit();
        typeAll();
    }

    @Test
    void should_write_nothing_where_others_have_resources() throws Exception {
        simulator.seedDemo(Rig.SANDBOX);
        try (Rig other = Rig.against(simulator, here.resolve("other"), Map.of("aep.inbox.enabled", "false"))) {
            assertThat(other.provision(Rig.example("customer-success")).getException()).isNull();   // of the same names, by another ledger
        }
        edit();
        typeAll();
    }

    @Test
    void should_write_nothing_for_definitions_in_the_plan_folder() throws Exception {
        simulator.seedDemo(Rig.SANDBOX);
        provisionAll();
        edit();
        try (Rig rig = Rig.against(simulator, here.resolve("data"), Map.of("aep.clock", "#bean:simulatorClock"))) {
            WriteGuard guard = WriteGuard.over(simulator);
            for (String name : List.of("crm", "customer-success", "marketing-automation", "fault", "unread", "base")) {
                Files.copy(definitions.resolve(name + ".yaml"), rig.folder("plan").resolve(name + ".yaml"));
            }
            await().atMost(60, SECONDS).untilAsserted(() ->
                    assertThat(rig.names("plan")).filteredOn(name -> name.matches(".*\\.(plan|error)\\.json")).hasSize(6));

            assertThat(guard.asked()).isPositive();
            guard.assertNothingWritten();
        }
    }

    @Test
    void should_notice_a_write_and_a_change() throws Exception {
        WriteGuard guard = WriteGuard.over(simulator);
        provisionAll();
        assertThatThrownBy(guard::assertNothingWritten).isInstanceOf(AssertionError.class)
                .hasMessageContaining("POST /data/foundation/flowservice/flows");

        WriteGuard another = WriteGuard.over(simulator);
        another.assertNothingWritten();
        simulator.addBaseConnection(Rig.SANDBOX, "11111111-0000-4000-8000-000000000000", "Another", "cfc0fee1-7dc0-40ef-b73e-d8b134c436f5");
        assertThatThrownBy(another::assertNothingWritten).isInstanceOf(AssertionError.class)
                .hasMessageContaining("11111111-0000-4000-8000");
    }
}
