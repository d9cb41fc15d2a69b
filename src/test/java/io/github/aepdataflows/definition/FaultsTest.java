package io.github.aepdataflows.definition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every kind of fault, alone in a definition that is right otherwise: the path, the line and the words a reader needs. */
class FaultsTest {

    @Test
    void should_find_no_fault_in_the_sample() {
        assertThatCode(() -> Sample.read(Sample.YAML)).doesNotThrowAnyException();
    }

    @ParameterizedTest(name = "{0} -> {1}")
    @MethodSource({"keys", "types", "values", "source", "target", "mapping", "schedule", "copy"})
    void should_name_the_one_fault_with_path_line_and_remedy(
            String passage, String replacement, String path, int line, List<String> words) {
        List<Fault> faults = Sample.faults(Sample.with(passage, replacement));

        assertThat(faults).hasSize(1);
        assertThat(faults.get(0).path()).isEqualTo(path);
        assertThat(faults.get(0).line()).isEqualTo(line);
        assertThat(faults.get(0).message()).contains(words);
        assertThat(faults.get(0)).hasToString("line " + line + ": " + path + ": " + faults.get(0).message());
    }

    static Stream<Arguments> keys() {
        return Stream.of(
                arguments("sandbox: prod", "sandbx: prod", "sandbx", 4, List.of("not a key", "did you mean sandbox?")),
                arguments("sandbox: prod", "colour: red", "colour", 4, List.of("not a key", "known are", "apiVersion", "schedule")),
                arguments("sandbox: prod", "'#note': red", "#note", 4, List.of("not a key")),
                arguments("sandbox: prod", "<<: other", "<<", 4, List.of("takes an alias of a mapping")),
                arguments("sandbox: prod", "\"<<\": { name: other }", "<<", 4, List.of("not a key", "known are")),
                arguments("sandbox: prod", "<<: { nmae: other }", "nmae", 4, List.of("not a key", "did you mean name")),
                arguments("  tableName:", "  table_name: x\n  tableName:", "source.table_name", 10, List.of("did you mean tableName?")),
                arguments("{ name: Name, type: string }", "{ name: Name, type: string, kind: x }",
                        "source.columns[1].kind", 13, List.of("not a key", "known are", "format")),
                arguments("    title:", "    xy: 1\n    title:", "target.schema.xy", 17, List.of("known are id, title")),
                arguments("    title:", "    titel: x\n    title:", "target.schema.titel", 17, List.of("did you mean title?")),
                arguments("destination: _id }", "destination: _id, identty: true }", "mapping[0].identty", 24,
                        List.of("did you mean identity?")),
                arguments("timezone: UTC }", "timezone: UTC, timezon: x }", "copy.deltaColumn.timezon", 27,
                        List.of("did you mean timezone?")),
                arguments("partialIngestionPercent: 5", "partialIngestionPercent: 5, percent: 5", "options.percent", 33,
                        List.of("not a key", "partialIngestionPercent")),
                arguments("sandbox: prod", "sandbox: prod\nname: again", "name", 5, List.of("duplicate key", "line 2", "keep one")),
                arguments("  interval: 15", "  interval: 15\n  interval: 5", "schedule.interval", 32, List.of("duplicate key", "line 31")),
                arguments("{ name: Name, type: string }", "{ name: Name, type: string, type: long }",
                        "source.columns[1].type", 13, List.of("duplicate key", "line 13")),
                arguments("sandbox: prod", "sandbox: prod\nstate: gone", "state", 5, List.of("present", "draft", "paused", "absent")),
                arguments("sandbox: prod", "sandbox: prod\nallowReplace: sure", "allowReplace", 5, List.of("boolean")),
                arguments("sandbox: prod", "sandbox: prod\nretire: { dataset: true }", "retire", 5, List.of("belongs to state absent")),
                arguments("sandbox: prod", "state: absent\nretire: { tables: true }", "retire.tables", 5,
                        List.of("known are dataset, schema")),
                arguments("sandbox: prod", "state: absent\nretire: { schema: true }", "retire.schema", 5,
                        List.of("together with its dataset")),
                arguments("apiVersion: aep-dataflows/v1\n", "", "apiVersion", 1, List.of("missing")),
                arguments("name: CRM accounts\n", "", "name", 1, List.of("missing")),
                arguments("  baseConnectionId: 4cb0c374-d3bb-4557-b139-5712880adc55\n", "", "source.baseConnectionId", 5,
                        List.of("missing")),
                arguments("  frequency: minute\n", "", "schedule.frequency", 28, List.of("missing")),
                arguments("{ name: Name, type: string }", "{ name: Name }", "source.columns[1].type", 13, List.of("missing")),
                arguments("{ source: Id, destination: _id }", "{ source: Id }", "mapping[0].destination", 24, List.of("missing")),
                arguments("{ source: Id, destination: _id }", "{ destination: _id }", "mapping[0].source", 24, List.of("missing")),
                arguments("{ name: LastModifiedDate, dateFormat: YYYY-MM-DD,", "{ dateFormat: YYYY-MM-DD,", "copy.deltaColumn.name", 27,
                        List.of("missing")));
    }

