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
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Definitions as people in the field write them ({@code cases/}), and what a check says of each. */
class CasesTest {

    private static final Path CASES = Path.of("src/test/resources/cases");

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
        "09-explore-as-documented/json-nested", "09-explore-as-documented/json-array", "10-yaml/anchor-top", "10-yaml/merge-key"})
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
    @CsvSource({
        "05-columns-and-delta/delta-tz-bad,  copy.deltaColumn.timezone,   IANA,                  ''",
        "05-columns-and-delta/delta-fmt-bad, copy.deltaColumn.dateFormat, yyyy-MM-dd,            ''",
        "05-columns-and-delta/expr-unknown,  mapping[1].source,           no column FristName,   ${First Name}",
        "05-columns-and-delta/dest-object,   mapping[1].destination,      is an object,          ''",
        "05-columns-and-delta/nested,        mapping[1].source,           no column Name.first,  Name",
        "09-explore-as-documented/json-typo, mapping[0].source,           no column person.nmae, person.name",
        "10-yaml/numeric-column,             mapping[1].source,           put it in quotes,      ''",
        "10-yaml/numeric-name,               name,                        put it in quotes,      ''"})
    void should_refuse(String file, String path, String words, String nearest) throws IOException {
        JsonNode report = checked(file + ".yaml");

        assertThat(report.path("faults")).as(report.toString()).singleElement().satisfies(fault -> {
            assertThat(fault.path("path").asText()).isEqualTo(path);
            assertThat(fault.path("message").asText()).contains(words);
            assertThat(fault.path("nearest").asText()).isEqualTo(nearest);
            assertThat(fault.path("line").asInt()).isPositive();
        });
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
