package io.github.aepdataflows.definition;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What is laid over the definitions of a sandbox. */
class OverlaysTest {

    @TempDir
    Path folder;

    private DefinitionReader reader;

    @BeforeEach
    void openReader() {
        reader = Sample.reader(Overlays.in(folder.toString(), "prod"));
    }

    @Test
    void should_change_nothing_where_there_is_no_overlay() throws Exception {
        String digest = Sample.read(Sample.YAML).digest();

        assertThat(read(Sample.YAML).digest()).isEqualTo(digest);
        DefinitionReader withoutFolder = Sample.reader(Overlays.in(folder.resolve("none").toString(), "prod"));
        assertThat(withoutFolder.read(Sample.YAML.getBytes(UTF_8), (name, sha) -> false).digest()).isEqualTo(digest);
        for (String nothing : List.of("", "# nothing\n\n", "all:\n", "dataflows: { Other: { description: of another } }")) {
            overlay(nothing);
            assertThat(read(Sample.YAML).digest()).as(nothing).isEqualTo(digest);
        }
        Files.writeString(folder.resolve("dev.yaml"), "all: { description: of another sandbox }");
        assertThat(read(Sample.YAML).digest()).isEqualTo(digest);
    }

    @Test
    void should_lay_what_is_for_all_over_the_definition_and_what_is_for_one_over_that() throws Exception {
        overlay("""
                all:
                  source: { baseConnectionId: null, baseConnection: { name: Salesforce of Acme } }
                  schedule: { interval: 30 }
                  mapping: [ { source: Id, destination: _id } ]
                dataflows:
                  CRM accounts: { schedule: { frequency: day, interval: 2 }, options: null }
                  Other: { schedule: { interval: 3 } }
                """);
        Definition definition = read(Sample.YAML);
        String alone = Sample.with("baseConnectionId: 4cb0c374-d3bb-4557-b139-5712880adc55", "baseConnection: { name: Salesforce of Acme }")
                .replace("  - { source: Name, destination: person.name.fullName }\n", "")
                .replace("frequency: minute\n  interval: 15", "frequency: day\n  interval: 2").replaceAll("options: .*\n", "");

        assertThat(definition.source().baseConnection().name()).isEqualTo("Salesforce of Acme");
        assertThat(definition.digest()).as("that of the same written out").isEqualTo(Sample.read(alone).digest());
    }

    @Test
    void should_read_the_overlay_anew_for_each_definition() throws Exception {
        overlay("all: { description: first }");
        assertThat(read(Sample.YAML).description()).contains("first");

        overlay("all: { description: second }");
        assertThat(read(Sample.YAML).description()).contains("second");
    }

    @Test
    void should_name_the_overlay_and_its_line_for_what_is_wrong_there_and_the_file_for_what_is_wrong_here() throws Exception {
        overlay("""
                all:
                  source:
                    connector: salesfroce
                dataflows:
                  CRM accounts:
                    schedule: { interval: 5 }
                    optoins: {}
                """);
        List<Fault> faults = faults(Sample.with("name: Id, type: string", "name: Id, type: strin"));

        assertThat(faults).extracting(Fault::path, Fault::line)
                .containsExactlyInAnyOrder(tuple("source.connector", 0), tuple("schedule.interval", 0),
                tuple("optoins", 0), tuple("source.columns[0].type", 12));
        assertThat(faults).filteredOn(fault -> fault.path().equals("source.connector")).singleElement().satisfies(fault -> {
            assertThat(fault.message()).startsWith(file() + " line 3: no connector is called").contains("did you mean salesforce?");
            assertThat(fault.nearest()).isEqualTo("salesforce");
        });
        assertThat(faults).extracting(Fault::message).anyMatch(message -> message.startsWith(file() + " line 6: 5 is below"))
                .anyMatch(message -> message.startsWith(file() + " line 7: is not a key"));
    }

    @Test
    void should_say_who_took_away_what_is_missing_now() throws Exception {
        overlay("all:\n  target: null\n");

        assertThat(faults(Sample.YAML)).extracting(Fault::path, Fault::message)
                .containsExactly(tuple("target", file() + " line 2: is missing"));
    }