    static Stream<Arguments> types() {
        return Stream.of(
                arguments("name: CRM accounts", "name: 5", "name", 2, List.of("5 (number)", "must be string")),
                arguments("name: CRM accounts", "name:", "name", 2, List.of("empty", "must be string")),
                arguments("name: CRM accounts", "name: true", "name", 2, List.of("true (boolean)", "must be string")),
                arguments("description: Accounts of the CRM", "description: [a]", "description", 3, List.of("a list", "must be string")),
                arguments("description: Accounts of the CRM", "description: { a: b }", "description", 3,
                        List.of("a mapping", "must be string")),
                arguments("sandbox: prod", "sandbox: 1", "sandbox", 4, List.of("1 (number)", "must be string")),
                arguments("  tableName: Account", "  tableName: 2024", "source.tableName", 10, List.of("2024 (number)", "must be string")),
                arguments("      - https://ns.adobe.com/xdm/context/profile-person-details", "      - 7", "target.schema.fieldGroups[0]",
                        20,
                        List.of("7 (number)", "must be string")),
                arguments("destination: _id }", "destination: _id, identity: yes }", "mapping[0].identity", 24,
                        List.of("\"yes\" (string)", "must be boolean; write true, without quotes")),
                arguments("destination: _id }", "destination: _id, identityGroup: 1 }", "mapping[0].identityGroup", 24,
                        List.of("1 (number)", "must be string or null")),
                arguments("startTime: 2030-01-01T00:00:00Z", "startTime: true", "schedule.startTime", 29,
                        List.of("true (boolean)", "must be string or integer")),
                arguments("startTime: 2030-01-01T00:00:00Z", "startTime: 1893456000.5", "schedule.startTime", 29,
                        List.of("must be string or integer")),
                arguments("interval: 15", "interval: '15'", "schedule.interval", 31,
                        List.of("\"15\" (string)", "must be integer; write 15, without quotes")),
                arguments("interval: 15", "interval: 15.5", "schedule.interval", 31, List.of("15.5 (number)", "must be integer")),
                arguments("backfill: true", "backfill: 'true'", "schedule.backfill", 32,
                        List.of("\"true\" (string)", "must be boolean; write true, without quotes")),
                arguments("errorDiagnosticsEnabled: true", "errorDiagnosticsEnabled: 1", "options.errorDiagnosticsEnabled", 33,
                        List.of("1 (number)", "must be boolean")),
                arguments("partialIngestionPercent: 5", "partialIngestionPercent: 5%", "options.partialIngestionPercent", 33,
                        List.of("\"5%\" (string)", "must be number")),
                arguments("options: { errorDiagnosticsEnabled: true, partialIngestionPercent: 5 }", "options: on", "options", 33,
                        List.of("\"on\" (string)", "must be a mapping")),
                arguments("mapping:\n  - { source: Id, destination: _id }\n  - { source: Name, destination: person.name.fullName }",
                        "mapping:\n  source: Id\n  destination: _id", "mapping", 23, List.of("a mapping", "must be a list")),
                arguments("columns:\n    - { name: Id, type: string }\n    - { name: Name, type: string }",
                        "columns: { name: Id, type: string }", "source.columns", 11, List.of("a mapping", "must be a list")),
                arguments("columns:\n    - { name: Id, type: string }\n    - { name: Name, type: string }",
                        "columns: Id, Name", "source.columns", 11, List.of("\"Id, Name\" (string)", "must be a list")));
    }

