package io.github.aepdataflows.check;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.aepdataflows.Rig;
import io.github.aepdataflows.simulator.Options;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Definitions as people in the field write them ({@code cases/}), and what a check says of each. */
class CasesTest {

    private static final Path CASES = Path.of("src/test/resources/cases");

    private static final String PINTEREST = "77777777-d3bb-4557-b139-5712880adc55";

    private static Rig rig;

    @BeforeAll
    static void start(@TempDir Path data) throws Exception {
        Path secrets = Files.createDirectories(data.resolve("secrets"));
        Files.writeString(secrets.resolve("k"), "any");
        rig = Rig.start(data, Options.defaults(), Map.of("aep.secrets-dir", secrets.toString()));
    }

    @AfterAll
    static void stop() throws Exception {
        rig.close();
    }

    private static String text(String file) throws IOException {
        return Files.readString(CASES.resolve(file));
    }

    private static JsonNode checked(String file) throws IOException {
        return new Minimal(rig).check(text(file));
    }

    /** Without what every definition is told whose base connection, or whose schema, is still to be made. */
    private static List<JsonNode> notes(JsonNode report) {
        return StreamSupport.stream(report.path("notes").spliterator(), false)
                .filter(note -> !List.of("source.baseConnection", "mapping").contains(note.path("path").asText())).toList();
    }

    static Stream<String> documentedAuth() throws IOException {
        try (Stream<Path> files = Files.list(CASES.resolve("01-auth-as-documented"))) {
            return files.map(file -> CASES.relativize(file).toString()).toList().stream();
        }
    }

    /** By the Platform's own auth specs: {@code connectors.yaml} does not list all of them. */
    @ParameterizedTest
    @MethodSource("documentedAuth")
    void should_let_pass_auth_as_the_platform_describes_it(String file) throws IOException {
        JsonNode report = checked(file);

        assertThat(report.path("ok").asBoolean()).as(report.toString()).isTrue();
        assertThat(notes(report)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "05-columns-and-delta/delta-date", "05-columns-and-delta/bigquery-datefield", "05-columns-and-delta/space-esc",
        "05-columns-and-delta/dot-brace", "09-explore-as-documented/csv", "09-explore-as-documented/wild",
        "09-explore-as-documented/json-nested", "09-explore-as-documented/json-array", "10-yaml/anchor-top", "10-yaml/merge-key",
        "08-other-sources/encoding", "11-profile-without-identity/idmap"})
    void should_let_pass(String file) throws IOException {
        JsonNode report = checked(file + ".yaml");

        assertThat(report.path("ok").asBoolean()).as(report.toString()).isTrue();
        assertThat(notes(report)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "delta-tz,      copy.deltaColumn.timezone, UTC",
        "space,         mapping[1].source,         ${First Name}",
        "hash,          mapping[1].source,         ${Order #}",
        "digits,        mapping[1].source,         ${2024}",
        "dot,           mapping[1].source,         ${Owner.Name}",
        "expr-space,    mapping[1].source,         ${First Name}",
        "reserved-expr, mapping[1].source,         ${new}"})
    void should_let_pass_with_a_note(String file, String path, String words) throws IOException {
        JsonNode report = checked("05-columns-and-delta/" + file + ".yaml");

        assertThat(report.path("ok").asBoolean()).as(report.toString()).isTrue();
        assertThat(notes(report)).singleElement().satisfies(note -> {
            assertThat(note.path("path").asText()).isEqualTo(path);
            assertThat(note.path("message").asText()).contains(words);
        });
    }

    @ParameterizedTest
    @CsvSource({"pathspace, has no file", "regexpath, no file is there yet"})
    void should_let_pass_a_path_of_which_there_is_no_file_yet(String file, String words) throws IOException {
        JsonNode report = checked("08-other-sources/" + file + ".yaml");

        assertThat(report.path("ok").asBoolean()).as(report.toString()).isTrue();
        assertThat(notes(report)).singleElement().satisfies(note -> assertThat(note.path("message").asText()).contains(words));
    }

    @ParameterizedTest
    @CsvSource({"filter, source.filters.format source.filters.value", "tags, tags labels"})
    void should_name_what_a_definition_cannot_say_or_what_it_lacks(String file, String paths) throws IOException {
        assertThat(String.join(" ", checked("08-other-sources/" + file + ".yaml").path("faults").findValuesAsText("path")))
                .isEqualTo(paths);
    }

    /** The documented body of a filter can be said, and an end of a schedule with the column that it needs. */
    @Test
    void should_let_pass_a_documented_filter_and_an_end() throws IOException {
        String filter = text("08-other-sources/filter.yaml").replace("{ type: PQL }",
                "{ type: PQL, format: pql/json, value: { nodeType: fnApply,"
                + " fnName: isNull, params: [ { nodeType: fieldLookup, fieldName: Id } ] } }");
        String end = text("08-other-sources/endtime.yaml") + "copy: { deltaColumn: { name: LastModifiedDate } }\n";

        assertThat(new Minimal(rig).check(filter).path("ok").asBoolean()).isTrue();
        assertThat(new Minimal(rig).check(end).path("ok").asBoolean()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "05-columns-and-delta/delta-tz-bad,  copy.deltaColumn.timezone,   IANA,                  ''",
        "05-columns-and-delta/delta-fmt-bad, copy.deltaColumn.dateFormat, yyyy-MM-dd,            ''",
        "05-columns-and-delta/expr-unknown,  mapping[1].source,           no column FristName,   ${First Name}",
        "05-columns-and-delta/dest-object,   mapping[1].destination,      is an object,          ''",
        "05-columns-and-delta/nested,        mapping[1].source,           no column Name.first,  Name",
        "09-explore-as-documented/json-typo, mapping[0].source,           no column person.nmae, person.name",
        "10-yaml/numeric-column,             mapping[1].source,           put it in quotes,      ''",
        "10-yaml/numeric-name,               name,                        put it in quotes,      ''",
        "08-other-sources/profile,           target.profile,              needs a primary identity, ''",
        "11-profile-without-identity/id,     target.profile,              needs a primary identity, ''",
        "08-other-sources/endtime,           copy,                        needs copy.deltaColumn, ''"})
    void should_refuse(String file, String path, String words, String nearest) throws IOException {
        JsonNode report = checked(file + ".yaml");

        assertThat(report.path("faults")).as(report.toString()).singleElement().satisfies(fault -> {
            assertThat(fault.path("path").asText()).isEqualTo(path);
            assertThat(fault.path("message").asText()).contains(words);
            assertThat(fault.path("nearest").asText()).isEqualTo(nearest);
            assertThat(fault.path("line").asInt()).isPositive();
        });
    }

