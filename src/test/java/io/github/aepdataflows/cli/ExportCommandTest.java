package io.github.aepdataflows.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import io.github.aepdataflows.Rig;
import io.github.aepdataflows.simulator.Options;
import io.github.aepdataflows.simulator.Simulator;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code export} and {@code adopt}: exit codes, output, files, and not one write at the Platform. */
class ExportCommandTest {

    private static final String CRM = "Dataflow between a CRM system and Platform";

    @TempDir
    Path here;

    private Simulator simulator;
    private Terminal terminal;

    /** What another program, with a ledger of its own, has made. */
    @BeforeEach
    void start() throws Exception {
        simulator = Simulator.start(Options.defaults().withClientSecret(Rig.MARKER + "&cli"));
        terminal = Terminal.of(simulator, here.resolve("data"));
        try (Rig other = Rig.against(simulator, here.resolve("other"), Map.of())) {
            for (String example : List.of("crm", "customer-success")) {
                assertThat(other.provision(Rig.example(example)).getException()).isNull();
            }
        }
    }

    @AfterEach
    void stop() throws Exception {
        simulator.close();
    }

    private List<String> files(String folder) throws Exception {
        try (Stream<Path> files = Files.list(here.resolve(folder))) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private String out(String folder) {
        return "--out=" + here.resolve(folder);
    }

    @Test
    void should_print_the_definition_of_one_flow() {
        int made = terminal.writes().size();

        assertThat(terminal.type("export", CRM)).isZero();
        assertThat(terminal.out()).startsWith("# Exported from flow ")
                .contains("\nname: " + CRM + "\n", "baseConnection: {name: Salesforce}");
        assertThat(terminal.type("export", "--ids", CRM)).isZero();
        assertThat(terminal.out()).contains("baseConnectionId: 4cb0c374-d3bb-4557-b139-5712880adc55");
        assertThat(terminal.type("export", "--portable", CRM)).isZero();
        assertThat(terminal.out()).startsWith("# Exported with all that another sandbox needs.\n")
                .contains("specName: Basic Authentication")
                .contains("    class: https://ns.adobe.com/xdm/context/profile\n").doesNotContain("existing: true");
        assertThat(terminal.type("export", "--portable", "--ids", CRM)).isEqualTo(64);
        assertThat(terminal.err()).contains("Give either --ids or --portable");
        assertThat(terminal.type("export", "nobody")).isEqualTo(1);
        assertThat(terminal.out()).isEmpty();
        assertThat(terminal.err()).contains("flow nobody: the Platform has no flow of that name");
        assertThat(terminal.writes()).hasSize(made);
        assertThat(here.resolve("data")).doesNotExist();
    }

    @Test
    void should_write_a_file_for_each_flow_and_over_none() throws Exception {
        assertThat(terminal.type("export", "--all", out("found"))).isZero();
        assertThat(terminal.out()).contains("2 flows, 2 exported");
        assertThat(files("found")).hasSize(2).contains("dataflow-between-a-crm-system-and-platform.yaml")
                .allMatch(name -> name.matches("[a-z0-9-]+\\.yaml"));

        assertThat(terminal.type("export", "--all", out("found"))).as("they are what they would be").isZero();
        Path crm = here.resolve("found/dataflow-between-a-crm-system-and-platform.yaml");
        String exported = Files.readString(crm);
        Files.writeString(crm, "mine");
        assertThat(terminal.type("export", "--all", out("found"))).isEqualTo(1);
        assertThat(terminal.out()).contains("exists and has another content; --force", "2 flows, 1 exported; not: 1");
        assertThat(crm).hasContent("mine");
        assertThat(terminal.type("export", "--all", "--force", out("found"))).isZero();
        assertThat(crm).hasContent(exported.stripTrailing());
        assertThat(files("found")).hasSize(2);
    }

    @Test
    void should_give_flows_of_one_name_files_of_their_own() throws Exception {
        try (Rig rig = Rig.against(simulator, here.resolve("third"), Map.of())) {
            String third = Rig.example("customer-success", "Third")
                    .replaceFirst("(?m)^name: .*", "name: dataflow BETWEEN-a CRM system and Platform");
            assertThat(rig.provision(third).getException()).isNull();
        }
        assertThat(terminal.type("export", "--all", out("found"))).isZero();
        assertThat(files("found")).contains("dataflow-between-a-crm-system-and-platform.yaml",
                "dataflow-between-a-crm-system-and-platform-2.yaml");
    }

    @Test
    void should_adopt_all_and_then_have_nothing_to_do() throws Exception {
        int made = terminal.writes().size();

        assertThat(terminal.type("adopt", "--all", out("ours"))).isZero();
        assertThat(terminal.out()).contains(CRM + ": adopted, ", "2 flows, 2 in the ledger");
        assertThat(terminal.type("plan", here.resolve("ours").toString())).as(() -> terminal.out()).isZero();
        assertThat(terminal.out()).contains("2 compared, 0 with differences");
        assertThat(terminal.type("status")).isZero();
        assertThat(terminal.out()).contains(CRM);
        assertThat(terminal.type("adopt", "--json", CRM)).isZero();
        assertThat(terminal.json().at("/flows/0/outcome").asText()).isEqualTo("unchanged");
        assertThat(terminal.json().at("/flows/0/definition/name").asText()).isEqualTo(CRM);
        assertThat(terminal.writes()).hasSize(made);
    }

    @Test
    void should_leave_out_what_a_newer_flow_has_replaced_with_and_without_the_ledger() throws Exception {
        String replaced;
        try (Rig other = Rig.against(simulator, here.resolve("other"), Map.of())) {
            replaced = other.apply(Rig.example("crm")).at("/resources/flow").asText();
            simulator.clock().advance(Duration.ofMinutes(1));
            simulator.addTable(Rig.SANDBOX, "4cb0c374-d3bb-4557-b139-5712880adc55", "Lead", (ArrayNode) Rig.json("""
                    [{"name": "first_name", "type": "string"}, {"name": "last_name", "type": "string"},
                     {"name": "email", "type": "string"}]"""));
            assertThat(other.apply(Rig.example("crm").replace("tableName: Contact", "tableName: Lead")
                    + "allowReplace: true\n").path("outcome").asText()).isEqualTo("replaced");
        }
        for (Terminal with : List.of(Terminal.of(simulator, here.resolve("other")), terminal)) {
            assertThat(with.type("export", CRM)).as(with.err()).isZero();
            assertThat(with.out()).contains("tableName: Lead", "name: " + CRM + "\n").doesNotContain("flowName", "Other flows", replaced);
            assertThat(with.type("export", "--all", "--force", out("found"))).isZero();
            assertThat(with.out()).contains("2 flows, 2 exported; left out, because a newer flow has replaced them: 1");
            assertThat(with.type("export", replaced)).isZero();
            assertThat(with.out()).contains("flowName: " + CRM, "name: " + CRM + " " + replaced.substring(0, 8), "state: paused");
        }
    }

    @Test
    void should_adopt_all_flows_of_the_demo_have_nothing_to_do_and_pause_one() throws Exception {
        simulator.seedDemo(Rig.SANDBOX);

        assertThat(terminal.type("adopt", "--all", out("ours"))).as(() -> terminal.out()).isZero();
        assertThat(terminal.out()).contains("7 flows, 7 in the ledger");
        assertThat(terminal.type("plan", here.resolve("ours").toString())).as(() -> terminal.out()).isZero();
        assertThat(terminal.out()).contains("7 compared, 0 with differences");

        Path orders = here.resolve("ours/legacy-orders-import.yaml");
        Files.writeString(orders, "state: paused\n", StandardOpenOption.APPEND);
        assertThat(terminal.type("apply", orders.toString())).as(() -> terminal.out()).isZero();
        assertThat(terminal.out()).contains("disabled flow");
        assertThat(terminal.type("plan", orders.toString())).as(() -> terminal.out()).isZero();
    }

    @Test
    void should_write_no_definition_beside_the_one_that_a_dataflow_was_provisioned_with() throws Exception {
        Terminal others = Terminal.of(simulator, here.resolve("other"));

        assertThat(others.type("adopt", CRM, out("ours"))).isZero();

        assertThat(others.out()).contains(CRM + ": unchanged, with another definition; none is written");
        assertThat(here.resolve("ours")).doesNotExist();
    }

    @Test
    void should_say_what_it_does_not_understand() {
        for (String[] arguments : new String[][] {{"export"}, {"adopt"}, {"export", "a", "b"}, {"export", "--all"},
                {"export", "--all", "a", out("x")}, {"export", "--force", "a"}, {"export", "--nonsense"}}) {
            assertThat(terminal.type(arguments)).isEqualTo(64);
            assertThat(terminal.err()).contains("--help");
        }
        assertThat(here.resolve("x")).doesNotExist();
    }
}
