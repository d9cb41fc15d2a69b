package io.github.aepdataflows.definition;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.time.Duration;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Several definitions in one file. */
class DefinitionFileTest {

    /** Two dataflows; the second one reads another table and has no copy. */
    private static final String LIST = """
            apiVersion: aep-dataflows/v1
            defaults:
              description: Of the CRM
              source:
                connector: salesforce
                baseConnectionId: 4cb0c374-d3bb-4557-b139-5712880adc55
                columns:
                  - { name: Id, type: string }
                  - { name: Name, type: string }
              target:
                schema: { id: "https://ns.adobe.com/acme/schemas/0123456789abcdef" }
                dataset: { id: 5f0d5f2b1c9d440000000001 }
              copy:
                deltaColumn: { name: LastModifiedDate }
              schedule: { frequency: day, interval: 1 }
            dataflows:
              - name: Accounts
                source: { tableName: Account }
                mapping:
                  - { source: Id, destination: _id }
              - name: Leads
                description: Leads only
                source:
                  tableName: Lead
                  columns: [ { name: Id, type: string } ]
                mapping:
                  - { source: Id, destination: _id }
                copy: null
                schedule: { frequency: once, interval: null }
            """;

    @Test
    void should_take_a_file_with_one_definition_as_one() throws Exception {
        List<DefinitionPart> parts = parts(Sample.YAML);

        assertThat(parts).hasSize(1);
        assertThat(parts.get(0).name()).contains("CRM accounts");
        assertThat(flawless(parts.get(0)).digest()).isEqualTo(Sample.read(Sample.YAML).digest());
    }

    @Test
    void should_give_one_definition_another_state_and_change_nothing_else() throws Exception {
        assertThat(paused(Sample.YAML, "CRM accounts")).isEqualTo(Sample.YAML.stripTrailing() + "\nstate: paused\n");
        String again = new String(DefinitionFile.withState(paused(Sample.YAML, "CRM accounts").getBytes(UTF_8), "CRM accounts",
                Definition.State.PRESENT), UTF_8);
        assertThat(again).isEqualTo(Sample.YAML.stripTrailing() + "\nstate: present\n");

        String stream = "---\n" + Sample.YAML + "---\n" + Sample.with("name: CRM accounts", "name: CRM leads");
        for (String several : List.of(LIST.replace("- name: Leads", "- name: CRM leads"), stream)) {
            List<DefinitionPart> parts = parts(paused(several, "CRM leads"));
            assertThat(parts).hasSize(1);
            Definition leads = flawless(parts.get(0));
            assertThat(leads.lifecycle().state()).isEqualTo(Definition.State.PAUSED);
            assertThat(leads.fingerprint().changesSince(flawless(parts(several).get(1)).fingerprint().fields()))
                    .containsExactly("state added");
        }
        assertThatThrownBy(() -> paused(Sample.YAML, "Another")).isInstanceOf(NoSuchElementException.class);
        assertThatThrownBy(() -> paused("a: [", "CRM accounts")).isInstanceOf(NoSuchElementException.class);
        assertThat(paused("{\"name\": \"x\"}", "x")).isEqualToIgnoringWhitespace("{\"name\": \"x\", \"state\": \"paused\"}");
    }

    private static String paused(String text, String dataflow) {
        return new String(DefinitionFile.withState(text.getBytes(UTF_8), dataflow, Definition.State.PAUSED), UTF_8);
    }

    @Test
    void should_read_each_document_of_a_stream() throws Exception {
        List<DefinitionPart> parts = parts("---\n" + Sample.YAML + "---\n# nothing between these\n---\n"
                + Sample.with("name: CRM accounts", "name: CRM leads") + "---\n");

        assertThat(parts).extracting(part -> part.name().orElse("")).containsExactly("CRM accounts", "CRM leads");
        assertThat(flawless(parts.get(0)).digest()).isEqualTo(Sample.read(Sample.YAML).digest());
        assertThat(flawless(parts.get(1)).name()).isEqualTo("CRM leads");
    }