    static Stream<Arguments> values() {
        return Stream.of(
                arguments("aep-dataflows/v1", "aep-dataflows/v2", "apiVersion", 1, List.of("write aep-dataflows/v1")),
                arguments("name: CRM accounts", "name: ''", "name", 2, List.of("letters, digits")),
                arguments("name: CRM accounts", "name: ../../etc/passwd", "name", 2, List.of("../../etc/passwd", "letters, digits")),
                arguments("name: CRM accounts", "name: .hidden", "name", 2, List.of("begin with a letter or digit")),
                arguments("name: CRM accounts", "name: Crème", "name", 2, List.of("Crème", "letters, digits")),
                arguments("name: CRM accounts", "name: \"CRM\\n\"", "name", 2, List.of("letters, digits")),
                arguments("name: CRM accounts", "name: ${env:AEP_CLIENT_SECRET}", "name", 2, List.of("letters, digits")),
                arguments("name: CRM accounts", "name: " + "n".repeat(101), "name", 2, List.of("at most 100 characters")),
                arguments("description: Accounts of the CRM", "description: " + "d".repeat(2001), "description", 3,
                        List.of("2000 characters")),
                arguments("sandbox: prod", "sandbox: dev", "sandbox", 4, List.of("\"dev\"", "sandbox \"prod\"")),
                arguments("4cb0c374-d3bb-4557-b139-5712880adc55", "4cb0c374-d3bb-4557-b139", "source.baseConnectionId", 8,
                        List.of("not a UUID", "8-4-4-4-12")),
                arguments("4cb0c374-d3bb-4557-b139-5712880adc55", "4CB0C374-D3BB-4557-B139-5712880ADC55", "source.baseConnectionId", 8,
                        List.of("not a UUID", "lower-case")),
                arguments("4cb0c374-d3bb-4557-b139-5712880adc55", "\"4cb0c374-d3bb-4557-b139-5712880adc55\\n\"", "source.baseConnectionId",
                        8,
                        List.of("not a UUID")),
                arguments("  name: CRM source", "  name: ''", "source.name", 7, List.of("must not be empty")),
                arguments("  name: CRM source", "  name: " + "n".repeat(256), "source.name", 7, List.of("longer than 255 characters")),
                arguments("  name: CRM source", "  name: \"two\\nlines\"", "source.name", 7, List.of("no line breaks")),
                arguments("  name: CRM source", "  name: \"nul \\0\"", "source.name", 7, List.of("control characters")),
                arguments("{ name: Name, type: string }", "{ name: Name, type: text }", "source.columns[1].type", 13,
                        List.of("\"text\"", "none of", "string, boolean")),
                arguments("{ name: Name, type: string }", "{ name: Name, type: string, format: datetime }", "source.columns[1].format", 13,
                        List.of("\"datetime\"", "date-time")),
                arguments("class: https://ns.adobe.com/xdm/context/profile", "class: http://profile", "target.schema.class", 18,
                        List.of("\"http://profile\"", "https://ns.adobe.com/xdm/context/profile")),
                arguments("      - https://ns.adobe.com/xdm/context/profile-person-details", "      - http://person",
                        "target.schema.fieldGroups[0]", 20,
                        List.of("\"http://person\"", "https://")),
                arguments("partialIngestionPercent: 5", "partialIngestionPercent: 0", "options.partialIngestionPercent", 33,
                        List.of("0 must be more than 0")),
                arguments("partialIngestionPercent: 5", "partialIngestionPercent: 101", "options.partialIngestionPercent", 33,
                        List.of("101 is more than 100")),
                arguments("{ errorDiagnosticsEnabled: true, partialIngestionPercent: 5 }", "{}", "options", 33,
                        List.of("must not be empty")),
                arguments("mapping:\n  - { source: Id, destination: _id }\n  - { source: Name, destination: person.name.fullName }",
                        "mapping: []", "mapping", 23, List.of("must not be empty")));
    }