    @Test
    void should_say_where_a_definition_lacks_something_although_an_overlay_has_a_part_of_it() throws Exception {
        overlay("all:\n  source: { description: of the overlay }\n");

        assertThat(faults(Sample.with("  tableName: Account\n", ""))).extracting(Fault::path, Fault::line)
                .containsExactly(tuple("source", 5));
    }

    @Test
    void should_lay_over_the_entries_of_a_list_after_their_defaults() throws Exception {
        overlay("all: { schedule: { interval: 5 } }\ndataflows: { Two: { schedule: { interval: 45 } } }\n");
        String list = "apiVersion: aep-dataflows/v1\ndefaults:\n"
                + Sample.YAML.replace("apiVersion: aep-dataflows/v1\n", "").replace("name: CRM accounts\n", "").indent(2)
                + "dataflows:\n- { name: One, schedule: { interval: 20 } }\n- { name: Two }\n";
        List<DefinitionPart> parts = DefinitionFile.parts(list.getBytes(UTF_8));

        assertThat(reader.draft(parts.get(0), (name, digest) -> false).faults()).extracting(Fault::path, Fault::message)
                .containsExactly(tuple("dataflows[0].schedule.interval",
                        file() + " line 1: 5 is below the minimum of 15 for frequency minute (1362-400)"));
        assertThat(reader.draft(parts.get(1), (name, digest) -> false).flawless().schedule().interval()).contains(45);
    }

    @Test
    void should_still_refuse_a_definition_of_another_sandbox() throws Exception {
        overlay("all: { sandbox: prod }");

        assertThat(faults(Sample.with("sandbox: prod", "sandbox: dev"))).extracting(Fault::path).contains("sandbox");
    }

    @ParameterizedTest(name = "{1}")
    @MethodSource
    void should_refuse_definitions_while_the_overlay_file_is_wrong(String overlay, String words) throws Exception {
        overlay(overlay);

        assertThat(faults(Sample.YAML)).singleElement().satisfies(fault -> {
            assertThat(fault.line()).isZero();
            assertThat(fault.message()).startsWith(file().toString()).contains(words);
        });
    }

    static Stream<Arguments> should_refuse_definitions_while_the_overlay_file_is_wrong() {
        return Stream.of(
                Arguments.of("all: {}\nal: {}\n", "line 2: al: is not a key of an overlay file; did you mean all?"),
                Arguments.of("all: [", "line 1: not valid YAML"),
                Arguments.of("- all\n", "must be a mapping with the keys all and dataflows"),
                Arguments.of("all: {}\n---\nall: {}\n", "line 3: a second document"),
                Arguments.of("all: 5\n", "line 1: all: must be a mapping of keys of a definition"),
                Arguments.of("dataflows: [ a ]\n", "line 1: dataflows: must be a mapping of names of dataflows"),
                Arguments.of("dataflows:\n  CRM accounts: often\n", "line 2: dataflows.CRM accounts: must be a mapping"),
                Arguments.of("dataflows:\n  Other: often\n", "line 2: dataflows.Other: must be a mapping"),
                Arguments.of("all:\n  name: x\n", "line 2: all.name: cannot be overlaid"),
                Arguments.of("all:\n  apiVersion: x\n", "line 2: all.apiVersion: cannot be overlaid"),
                Arguments.of("all:\n  sandbox: prod\n", "line 2: all.sandbox: cannot be overlaid"),
                Arguments.of("dataflows:\n  Other: { name: x }\n", "line 2: dataflows.Other.name: cannot be overlaid"),
                Arguments.of("all: {}\nall: {}\n", "line 2: all: duplicate key"),
                Arguments.of("all: !x {}\n", "line 1: all: YAML tags"));
    }

    @Test
    void should_not_call_definitions_wrong_while_the_overlay_cannot_be_read() throws Exception {
        Files.createDirectory(folder.resolve("prod.yaml"));

        assertThatThrownBy(() -> faults(Sample.YAML)).isInstanceOf(UnreadableFileException.class)
                .hasMessageStartingWith(file() + " cannot be read");
    }

    private Path file() {
        return folder.resolve("prod.yaml");
    }

    private void overlay(String text) throws IOException {
        Files.writeString(file(), text);
    }

    private Definition read(String text) throws Exception {
        return reader.read(text.getBytes(UTF_8), (name, digest) -> false);
    }

    private List<Fault> faults(String text) throws Exception {
        return reader.draft(text.getBytes(UTF_8), (name, digest) -> false, true).faults();
    }
}