    @Test
    void should_name_the_line_of_the_real_file_in_every_document() {
        List<DefinitionPart> parts = parts(Sample.YAML + "---\n"
                + Sample.with("name: CRM accounts", "name: CRM leads").replace("interval: 15", "interval: 5"));
        int lines = (int) Sample.YAML.lines().count();
        int within = Sample.YAML.lines().toList().indexOf("  interval: 15") + 1;

        assertThat(faults(parts.get(0))).isEmpty();
        assertThat(faults(parts.get(1))).extracting(Fault::path, Fault::line)
                .containsExactly(tuple("schedule.interval", lines + 1 + within));
    }

    @Test
    void should_refuse_only_the_second_of_a_name_and_say_where_the_first_is() {
        List<DefinitionPart> stream = parts(Sample.YAML + "---\n" + Sample.YAML);
        List<DefinitionPart> list = parts(LIST.replace("name: Leads", "name: Accounts"));

        assertThat(faults(stream.get(0))).isEmpty();
        assertThat(faults(stream.get(1))).singleElement().satisfies(fault -> {
            assertThat(fault.path()).isEqualTo("name");
            assertThat(fault.line()).isEqualTo((int) Sample.YAML.lines().count() + 3);
            assertThat(fault.message()).contains("on line 2");
        });
        assertThat(faults(list.get(0))).isEmpty();
        assertThat(faults(list.get(1))).singleElement().satisfies(fault -> {
            assertThat(fault.path()).isEqualTo("dataflows[1].name");
            assertThat(fault.line()).isEqualTo(lineOf("  - name: Leads"));
            assertThat(fault.message()).contains("on line " + lineOf("  - name: Accounts"));
        });
    }

    @Test
    void should_lay_each_entry_over_the_defaults() throws Exception {
        List<DefinitionPart> parts = parts(LIST);
        Definition accounts = flawless(parts.get(0));
        Definition leads = flawless(parts.get(1));

        assertThat(accounts.description()).contains("Of the CRM");
        assertThat(accounts.source().path()).isEqualTo("Account");
        assertThat(accounts.source().columns()).hasSize(2);
        assertThat(accounts.copy()).isPresent();
        assertThat(leads.description()).contains("Leads only");
        assertThat(leads.source().baseConnection().id()).contains("4cb0c374-d3bb-4557-b139-5712880adc55");
        assertThat(leads.source().columns()).as("a list takes the place of another").hasSize(1);
        assertThat(leads.copy()).as("null takes away").isEmpty();
        assertThat(leads.schedule().interval()).isEmpty();
    }

    @Test
    void should_know_an_entry_by_the_digest_of_the_same_definition_written_out() throws Exception {
        String alone = """
                apiVersion: aep-dataflows/v1
                name: Leads
                description: Leads only
                source:
                  connector: salesforce
                  baseConnectionId: 4cb0c374-d3bb-4557-b139-5712880adc55
                  tableName: Lead
                  columns: [ { name: Id, type: string } ]
                target:
                  schema: { id: "https://ns.adobe.com/acme/schemas/0123456789abcdef" }
                  dataset: { id: 5f0d5f2b1c9d440000000001 }
                mapping:
                  - { source: Id, destination: _id }
                schedule: { frequency: once }
                """;

        assertThat(flawless(parts(LIST).get(1)).digest()).isEqualTo(Sample.read(alone).digest());
    }

    @Test
    void should_read_the_same_list_in_json() throws Exception {
        String json = Document.parse(LIST.getBytes(UTF_8)).root().toPrettyString();

        assertThat(flawless(parts(json).get(0)).digest()).isEqualTo(flawless(parts(LIST).get(0)).digest());
        assertThat(flawless(parts(json).get(1)).digest()).isEqualTo(flawless(parts(LIST).get(1)).digest());
    }

    @Test
    void should_name_the_entry_and_the_line_where_a_wrong_value_is_written() {
        List<DefinitionPart> parts = parts(LIST.replace("connector: salesforce", "connector: salesfroce")
                .replace("tableName: Lead", "tableNam: Lead").replace("destination: _id }\n    copy", "destination: 5 }\n    copy"));

        assertThat(faults(parts.get(0))).extracting(Fault::path, Fault::line)
                .containsExactly(tuple("dataflows[0].source.connector", lineOf("    connector: salesforce")));
        assertThat(faults(parts.get(1))).extracting(Fault::path, Fault::line).contains(
                tuple("dataflows[1].source.connector", lineOf("    connector: salesforce")),
                tuple("dataflows[1].source.tableNam", lineOf("      tableName: Lead")),
                tuple("dataflows[1].mapping[0].destination", lineOf("    copy: null") - 1));
    }