    /** Free parameters are judged by the Platform's connection spec. */
    @Test
    void should_let_pass_the_parameters_that_a_self_serve_source_describes() throws Exception {
        rig.simulator().addBaseConnection(Rig.SANDBOX, PINTEREST, "Pinterest", "6360f136-5980-4111-8bdf-15d29eab3b5a");
        String ads = text("08-other-sources/pinterest.yaml").replace("f1da3694-38a9-403d-9a36-9438a9203d42", PINTEREST);

        JsonNode report = new Minimal(rig).check(ads);
        assertThat(report.path("ok").asBoolean()).as(report.toString()).isTrue();
        JsonNode wrong = new Minimal(rig).check(ads.replace("object_type: ads", "object_typ: pins"));
        assertThat(wrong.path("faults").findValuesAsText("message")).hasSize(2).anyMatch(text -> text.contains("needs object_type"))
                .anyMatch(text -> text.contains("no such parameter"));
        assertThat(wrong.path("faults").findValuesAsText("nearest")).contains("object_type");
        assertThat(new Minimal(rig).check(ads.replace("object_type: ads", "object_type: pins")).at("/faults/0/path").asText())
                .isEqualTo("source.params.object_type");

        JsonNode receipt = rig.apply(ads.replace("sdk ", "ads ") + "schedule: { frequency: once, startTime: 2035-01-01T00:00:00Z }\n");
        assertThat(rig.resources("sourceConnections").get(rig.resources("sourceConnections").size() - 1).path("params"))
                .isEqualTo(Rig.json("{\"ad_account_id\": \"1\", \"object_type\": \"ads\"}"));
        assertThat(exported(receipt.at("/resources/flow").asText()).at("/source/params/object_type").asText()).isEqualTo("ads");
    }

    private static JsonNode exported(String flow) throws Exception {
        Exchange done = rig.main().getCamelContext().createFluentProducerTemplate().to("direct:aep-export").withBody(flow)
                .request(Exchange.class);
        assertThat(done.getException()).isNull();
        return Rig.yaml(done.getMessage().getBody(String.class));
    }

    @Test
    void should_say_so_where_the_base_connection_is_of_another_source_than_the_parameters() throws Exception {
        assertThat(checked("08-other-sources/pinterest.yaml").at("/faults/0/message").asText()).contains("is of another source");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "sftp-port | specName: Basic Authentication for sftp | specName: Basic Authentication for SFTP"
                + " | specName | no such auth spec | Basic Authentication for sftp | 1415-400",
        "sftp-port | host: sftp.example.com, | '' | params | needs host | '' | 1304-400",
        "sftp-port | folderPath: /in | foldrPath: /in | params.foldrPath | no such parameter | folderPath | ''",
        "sftp-port | port: 2222 | port: ssh | params.port | integer | '' | 1304-400",
        "vertica-host | userName: svc | username: svc | params.username | no such parameter | userName | ''"})
    void should_refuse_auth_that_the_platform_does_not_describe_and_name_the_nearest(String file, String right, String wrong, String path,
            String words, String nearest, String code) throws IOException {
        String definition = text("01-auth-as-documented/" + file + ".yaml");
        assertThat(definition).contains(right);

        JsonNode report = new Minimal(rig).check(definition.replace(right, wrong));

        assertThat(report.path("faults")).as(report.toString()).anySatisfy(fault -> {
            assertThat(fault.path("path").asText()).isEqualTo("source.baseConnection.auth." + path);
            assertThat(fault.path("message").asText()).contains(words);
            assertThat(fault.path("nearest").asText()).isEqualTo(nearest);
            assertThat(fault.path("code").asText()).isEqualTo(code);
        });
    }

    static Stream<String> passing() throws IOException {
        List<String> refused = List.of("delta-tz-bad", "delta-fmt-bad", "expr-unknown", "dest-object", "nested", "json-typo",
                "numeric-column", "numeric-name");
        try (Stream<Path> files = Files.walk(CASES)) {
            return files.filter(file -> file.toString().endsWith(".yaml")).map(file -> CASES.relativize(file).toString())
                    .filter(file -> file.matches("(01|05|09|10)-.*"))
                    .filter(file -> refused.stream().noneMatch(one -> file.endsWith("/" + one + ".yaml")))
                    .sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("passing")
    void should_provision_what_is_let_pass(String file) throws IOException {
        int flows = rig.resources("flows").size();

        JsonNode receipt = rig.apply(text(file));

        assertThat(rig.resources("flows")).hasSize(flows + 1);
        assertThat(rig.resources("mappingSets").get(flows).path("mappings").size()).as(receipt.toString()).isPositive();
    }
}
