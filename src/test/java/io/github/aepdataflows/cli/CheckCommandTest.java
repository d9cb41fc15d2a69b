package io.github.aepdataflows.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.aepdataflows.Rig;
import io.github.aepdataflows.export.ByHand;
import io.github.aepdataflows.simulator.Fault;
import io.github.aepdataflows.simulator.Options;
import io.github.aepdataflows.simulator.Simulator;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckCommandTest {

    @TempDir
    Path here;

    private Simulator simulator;
    private Terminal terminal;

    @BeforeEach
    void start() throws Exception {
        simulator = Simulator.start(Options.defaults().withClientSecret(Rig.MARKER + "&cli"));
        terminal = Terminal.of(simulator, here.resolve("data"));
    }

    @AfterEach
    void stop() throws Exception {
        simulator.close();
    }

    private String file(String name, String content) throws Exception {
        Files.createDirectories(here.resolve(name).getParent());
        return Files.writeString(here.resolve(name), content).toString();
    }

    private static String broken() throws Exception {
        return Rig.example("crm").replace("source: first_name", "source: frist_name").replace("interval: 30", "interval: 5");
    }

    @Test
    void should_compare_a_described_field_group_with_the_one_that_exists_without_a_ledger() throws Exception {
        new ByHand(simulator).fieldGroup("Loyalty", "https://ns.adobe.com/xdm/context/profile",
                "{'loyaltyId':{'type':'string'},'points':{'type':'integer'}}");
        String described = Rig.example("crm")
                .replaceFirst("(?m)^( +)fieldGroups: *\\n", "$0$1  - { title: Loyalty, fields: { FIELDS } }\n");

        assertThat(terminal.type("check", file("less.yaml", described.replace("FIELDS", "loyaltyId: string")))).isEqualTo(1);
        assertThat(terminal.out().lines()).anySatisfy(line -> assertThat(line).endsWith("target.schema.fieldGroups[0]: field-group "
                + "(fields.points): a field group only grows: it has points, which the definition has to list"));
        String more = file("more.yaml", described.replace("FIELDS", "loyaltyId: string, points: integer, more: date"));
        assertThat(terminal.type("check", more)).as("whose it is, only a ledger can tell").isZero();
    }

    @Test
    void should_say_ok_send_no_write_and_make_no_folder() throws Exception {
        String crm = file("crm.yaml", Rig.example("crm"));

        assertThat(terminal.type("check", crm)).isZero();

        assertThat(terminal.out().lines()).startsWith(crm + ": ok").endsWith("1 checked, 1 ok; faults: 0, notes: 1")
                .anySatisfy(note -> assertThat(note).matches("\\Q" + crm + "\\E:\\d+: note: source\\.columns: columns of the source .*"));
        assertThat(terminal.writes()).isEmpty();
        assertThat(simulator.requests().count("GET", "/data/.*")).isPositive();
        assertThat(here.resolve("data")).doesNotExist();
    }

    @Test
    void should_name_each_fault_as_compilers_do_and_go_on() throws Exception {
        String bad = file("a.yaml", broken());
        String good = file("b.yaml", Rig.example("customer-success"));

        assertThat(terminal.type("check", bad, good)).isEqualTo(1);

        assertThat(terminal.out().lines()).contains(good + ": ok",
                bad + ":32: mapping[0].source: \"frist_name\" is not among the columns; did you mean first_name?",
                bad + ":40: schedule.interval: 5 is below the minimum of 15 for frequency minute (1362-400)")
                .endsWith("2 checked, 1 ok; faults: 2, notes: 2");
        assertThat(terminal.writes()).isEmpty();
    }

    @Test
    void should_print_one_json_document() throws Exception {
        String bad = file("a.yaml", broken());

        assertThat(terminal.type("check", "--json", bad)).isEqualTo(1);

        JsonNode document = terminal.json();
        assertThat(document.path("ok").asBoolean()).isFalse();
        assertThat(document.at("/counts/faults").asInt()).isEqualTo(2);
        assertThat(document.at("/definitions/0/file").asText()).isEqualTo(bad);
        assertThat(document.at("/definitions/0/faults").findValuesAsText("path")).containsExactly("mapping[0].source", "schedule.interval");
        assertThat(document.at("/definitions/0/faults/0/nearest").asText()).isEqualTo("first_name");
        assertThat(terminal.type("check", "--json", file("b.yaml", Rig.example("crm")))).isZero();
        assertThat(terminal.json().path("ok").asBoolean()).isTrue();
    }

    @Test
    void should_take_the_definitions_of_a_folder_and_pass_over_what_else_lies_there() throws Exception {
        for (String name : new String[] {"crm.yaml", ".crm.yaml", "crm.yaml.receipt.json", "crm.yaml.error.json", "crm.yaml~",
                "more/x.yaml"}) {
            file("definitions/" + name, Rig.example("crm"));
        }
        file("definitions/cs.yml", Rig.example("customer-success"));

        assertThat(terminal.type("check", "--json", here.resolve("definitions").toString())).isZero();

        assertThat(terminal.json().path("definitions").findValuesAsText("file"))
                .containsExactly(here.resolve("definitions/crm.yaml").toString(), here.resolve("definitions/cs.yml").toString());
    }

    @Test
    void should_read_standard_input() throws Exception {
        InputStream before = System.in;
        System.setIn(new ByteArrayInputStream(broken().getBytes(StandardCharsets.UTF_8)));
        try {
            assertThat(terminal.type("check", "-")).isEqualTo(1);
        } finally {
            System.setIn(before);
        }
        assertThat(terminal.out()).contains("<stdin>:32: mapping[0].source:");
    }

    @Test
    void should_fail_for_what_is_not_there_and_check_the_rest() throws Exception {
        String empty = Files.createDirectories(here.resolve("empty")).toString();
        String good = file("b.yaml", Rig.example("customer-success"));

        assertThat(terminal.type("check", here.resolve("no.yaml").toString(), empty, good)).isEqualTo(1);

        assertThat(terminal.out()).contains("no.yaml: there is no such file", empty + ": cannot be read: no definition is in this folder",
                good + ": ok", "could not be checked: 2");
    }

    @Test
    void should_not_ask_for_every_file_again_when_the_platform_does_not_answer() throws Exception {
        simulator.faults().always("GET", ".*", Fault.status(503));

        assertThat(terminal.type("check", file("a.yaml", Rig.example("crm")), file("b.yaml", Rig.example("crm")))).isEqualTo(1);

        assertThat(terminal.out()).contains("a.yaml: could not be checked: ", "503", "b.yaml: not checked: see above")
                .doesNotContain("\tat ");
    }

    @Test
    void should_not_tell_the_secret_when_it_is_refused() throws Exception {
        simulator.faults().always("POST", ".*/token/v3", Fault.answer(401, "application/json",
                "{\"error\":\"" + simulator.options().clientSecret() + "\"}"));

        assertThat(terminal.type("check", file("a.yaml", Rig.example("crm")))).isEqualTo(1);

        assertThat(terminal.out()).contains("could not be checked").doesNotContain(Rig.MARKER);
        assertThat(terminal.err()).doesNotContain(Rig.MARKER);
    }

    @Test
    void should_know_by_the_ledger_that_a_start_in_the_past_is_of_a_dataflow_that_exists() throws Exception {
        String soon = Rig.example("crm").replaceFirst("(?m)^schedule:", "schedule:\n  startTime: " + simulator.clock().instant()
                .plusSeconds(3_600));
        String crm = file("crm.yaml", soon);
        try (Rig rig = Rig.against(simulator, here.resolve("data"), Map.of("aep.clock", "#bean:simulatorClock"))) {
            assertThat(rig.provision(soon).getException()).isNull();
        }
        simulator.clock().advance(Duration.ofHours(2));

        assertThat(terminal.type("check", crm)).as(() -> terminal.out()).isZero();
        assertThat(Terminal.of(simulator, here.resolve("elsewhere")).type("check", crm)).isEqualTo(1);
        assertThat(here.resolve("elsewhere")).doesNotExist();
    }

    @Test
    void should_not_let_a_definition_steer_the_terminal() throws Exception {
        String hostile = file("a.yaml", Rig.example("crm").replace("connector: salesforce", "connector: \"sales\\e[31mforce\""));

        assertThat(terminal.type("check", hostile)).isEqualTo(1);

        assertThat(terminal.out()).contains("source.connector").doesNotContain("\u001b");
    }
}