    @Test
    void should_name_what_is_wrong_around_the_entries_and_in_them_at_once() {
        String broken = LIST.replace("tableName: Lead", "tableNam: Lead");

        for (String around : List.of(broken + "namee: x\n", broken.replace("apiVersion: aep-dataflows/v1", "apiVersion: v1"))) {
            assertThat(parts(around)).singleElement().satisfies(part -> assertThat(faults(part)).extracting(Fault::path)
                    .containsExactlyInAnyOrder(around.contains("namee") ? "namee" : "apiVersion", "dataflows[1].source",
                            "dataflows[1].source.tableNam"));
        }
        assertThat(faults(parts(broken.replace("defaults:", "default:")).get(0))).extracting(Fault::path, Fault::nearest)
                .containsExactlyInAnyOrder(tuple("default", "defaults"), tuple("dataflows[1].source", ""),
                        tuple("dataflows[1].source.tableNam", "tableName"));
        assertThat(faults(parts(broken.replaceFirst("(?s)defaults:.*dataflows:", "defaults: 5\ndataflows:")).get(0)))
                .as("what is missing there may be meant to be in it").extracting(Fault::path).containsExactly("defaults");
    }

    @Test
    void should_look_for_what_is_missing_in_the_entry() {
        List<DefinitionPart> parts = parts(LIST.replace("    source: { tableName: Account }\n", "    source: { recursive: true }\n"));

        assertThat(faults(parts.get(0))).extracting(Fault::path, Fault::line)
                .contains(tuple("dataflows[0].source", lineOf("    source: { tableName: Account }")));
    }

