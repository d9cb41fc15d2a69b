package io.github.aepdataflows.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.aepdataflows.Rig;
import io.github.aepdataflows.simulator.Options;
import io.github.aepdataflows.simulator.Simulator;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** From nothing to a definition that passes the check, and a mapping that is proposed and never applied by itself. */
class InitCommandTest {

    private static final List<String> GIVEN = List.of("--connector=salesforce", "--base-connection=4cb0c374-d3bb-4557-b139-5712880adc55",
            "--table=Contact", "--schema=Init contacts", "--class=profile",
            "--field-groups=https://ns.adobe.com/xdm/context/profile-person-details", "--dataset=Init contacts");

    @TempDir
    Path here;

    private static Simulator simulator;
    private Terminal terminal;
    private Path file;

    @BeforeAll
    static void startSimulator() throws Exception {
        simulator = Simulator.start(Options.defaults());
    }

    @BeforeEach
    void start() {
        terminal = Terminal.of(simulator, here.resolve("data"));
        file = here.resolve("contacts.yaml");
    }

    @AfterAll
    static void stop() throws Exception {
        simulator.close();
    }

    private int init(String... more) {
        List<String> arguments = new ArrayList<>(List.of("init", "--out=" + file));
        arguments.addAll(Arrays.asList(more));
        return terminal.type(arguments.toArray(String[]::new));
    }

    @Test
    void should_write_a_definition_that_passes_the_check_and_write_over_no_file() throws Exception {
        assertThat(init(GIVEN.toArray(String[]::new))).as(() -> terminal.out() + terminal.err()).isZero();

        JsonNode definition = Rig.yaml(Files.readString(file));
        assertThat(definition.path("mapping").toString()).contains(
                "{\"source\":\"Id\",\"destination\":\"_id\"}", "{\"source\":\"first_name\",\"destination\":\"person.name.firstName\"}");
        assertThat(definition.at("/copy/deltaColumn/name").asText()).isEqualTo("updatedAt");
        assertThat(definition.at("/source/columns").findValuesAsText("name")).contains("Id", "LastModifiedDate");
        assertThat(terminal.writes()).isEmpty();
        assertThat(terminal.type("check", file.toString())).as(() -> terminal.out()).isZero();

        String before = Files.readString(file);
        assertThat(init(GIVEN.toArray(String[]::new))).isEqualTo(64);
        assertThat(terminal.err()).contains("exists, and init writes over no file");
        assertThat(Files.readString(file)).isEqualTo(before);
    }

    @Test
    void should_name_an_argument_that_is_missing_where_nobody_can_be_asked() {
        assertThat(init("--connector=salesforce", "--base-connection=x")).isEqualTo(64);
        assertThat(terminal.err()).contains("Missing options: --table or --path, --schema, --dataset");
        assertThat(init()).isEqualTo(64);
        assertThat(terminal.err()).contains("Missing options: --connector, --base-connection, --table or --path, --schema, --dataset");
        assertThat(init("--connector=sftp", GIVEN.get(1), GIVEN.get(3), GIVEN.get(6))).isEqualTo(64);
        assertThat(terminal.err()).contains("Missing option: --path" + System.lineSeparator());
    }

    @Test
    void should_ask_for_what_is_missing() throws Exception {
        terminal.answering(Map.of("connector: ", "salesforce", "table: ", "Contact"));

        assertThat(init(GIVEN.subList(1, 2).get(0), GIVEN.get(3), GIVEN.get(4), GIVEN.get(5), GIVEN.get(6)))
                .as(() -> terminal.out() + terminal.err()).isZero();

        assertThat(Files.readString(file)).contains("tableName: Contact");
    }

    @Test
    void should_say_what_the_platform_does_not_have_and_write_nothing() {
        assertThat(init("--connector=salesforce", GIVEN.get(1), "--table=Contcat", GIVEN.get(3), GIVEN.get(4), GIVEN.get(5), GIVEN.get(6)))
                .isEqualTo(1);

        assertThat(terminal.out()).contains("nothing was written: --table: ").contains("Contact");
        assertThat(file).doesNotExist();
    }