    static Stream<Arguments> source() {
        return Stream.of(
                arguments("connector: salesforce", "connector: salesfroce", "source.connector", 6,
                        List.of("no connector is called \"salesfroce\"", "did you mean salesforce?")),
                arguments("connector: salesforce", "connector: sap-hana", "source.connector", 6,
                        List.of("no connector is called \"sap-hana\"", "known are adls-gen1, adls-gen2, amazon-redshift", "…")),
                arguments("connector: salesforce", "connector: Oracle", "source.connector", 6,
                        List.of("known are oracle-db, oracle-eloqua, oracle-object-storage, oracle-responsys, oracle-service-cloud")),
                arguments("connector: salesforce", "connector: service-now", "source.connector", 6, List.of("did you mean servicenow?")),
                arguments("connector: salesforce", "connector: google-big-query", "source.connector", 6,
                        List.of("did you mean google-bigquery?")),
                arguments("  connector: salesforce\n", "", "source", 5, List.of("name a connector", "connectionSpecId", "flowSpec")),
                arguments("  connector: salesforce\n", "  connectionSpecId: cfc0fee1-7dc0-40ef-b73e-d8b134c436f5\n", "source", 5,
                        List.of("connectionSpecId together with flowSpec")),
                arguments("connector: salesforce", "connector: salesforce\n  flowSpec: CRMToAEP", "source.connector", 6,
                        List.of("either connector", "not both")),
                arguments("connector: salesforce", "connectionSpecId: cfc0fee1\n  flowSpec: CRMToAEP", "source.connectionSpecId", 6,
                        List.of("not a UUID")),
                arguments("  tableName: Account\n", "", "source", 5, List.of("give tableName", "only one")),
                arguments("tableName: Account", "tableName: Account\n  path: Account", "source", 5,
                        List.of("only one of tableName and path")),
                arguments("tableName: Account", "path: Account", "source.path", 10, List.of("names its table by tableName")),
                arguments("format: tabular", "format: csv", "source.format", 9, List.of("\"csv\"", "none of", "tabular, delimited")),
                arguments("format: tabular", "format: json", "source.format", 9,
                        List.of("json", "CRMToAEP", "parquet_xdm, tabular", "1327-400")),
                arguments("{ name: Name, type: string }", "{ name: Name, type: string }\n    - { name: Id, type: long }",
                        "source.columns[2].name", 14, List.of("column \"Id\"", "line 12", "keep one")));
    }

    static Stream<Arguments> target() {
        return Stream.of(
                arguments("    title: CRM schema\n", "", "target.schema", 16, List.of("either the id", "title")),
                arguments("title: CRM schema", "id: https://ns.adobe.com/acme/schemas/1\n    title: CRM schema", "target.schema", 16,
                        List.of("either the id", "title")),
                arguments("    class: https://ns.adobe.com/xdm/context/profile\n", "", "target.schema", 16, List.of("needs a class")),
                arguments("title: CRM schema", "id: https://ns.adobe.com/acme/schemas/1", "target.schema", 16,
                        List.of("belong to a new schema", "leave them out")),
                arguments("    name: CRM dataset\n", "    {}\n", "target.dataset", 21, List.of("either the id", "name")),
                arguments("    name: CRM dataset", "    id: 5e8b6e8f1a2b3c4d5e6f7a8b\n    name: CRM dataset", "target.dataset", 21,
                        List.of("either the id", "name")),
                arguments("    name: CRM dataset", "    id: 5e8b6e8f1a2b3c4d5e6f7a8b", "target.dataset.id", 22,
                        List.of("existing dataset", "still to be made")));
    }

    static Stream<Arguments> mapping() {
        return Stream.of(
                arguments("source: Name,", "source: Nmae,", "mapping[1].source", 25,
                        List.of("\"Nmae\"", "not among the columns", "did you mean Name?")),
                arguments("source: Name,", "source: Telephone,", "mapping[1].source", 25,
                        List.of("not among the columns", "known are Id, Name")),
                arguments("destination: person.name.fullName", "destination: _id", "mapping[1].destination", 25,
                        List.of("destination \"_id\"", "line 24", "keep one")));
    }

