package io.github.aepdataflows.definition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The digest tells whether a file dropped again says the same: it must see every difference and no spelling. */
class DigestTest {

    private static final String JSON = """
            {
              "options": {"partialIngestionPercent": 5, "errorDiagnosticsEnabled": true},
              "schedule": {"backfill": true, "interval": 15, "frequency": "minute", "startTime": "2030-01-01T00:00:00Z"},
              "copy": {"deltaColumn": {"timezone": "UTC", "dateFormat": "YYYY-MM-DD", "name": "LastModifiedDate"}},
              "mapping": [
                {"destination": "_id", "source": "Id"},
                {"destination": "person.name.fullName", "source": "Name"}
              ],
              "target": {
                "dataset": {"name": "CRM dataset"},
                "schema": {
                  "fieldGroups": ["https://ns.adobe.com/xdm/context/profile-person-details"],
                  "class": "https://ns.adobe.com/xdm/context/profile",
                  "title": "CRM schema"
                },
                "name": "CRM target"
              },
              "source": {
                "columns": [{"type": "string", "name": "Id"}, {"type": "string", "name": "Name"}],
                "tableName": "Account",
                "format": "tabular",
                "baseConnectionId": "4cb0c374-d3bb-4557-b139-5712880adc55",
                "name": "CRM source",
                "connector": "salesforce"
              },
              "sandbox": "prod",
              "description": "Accounts of the CRM",
              "name": "CRM accounts",
              "apiVersion": "aep-dataflows/v1"
            }
            """;

    private static final String FLOW_STYLE = """
            {apiVersion: aep-dataflows/v1, name: CRM accounts, description: 'Accounts of the CRM', sandbox: prod,
             source: {connector: salesforce, name: CRM source, baseConnectionId: 4cb0c374-d3bb-4557-b139-5712880adc55,
               format: tabular, tableName: Account, columns: [{name: Id, type: string}, {name: Name, type: string}]},
             target: {name: CRM target, schema: {title: CRM schema, class: 'https://ns.adobe.com/xdm/context/profile',
               fieldGroups: ['https://ns.adobe.com/xdm/context/profile-person-details']}, dataset: {name: CRM dataset}},
             mapping: [{source: Id, destination: _id}, {source: Name, destination: person.name.fullName}],
             copy: {deltaColumn: {name: LastModifiedDate, dateFormat: YYYY-MM-DD, timezone: UTC}},
             schedule: {startTime: '2030-01-01T00:00:00Z', frequency: minute, interval: 15, backfill: true},
             options: {errorDiagnosticsEnabled: true, partialIngestionPercent: 5}}
            """;

    @ParameterizedTest(name = "{0}")
    @MethodSource("spellings")
    void should_read_every_spelling_as_the_same_definition(String how, String text) throws DefinitionException {
        assertThat(Sample.read(text)).usingRecursiveComparison().ignoringFields("faults").isEqualTo(Sample.read(Sample.YAML));
    }

    static Stream<Arguments> spellings() {
        return Stream.of(
                arguments("JSON in another order", JSON),
                arguments("JSON on one line", JSON.replaceAll("\\n\\s*", "")),
                arguments("JSON with escapes", JSON.replace("\"Account\"", "\"\\u0041ccount\"")),
                arguments("JSON after a document marker", "---\n" + JSON),
                arguments("flow style", FLOW_STYLE),
                arguments("flow style after a comment", "# the CRM\n" + FLOW_STYLE),
                arguments("quoted", Sample.with("tableName: Account", "\"tableName\": 'Account'")),
                arguments("folded", Sample.with("description: Accounts of the CRM", "description: >-\n  Accounts\n  of the CRM")),
                arguments("comments and blank lines", "# c\n\n" + Sample.with("sandbox: prod", "sandbox: prod   # c\n\n") + "# c\n"),
                arguments("document markers", "---\n" + Sample.YAML + "...\n"),
                arguments("byte order mark", "\uFEFF" + Sample.YAML),
                arguments("Windows line ends", Sample.YAML.replace("\n", "\r\n")),
                arguments("no line end at the end", Sample.YAML.stripTrailing()),
                arguments("anchor and alias", Sample.with("name: Id, type: string", "name: Id, type: &t string")
                        .replace("name: Name, type: string", "name: Name, type: *t")));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "name: CRM accounts        | name: CRM account",
        "Accounts of the CRM       | accounts of the CRM",
        "name: CRM source          | name: CRM Source",
        "4cb0c374                  | 4cb0c375",
        "type: string              | type: long",
        "destination: _id          | destination: id",
        "destination: _id          | destination: _id, identity: true",
        "interval: 15              | interval: 16",
        "backfill: true            | backfill: false",
        "2030-01-01T00:00:00Z      | 2030-01-01T00:00:01Z",
        "partialIngestionPercent: 5 | partialIngestionPercent: 6"})
    void should_give_other_content_another_digest(String passage, String other) throws DefinitionException {
        assertThat(Sample.read(Sample.with(passage, other)).digest()).isNotEqualTo(Sample.read(Sample.YAML).digest());
    }

    @Test
    void should_give_another_order_of_the_columns_another_digest() throws DefinitionException {
        String text = Sample.with("    - { name: Id, type: string }\n    - { name: Name, type: string }\n",
                "    - { name: Name, type: string }\n    - { name: Id, type: string }\n");

        assertThat(Sample.read(text).digest()).isNotEqualTo(Sample.read(Sample.YAML).digest());
    }

    @Test
    void should_be_a_sha_256_in_hex_that_stays_the_same_from_release_to_release() throws DefinitionException {
        assertThat(Sample.read(Sample.YAML).digest())
                .isEqualTo("5e574d1e8fd58bb7545bcc09c6f866434b55a9dea75ef73dabceded98f3c293d");
    }
}