    private int changed(String option, String... instead) {
        List<String> arguments = new ArrayList<>(GIVEN);
        arguments.removeIf(each -> each.startsWith(option));
        arguments.addAll(Arrays.asList(instead));
        return init(arguments.toArray(String[]::new));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --base-connection=Salesforc                            | salesforce has no base connection Salesforc; did you mean Salesforce?
            --base-connection=HubSpot                              | HubSpot is a connection to another source than salesforce
            --base-connection=2fce94c1-9a93-4971-8e94-c19a93097129 | HubSpot is a connection to another source than salesforce
            --connector=salesforc                                  | did you mean salesforce?
            --field-groups=Demografic Details                      | did you mean Demographic Details?
            --existing-dataset=Nowhere                             | cannot have a schema that is still to be made
            """)
    void should_name_the_option_that_is_wrong(String argument, String words) {
        String option = argument.replaceFirst("=.*", "");

        assertThat(changed(option.equals("--existing-dataset") ? "--dataset" : option, argument)).isEqualTo(1);

        assertThat(terminal.out()).contains("nothing was written: " + option + ": ").contains(words).doesNotContain("target.", "source.");
        assertThat(file).doesNotExist();
    }

    @Test
    void should_say_so_where_there_is_no_file_to_read() {
        assertThat(init("--connector=azure-blob", "--base-connection=blob sample", "--path=/landing/nope.csv", GIVEN.get(3), GIVEN.get(4),
                GIVEN.get(5), GIVEN.get(6))).isEqualTo(1);

        assertThat(terminal.out()).contains("nothing was written: --path: the source has no file /landing/nope.csv");
        assertThat(file).doesNotExist();
    }

    @Test
    void should_take_a_class_and_field_groups_by_their_titles() throws Exception {
        List<String> arguments = new ArrayList<>(GIVEN.subList(0, 4));
        arguments.addAll(List.of("--class=XDM Individual Profile", "--field-groups=Demographic Details", GIVEN.get(6)));

        assertThat(init(arguments.toArray(String[]::new))).as(() -> terminal.out() + terminal.err()).isZero();

        assertThat(Rig.yaml(Files.readString(file)).at("/target/schema/class").asText()).isEqualTo("XDM Individual Profile");
        assertThat(Files.readString(file)).contains("- Demographic Details").contains("person.name.firstName");
    }

    @Test
    void should_take_a_plain_word_for_a_title_where_nothing_has_such_an_id() throws Exception {
        try (Simulator other = Simulator.start(Options.defaults())) {
            terminal = Terminal.of(other, here.resolve("data"));
            init(GIVEN.toArray(String[]::new));
            Files.writeString(file, Files.readString(file).replace("      - https:", "      - {title: loyalty, fields: {points: integer}}\n"
                    + "      - https:"));
            assertThat(terminal.type("apply", file.toString())).as(() -> terminal.out() + terminal.err()).isZero();
            file = here.resolve("other.yaml");

            assertThat(init(GIVEN.get(0), GIVEN.get(1), GIVEN.get(2), "--schema=Other", GIVEN.get(4), "--dataset=Other",
                    "--field-groups=profile-person-details,loyalty")).as(() -> terminal.out() + terminal.err()).isZero();

            assertThat(Rig.yaml(Files.readString(file)).at("/target/schema/fieldGroups").toString())
                    .isEqualTo("[\"https://ns.adobe.com/xdm/context/profile-person-details\",\"loyalty\"]");
        }
    }

    @Test
    void should_describe_files_of_the_landing_zone_without_a_base_connection() throws Exception {
        String[] zone = {"--connector=landing-zone", "--path=dlz-user-container/data8.csv", GIVEN.get(3), GIVEN.get(4), GIVEN.get(5),
            GIVEN.get(6)};

        assertThat(init(zone)).as(() -> terminal.out() + terminal.err()).isZero();

        assertThat(Rig.yaml(Files.readString(file)).path("source").has("baseConnection")).isFalse();
        List<String> more = new ArrayList<>(List.of(zone));
        more.add("--base-connection=x");
        assertThat(init(more.toArray(String[]::new))).isEqualTo(64);
        assertThat(terminal.err()).contains("landing-zone is reached without a base connection; leave out --base-connection");
    }

    @Test
    void should_write_the_parameters_that_a_self_serve_source_needs() throws Exception {
        String[] members = {"--connector=mailchimp-members", "--base-connection=Members", GIVEN.get(3), GIVEN.get(4), GIVEN.get(5),
            GIVEN.get(6)};

        simulator.addBaseConnection(Rig.SANDBOX, "0fce94c1-9a93-4971-8e94-c19a93097120", "Members", "2e8580db-6489-4726-96de-e33f5f60295f");

        assertThat(init(members)).isEqualTo(1);

        assertThat(terminal.out()).contains("contacts.yaml: written").contains("mapping: auto is never applied");
        assertThat(Rig.yaml(Files.readString(file)).at("/source/params/listId").asText()).isEqualTo("FILL-IN");
        assertThat(Files.readString(file)).endsWith("# write the values of params; then plan proposes rules of the mapping\n");
        Files.writeString(file, Files.readString(file).replace("FILL-IN", "10c097ca71"));
        assertThat(terminal.type("plan", file.toString())).isEqualTo(2);
        assertThat(terminal.out()).contains("propose mapping").contains("no field for: list_id");
        List<String> more = new ArrayList<>(List.of(members));
        more.add("--path=/x");
        assertThat(init(more.toArray(String[]::new))).isEqualTo(64);
        assertThat(terminal.err()).contains("mailchimp-members has parameters of its own; leave out --table, --path and --format");
    }

    @Test
    void should_print_the_definition_or_what_was_written_as_json() throws Exception {
        List<String> printed = new ArrayList<>(List.of("init", "--out=-"));
        printed.addAll(GIVEN);
        assertThat(terminal.type(printed.toArray(String[]::new))).isZero();
        assertThat(Rig.yaml(terminal.out()).at("/source/tableName").asText()).isEqualTo("Contact");
        assertThat(terminal.out()).doesNotContain("written");
        printed.set(printed.indexOf(GIVEN.get(2)), "--table=Contcat");
        assertThat(terminal.type(printed.toArray(String[]::new))).isEqualTo(1);
        assertThat(terminal.out()).isEmpty();
        assertThat(terminal.err()).contains("nothing was written: --table: ");

        assertThat(changed("--json", "--json")).isZero();
        assertThat(terminal.json().path("file").asText()).isEqualTo(file.toString());
        assertThat(terminal.json().path("mapped").asInt()).isEqualTo(3);
        assertThat(terminal.json().path("ok").asBoolean()).isTrue();
        file = here.resolve("other.yaml");
        assertThat(changed("--table", "--table=Contcat", "--json")).isEqualTo(1);
        assertThat(terminal.json().at("/faults/0/path").asText()).isEqualTo("--table");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --none    | --path=/x             | Give either --table or --path
            --none    | --existing-dataset=x  | Give either --dataset or --existing-dataset
            --class   | --name=x              | --field-groups belongs to --class
            """)
    void should_refuse_what_would_be_ignored(String without, String with, String words) {
        assertThat(changed(without, with)).isEqualTo(64);
        assertThat(terminal.err()).contains(words);
    }

