package io.github.aepdataflows.definition;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Faults that come together or stand for a whole section: all are told at once, in file order, and none twice. */
class FaultsTogetherTest {

    @Test
    void should_refuse_interval_backfill_and_delta_column_of_a_dataflow_that_runs_once() {
        assertThat(Sample.faults(Sample.with("frequency: minute", "frequency: once"))).extracting(Fault::toString).containsExactly(
                "line 27: copy.deltaColumn: a dataflow that runs once has no delta column; leave copy out (1369-400)",
                "line 31: schedule.interval: a dataflow that runs once has no interval; leave it out (1361-400)",
                "line 32: schedule.backfill: a dataflow that runs once has no backfill; leave it out (1364-400)");
    }

    @Test
    void should_check_a_file_source_by_the_rules_of_its_flow_spec() {
        String text = Sample.with("connector: salesforce",
                "connectionSpecId: ecadc60c-7455-4d87-84dc-2a0e293d997b\n  flowSpec: CloudStorageToAEP");

        assertThat(Sample.faults(text)).extracting(Fault::toString).containsExactly(
                "line 10: source.format: tabular is not a format of flow spec CloudStorageToAEP; "
                        + "use one of delimited, json, parquet (1327-400)",
                "line 11: source.tableName: this source names its files by path",
                "line 27: copy: flow spec CloudStorageToAEP has no Copy transformation; leave it out");
    }

    @Test
    void should_name_no_more_than_some_of_the_known_names() {
        String columns = IntStream.range(0, 500).mapToObj(i -> "    - { name: column%03d, type: string }\n".formatted(i))
                .collect(Collectors.joining());
        String text = Sample.with("    - { name: Id, type: string }\n", "    - { name: Id, type: string }\n" + columns)
                .replace("source: Name,", "source: x,");

        assertThat(Sample.faults(text)).singleElement().extracting(Fault::message).asString()
                .startsWith("\"x\" is not among the columns; known are Id, Name, column000, ").endsWith("column017…");
    }

    @Test
    void should_refuse_frequency_once_in_the_2020_form() {
        String text = Sample.with("format: tabular", "format: parquet_xdm")
                .replace("frequency: minute\n  interval: 15\n  backfill: true", "frequency: once")
                .replaceAll("copy:\n.*\n", "");

        assertThat(Sample.faults(text)).extracting(Fault::path).containsExactly("schedule.frequency");
    }