    static Stream<Arguments> schedule() {
        return Stream.of(
                arguments("frequency: minute", "frequency: fortnight", "schedule.frequency", 30,
                        List.of("\"fortnight\"", "none of", "once, minute, hour, day, week")),
                arguments("  interval: 15\n", "", "schedule", 28, List.of("frequency minute", "interval of 15 or more", "1363-400")),
                arguments("interval: 15", "interval: 14", "schedule.interval", 31,
                        List.of("14 is below the minimum of 15", "minute", "1362-400")),
                arguments("interval: 15", "interval: 1e1", "schedule.interval", 31, List.of("is below the minimum of 15")),
                arguments("frequency: minute\n  interval: 15", "frequency: hour\n  interval: 0", "schedule.interval", 31,
                        List.of("0 is below the minimum of 1", "hour")),
                arguments("frequency: minute\n  interval: 15", "frequency: day\n  interval: -1", "schedule.interval", 31,
                        List.of("-1 is below the minimum of 1", "day")),
                arguments("frequency: minute\n  interval: 15", "frequency: week\n  interval: 0", "schedule.interval", 31,
                        List.of("0 is below the minimum of 1", "week")),
                arguments("interval: 15", "interval: 100001", "schedule.interval", 31, List.of("100001 is more than 100000")),
                arguments("2030-01-01T00:00:00Z", "2025-12-31T23:59:59Z", "schedule.startTime", 29,
                        List.of("\"2025-12-31T23:59:59Z\" lies in the past", "1360-400")),
                arguments("2030-01-01T00:00:00Z", "1767225599", "schedule.startTime", 29, List.of("1767225599 lies in the past")),
                arguments("2030-01-01T00:00:00Z", "2026-01-01T00:30:00+01:00", "schedule.startTime", 29, List.of("lies in the past")),
                arguments("2030-01-01T00:00:00Z", "1893456000000", "schedule.startTime", 29, List.of("seconds", "not milliseconds")),
                arguments("2030-01-01T00:00:00Z", "2030-01-01", "schedule.startTime", 29,
                        List.of("\"2030-01-01\" is no instant", "2030-01-01T00:00:00Z")),
                arguments("2030-01-01T00:00:00Z", "tomorrow", "schedule.startTime", 29,
                        List.of("\"tomorrow\" is no instant", "epoch seconds")),
                arguments("2030-01-01T00:00:00Z", "\"1893456000\"", "schedule.startTime", 29, List.of("epoch seconds, without quotes")),
                arguments("2030-01-01T00:00:00Z", "2030-02-30T00:00:00Z", "schedule.startTime", 29, List.of("no instant")),
                arguments("2030-01-01T00:00:00Z", "9223372036854775807", "schedule.startTime", 29, List.of("no instant")),
                arguments("2030-01-01T00:00:00Z", "1e20", "schedule.startTime", 29, List.of("no instant")),
                arguments("2030-01-01T00:00:00Z", "99999999999999999999", "schedule.startTime", 29, List.of("no instant")),
                arguments("2030-01-01T00:00:00Z", "1767225599.0", "schedule.startTime", 29, List.of("lies in the past")));
    }

    static Stream<Arguments> copy() {
        return Stream.of(
                arguments("  deltaColumn: { name: LastModifiedDate, dateFormat: YYYY-MM-DD, timezone: UTC }", "  {}", "copy", 26,
                        List.of("must not be empty")),
                arguments("copy:", "copy:\n  mode: append", "copy.mode", 27, List.of("2020 form", "parquet_xdm", "1368-400")),
                arguments("copy:\n  deltaColumn: { name: LastModifiedDate, dateFormat: YYYY-MM-DD, timezone: UTC }\n", "", "copy", 1,
                        List.of("recurring dataflow needs copy.deltaColumn", "1367-400")),
                arguments("frequency: minute\n  interval: 15\n  backfill: true", "frequency: once", "copy.deltaColumn", 27,
                        List.of("runs once has no delta column", "1369-400")));
    }
}