    @Test
    void should_refuse_a_folder_that_does_not_exist() {
        file = here.resolve("nowhere").resolve("contacts.yaml");

        assertThat(changed("--none")).isEqualTo(64);

        assertThat(terminal.err()).contains("the folder %s does not exist".formatted(file.getParent()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"--from", "--to"})
    void should_say_how_an_instant_is_written(String option) {
        assertThat(terminal.type("run-now", "crm", option, "2026-01-01")).isEqualTo(64);
        assertThat(terminal.err()).contains(option + " is an instant, as in 2026-01-01T00:00:00Z");
    }

    @Test
    void should_propose_a_mapping_in_a_plan_and_apply_none() throws Exception {
        init(GIVEN.toArray(String[]::new));
        Path auto = Files.writeString(here.resolve("auto.yaml"), Files.readString(file).replaceAll("(?s)mapping:.*?(?=copy:)",
                "mapping: auto\n"));

        assertThat(terminal.type("plan", auto.toString())).isEqualTo(2);
        assertThat(terminal.out()).contains("  propose mapping: put this in place of auto\nmapping:\n  - {source: Id, destination: _id}\n")
                .contains("# no field for: ");
        assertThat(terminal.type("check", auto.toString())).isEqualTo(1);
        assertThat(terminal.out()).contains("mapping: auto is never applied: let the command plan");
        assertThat(terminal.type("apply", auto.toString())).isEqualTo(1);
        assertThat(terminal.out() + terminal.err()).contains("auto is never applied");
        assertThat(terminal.writes()).isEmpty();
    }
}