    @Test
    void should_ask_for_the_columns_of_an_ad_hoc_class() {
        String text = Sample.with("format: tabular", "format: parquet_xdm").replaceAll("  columns:\n.*\n.*\n", "");

        assertThat(Sample.faults(text)).singleElement()
                .satisfies(fault -> assertThat(fault.path()).isEqualTo("source"))
                .satisfies(fault -> assertThat(fault.message()).contains("columns"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"5e8b6e8f1a2b3c4d5e6f7a8", "5E8B6E8F1A2B3C4D5E6F7A8B", "5e8b6e8f1a2b3c4d5e6f7a8b0"})
    void should_refuse_a_malformed_dataset_id(String id) {
        String text = Sample.YAML.replaceAll("  schema:\n.*\n.*\n.*\n.*\n", "  schema: { id: https://ns.adobe.com/acme/schemas/1 }\n")
                .replace("    name: CRM dataset", "    id: " + id);

        assertThat(Sample.faults(text)).containsExactly(
                new Fault("target.dataset.id", 18, "\"" + id + "\": a dataset id has 24 lower-case hex digits"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"source", "target", "mapping"})
    void should_say_just_once_that_a_section_is_missing(String section) {
        String text = Sample.YAML.replaceAll("(?m)^" + section + ":\n(  .*\n)+", "");

        assertThat(Sample.faults(text)).containsExactly(new Fault(section, 1, "is missing"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"source", "target", "mapping", "schedule", "copy"})
    void should_say_just_once_that_a_section_is_of_the_wrong_type(String section) {
        String text = Sample.YAML.replaceAll("(?m)^" + section + ":\n(  .*\n)+", section + ": none\n");

        assertThat(Sample.faults(text)).extracting(Fault::path).containsExactly(section);
    }

    @Test
    void should_name_what_an_empty_object_lacks() {
        assertThat(Sample.faults("{}")).extracting(Fault::path)
                .containsExactly("apiVersion", "mapping", "name", "source", "target");
        assertThat(Sample.faults("{}")).extracting(Fault::line).containsOnly(1);
    }

    @Test
    void should_keep_the_line_of_the_first_when_a_whole_section_is_given_twice() {
        String text = Sample.with("interval: 15", "interval: 5") + "schedule:\n  frequency: hour\n  interval: 1\n";

        assertThat(Sample.faults(text)).extracting(Fault::path, Fault::line)
                .containsExactly(tuple("schedule.interval", 31), tuple("schedule", 34));
    }

    @Test
    void should_report_faults_of_all_kinds_at_once_in_file_order() {
        List<Fault> faults = Sample.faults("""
                apiVersion: v1
                name: CRM/accounts
                name: CRM accounts
                sandbox: !!str dev
                colour: red
                source:
                  connector: salesfroce
                  baseConnectionId: 4cb0c374
                  tableName: Account
                  path: Account
                  columns:
                    - { name: Id, type: text }
                    - { name: Id, type: string }
                target:
                  schema:
                    fieldGroups: [http://person]
                  dataset: {}
                mapping:
                  - { source: Nmae, destination: _id }
                  - { source: Id, destination: _id, identity: yes }
                schedule:
                  startTime: 2020-01-01T00:00:00Z
                  frequency: minute
                  interval: 5
                  backfill: "true"
                """);

        assertThat(faults).extracting(fault -> fault.line() + " " + fault.path()).containsExactly(
                "1 apiVersion",
                "2 name",
                "3 name",
                "4 sandbox",
                "4 sandbox",
                "5 colour",
                "6 source",
                "7 source.connector",
                "8 source.baseConnectionId",
                "12 source.columns[0].type",
                "13 source.columns[1].name",
                "15 target.schema",
                "16 target.schema.fieldGroups[0]",
                "17 target.dataset",
                "19 mapping[0].source",
                "20 mapping[1].destination",
                "20 mapping[1].identity",
                "22 schedule.startTime",
                "24 schedule.interval",
                "25 schedule.backfill");
    }

    @Test
    void should_put_every_fault_on_a_line_of_the_exceptions_message() {
        DefinitionException refused = assertThrows(DefinitionException.class,
                () -> Sample.read(Sample.with("sandbox: prod", "sandbox: dev").replace("interval: 15", "interval: 1")));

        assertThat(refused.getMessage().lines()).hasSize(2).first().asString().startsWith("line 4: sandbox: ");
    }

    @Test
    void should_tell_the_place_of_a_number_that_is_too_large_and_what_else_is_wrong() {
        for (String number : List.of("1e400", "9".repeat(65))) {
            String text = Sample.with("interval: 15", "interval: " + number).replace("connector: salesforce", "connector: salesfroce");
            String json = Document.parse(text.replace(number, "15").getBytes(UTF_8)).root().toString().replace(":15", ":" + number);

            assertThat(Sample.faults(text)).extracting(Fault::path, Fault::line).containsExactly(tuple("source.connector", 6),
                    tuple("schedule.interval", 31));
            assertThat(Sample.faults(json)).extracting(Fault::path).containsExactly("schedule.interval", "source.connector");
        }
        assertThat(Sample.faults(Sample.with("interval: 15", "interval: 99999999999999999999"))).singleElement()
                .satisfies(fault -> assertThat(fault.message()).startsWith("99999999999999999999 is more than 100000"));
    }

    /** What stands there may be a secret: what it is is told, and never its value. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "{ name: 7341 }                                  | name: is a number, but must be string; put it in quotes",
        "{ name: }                                       | name: is empty, but must be string",
        "{ name: [ 7341 ] }                              | name: is a list, but must be string",
        "Sales7341                                       | is a string, but must be a mapping",
        "{ name: x, auth: { specName: true, params: { a: x } } } | auth.specName: is a boolean, but must be string; put it in quotes",
        "{ name: x, auth: { specName: x, params: Sales7341 } }   | auth.params: is a string, but must be a mapping",
        "{ name: x, auth: { specName: x, params: { a: { secret: 7341 } } } } | auth.params.a.secret: is a number, but must be "
            + "string; put it in quotes"})
    void should_say_what_stands_in_a_base_connection_and_not_its_value(String connection, String words) {
        String text = Sample.YAML.replaceAll("baseConnectionId: .*", "baseConnection: " + connection);

        assertThat(Sample.faults(text)).extracting(fault -> (fault.path() + ": " + fault.message()).replace("source.baseConnection", "")
                .replaceFirst("^[.:] ?", "")).contains(words).noneMatch(message -> message.contains("7341"));
    }
}