    @Test
    void should_keep_the_other_entries_when_one_is_no_mapping_or_has_a_key_twice() {
        List<DefinitionPart> parts = parts(LIST + "  - just a word\n  - name: Twice\n    name: Again\n");

        assertThat(parts).hasSize(4);
        assertThat(faults(parts.get(0))).isEmpty();
        assertThat(faults(parts.get(1))).isEmpty();
        assertThat(faults(parts.get(2))).extracting(Fault::path, Fault::message)
                .containsExactly(tuple("dataflows[2]", "must be a mapping of keys to values"));
        assertThat(faults(parts.get(3))).extracting(Fault::path, Fault::message)
                .contains(tuple("dataflows[3].name", "duplicate key, first given on line %d; keep one"
                        .formatted((int) LIST.lines().count() + 2)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void should_refuse_the_whole_file(String text, String path, int line, String words) {
        List<DefinitionPart> parts = parts(text);

        assertThat(parts).hasSize(1);
        assertThat(parts.get(0).name()).isEmpty();
        assertThat(faults(parts.get(0))).anySatisfy(fault -> {
            assertThat(fault.path()).isEqualTo(path);
            assertThat(fault.line()).isEqualTo(line);
            assertThat(fault.message()).contains(words);
        });
    }

    static Stream<Arguments> should_refuse_the_whole_file() {
        int lines = (int) Sample.YAML.lines().count();
        return Stream.of(
                Arguments.of(Sample.YAML + "---\nbad: [\n", "", lines + 2, "not valid YAML"),
                Arguments.of(LIST.replace("apiVersion: aep-dataflows/v1\n", ""), "apiVersion", 1, "is missing"),
                Arguments.of(LIST.replace("dataflows/v1", "dataflows/v2"), "apiVersion", 1, "write aep-dataflows/v1"),
                Arguments.of(LIST + "sandbox: prod\n", "sandbox", (int) LIST.lines().count() + 1, "belongs into defaults"),
                Arguments.of("apiVersion: aep-dataflows/v1\ndefaults: []\ndataflows: {}\n", "defaults", 2, "must be a mapping"),
                Arguments.of("apiVersion: aep-dataflows/v1\ndefaults: []\ndataflows: {}\n", "dataflows", 3, "must be a list"),
                Arguments.of("apiVersion: aep-dataflows/v1\ndataflows: []\n", "dataflows", 2, "must not be empty"),
                Arguments.of("apiVersion: aep-dataflows/v1\ndefaults: {}\n", "dataflows", 1, "is missing"),
                Arguments.of(LIST + "\"dataflows[99999999999]\": 1\n".repeat(2), "dataflows[99999999999]", (int) LIST.lines().count() + 2,
                        "duplicate key"),
                Arguments.of(LIST.replace("defaults:\n", "defaults:\n  description: Twice\n"), "defaults.description", 4, "duplicate key"),
                Arguments.of("apiVersion: aep-dataflows/v1\ndataflows:\n" + "- {}\n".repeat(1001), "", 1003, "more than 1000 definitions"),
                Arguments.of("a: 1\n---\n".repeat(1001), "", 2001, "more than 1000 definitions"),
                Arguments.of("a: &x 1\n---\nb: *x\n", "", 3, "stands for nothing"),
                Arguments.of("a: &a 1\n" + "---\na: &a 1\nb: *a\n".repeat(21), "", 64, "more than 20 aliases"),
                Arguments.of("apiVersion: aep-dataflows/v1\ndataflows:\n- {a: [" + "1, ".repeat(10_001) + "]}\n", "", 3,
                        "more than 10000 values"),
                Arguments.of("apiVersion: aep-dataflows/v1\ndataflows:\n" + ("- [" + "1, ".repeat(9_000) + "]\n").repeat(12), "", 14,
                        "more than 100000 values"),
                Arguments.of(Sample.YAML + "#".repeat(1024 * 1024), "", 0, "1048576 bytes"));
    }

    @Test
    void should_hold_a_thousand_definitions_of_usual_size() {
        String all = IntStream.range(0, 1000)
                .mapToObj(n -> "  - { name: Flow %d, source: { tableName: T%d } }\n".formatted(n, n)).collect(Collectors.joining());
        String defaults = LIST.substring(0, LIST.indexOf("dataflows:\n")) + "  mapping: [ { source: Id, destination: _id } ]\n";
        List<DefinitionPart> parts = parts(defaults + "dataflows:\n" + all);

        assertThat(parts).hasSize(1000);
        Assertions.assertTimeoutPreemptively(Duration.ofSeconds(20), () ->
                assertThat(parts).allSatisfy(part -> assertThat(faults(part)).isEmpty()));
    }

    @Test
    void should_refuse_an_entry_that_grows_too_large_with_the_defaults() {
        String many = "[" + "1, ".repeat(6_000) + "]";
        List<DefinitionPart> parts = parts("apiVersion: aep-dataflows/v1\ndefaults: { mapping: %s }\ndataflows:\n- { columns: %s }\n- {}\n"
                .formatted(many, many));

        assertThat(faults(parts.get(0))).extracting(Fault::line, Fault::path).containsExactly(tuple(4, "dataflows[0]"));
    }

    @Test
    void should_come_to_an_end_whatever_has_become_of_the_text() {
        Random random = new Random(20260101);
        for (int n = 0; n < 2000; n++) {
            StringBuilder text = new StringBuilder(n % 2 == 0 ? LIST : Sample.YAML + "---\n" + LIST);
            for (int slips = random.nextInt(4); slips >= 0; slips--) {
                int from = random.nextInt(text.length());
                int to = Math.min(text.length(), from + random.nextInt(40));
                String passage = text.substring(from, to);
                text.replace(from, to, random.nextBoolean() ? "" : random.nextBoolean() ? passage + passage : "null");
            }
            for (DefinitionPart part : parts(text.toString())) {
                DefinitionReader.Draft draft = Sample.draft(part);
                assertThat(draft.definition().isPresent() || !draft.faults().isEmpty()).as(text.toString()).isTrue();
            }
        }
    }

    private static int lineOf(String line) {
        assertThat(LIST.lines()).contains(line);
        return LIST.lines().toList().indexOf(line) + 1;
    }

    private static List<DefinitionPart> parts(String text) {
        return DefinitionFile.parts(text.getBytes(UTF_8));
    }

    private static List<Fault> faults(DefinitionPart part) {
        return Sample.draft(part).faults();
    }

    private static Definition flawless(DefinitionPart part) throws DefinitionException {
        return Sample.draft(part).flawless();
    }
}
