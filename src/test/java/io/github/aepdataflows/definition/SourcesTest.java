package io.github.aepdataflows.definition;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.aepdataflows.Rig;
import io.github.aepdataflows.platform.AepHeaders;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A definition for each source in {@code connectors.yaml}, generated from its entry: provisioned as it is, refused with a mistake. */
class SourcesTest {

    private static final Map<String, Connector> CONNECTORS = connectors();

    private static Rig rig;

    @BeforeAll
    static void start(@TempDir Path data) throws Exception {
        rig = Rig.start(data);
        CONNECTORS.forEach((key, connector) ->
                rig.simulator().addBaseConnection(Rig.SANDBOX, baseConnectionId(key), connector.name(), connector.connectionSpecId()));
    }

    @AfterAll
    static void stop() throws Exception {
        rig.close();
    }

    private static Map<String, Connector> connectors() {
        Map<String, Connector> connectors = new TreeMap<>();
        try (InputStream yaml = Files.newInputStream(Sample.CONNECTORS)) {
            Connectors read = Connectors.read(yaml);
            for (String key : read.keys()) {
                connectors.put(key, read.of(Rig.JSON.createObjectNode().put("connector", key)).orElseThrow());
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return connectors;
    }

    private static String baseConnectionId(String key) {
        return UUID.nameUUIDFromBytes(key.getBytes(UTF_8)).toString();
    }

    private static String definition(String name, String key) {
        Connector connector = CONNECTORS.get(key);
        String table = """
              %s: Account
              columns:
                - { name: Id, type: string }
                - { name: Name, type: string }
            """.formatted(connector.params());
        String copy = """
            copy:
              deltaColumn: { name: LastModified, dateFormat: "%s", timezone: UTC }
            """.formatted(connector.deltaDateFormat());
        return """
            apiVersion: aep-dataflows/v1
            name: %1$s
            source:
              connector: %2$s
              baseConnectionId: %3$s
            %4$starget:
              schema:
                title: Schema of %1$s
                class: https://ns.adobe.com/xdm/context/profile
                fieldGroups: [ https://ns.adobe.com/xdm/context/profile-person-details ]
              dataset:
                name: Dataset of %1$s
            mapping:
              - { source: Id, destination: _id }
              - { source: Name, destination: person.name.fullName }
            schedule: { frequency: hour, interval: 1 }
            %5$s""".formatted(name, key, baseConnectionId(key),
                connector.readsTables() ? table : "  path: /landing/accounts.csv\n", connector.readsTables() ? copy : "");
    }

    private static ObjectNode sourceConnectionOf(JsonNode flow) {
        return only("sourceConnections", flow.at("/sourceConnectionIds/0").asText());
    }

    private static ObjectNode only(String collection, String id) {
        List<ObjectNode> found = rig.resources(collection).stream().filter(each -> each.path("id").asText().equals(id)).toList();
        assertThat(found).hasSize(1);
        return found.get(0);
    }

    private static ObjectNode flowOf(Exchange done) {
        assertThat(done.getException()).isNull();
        return only("flows", done.getMessage().getHeader(AepHeaders.FLOW_ID, String.class));
    }

    static Set<String> keys() {
        return CONNECTORS.keySet();
    }

    @ParameterizedTest
    @MethodSource("keys")
    void should_provision_a_dataflow_from_each_source(String key) {
        Connector connector = CONNECTORS.get(key);

        ObjectNode flow = flowOf(rig.provision(definition("Accounts of " + key, key)));

        ObjectNode source = sourceConnectionOf(flow);
        assertThat(flow.path("name").asText()).isEqualTo("Accounts of " + key);
        assertThat(source.at("/connectionSpec/id").asText()).isEqualTo(connector.connectionSpecId());
        assertThat(source.path("baseConnectionId").asText()).isEqualTo(baseConnectionId(key));
        assertThat(source.at("/data/format").asText()).isEqualTo(connector.format());
        if (connector.readsTables()) {
            assertThat(source.at("/params/" + connector.params()).asText()).isEqualTo("Account");
            assertThat(flow.at("/flowSpec/id").asText()).isEqualTo("14518937-270c-4525-bdec-c2ba7cce3860");
            assertThat(flow.path("transformations").findValuesAsText("name")).containsExactly("Copy", "LastModified", "Mapping");
        } else {
            assertThat(source.path("params")).hasToString("{\"path\":\"/landing/accounts.csv\"}");
            assertThat(flow.at("/flowSpec/id").asText()).isEqualTo("9753525b-82c7-4dce-8a9b-5ccfce2b9876");
            assertThat(flow.path("transformations").findValuesAsText("name")).containsExactly("Mapping");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"delimited", "json", "parquet"})
    void should_provision_a_dataflow_from_files_of_each_format(String format) {
        String definition = definition("Files as " + format, "amazon-s3").replace("  path:", "  format: " + format + "\n  path:");

        ObjectNode flow = flowOf(rig.provision(definition));

        assertThat(sourceConnectionOf(flow).at("/data/format").asText()).isEqualTo(format);
    }

    @Test
    void should_provision_a_dataflow_from_files_once() {
        String definition = definition("Files once", "sftp").replace("{ frequency: hour, interval: 1 }", "{ frequency: once }");

        assertThat(flowOf(rig.provision(definition)).at("/scheduleParams/frequency").asText()).isEqualTo("once");
    }

    @Test
    void should_provision_the_files_that_the_readme_shows() throws IOException {
        Matcher block = Pattern.compile("(?s)```yaml\n(source:\n.*?)```").matcher(Files.readString(Path.of("README.md")));
        assertThat(block.find()).isTrue();
        String shown = block.group(1).replaceAll("baseConnectionId: .*", "baseConnectionId: " + baseConnectionId("amazon-s3"));

        String definition = definition("Shown files", "amazon-s3").replaceAll("(?s)source:\n.*\ntarget:", shown + "target:");

        ObjectNode flow = flowOf(rig.provision(definition));

        assertThat(sourceConnectionOf(flow).at("/params/path").asText()).isEqualTo("/landing/accounts.json");
    }

    /** By the first source of each category that names its table or file by that parameter. */
    static Stream<Arguments> mistakes() {
        Map<String, String> examples = new TreeMap<>();
        CONNECTORS.forEach((key, connector) -> examples.putIfAbsent(connector.category() + " " + connector.params(), key));
        return examples.entrySet().stream().flatMap(example -> mistakes(example.getValue(), CONNECTORS.get(example.getValue()))
                .map(mistake -> arguments(example.getKey(), mistake.what, example.getValue(), mistake)));
    }

    private static Stream<Mistake> mistakes(String key, Connector connector) {
        if (!connector.readsTables()) {
            return Stream.of(
                    new Mistake("tableName for files", "  path: .*", "  tableName: Account", "source.tableName", "by path"),
                    new Mistake("both", "  path:", "  tableName: Account\n  path:", "source", "give path"),
                    new Mistake("neither", "  path: .*\n", "", "source", "give path"),
                    new Mistake("tables' format", "  path:", "  format: tabular\n  path:", "source.format", "delimited, json, parquet"),
                    new Mistake("2020 format", "  path:", "  format: parquet_xdm\n  columns: [{ name: Id, type: string },"
                            + " { name: Name, type: string }]\n  path:", "source.format", "delimited, json, parquet"),
                    new Mistake("delta column", "schedule:", "copy: { deltaColumn: { name: LastModified } }\nschedule:", "copy",
                            "no Copy transformation"));
        }
        Stream<Mistake> common = Stream.of(
                new Mistake("neither", "  (path|tableName): Account\n", "", "source", "give " + connector.params()),
                new Mistake("both", "  columns:", "  " + other(connector) + ": Account\n  columns:", "source", "only one"),
                new Mistake("files' format", "  columns:", "  format: delimited\n  columns:", "source.format", "parquet_xdm, tabular"),
                new Mistake("no delta column", "copy:\n.*\n", "", "copy", "1367-400"),
                new Mistake("delta column of one run", "\\{ frequency.*", "{ frequency: once }", "copy.deltaColumn", "1369-400"));
        return connector.params().equals("path") ? common : Stream.concat(common, Stream.of(
                new Mistake("path for a table", "tableName", "path", "source.path", "by tableName")));
    }

    private static String other(Connector connector) {
        return connector.params().equals("path") ? "tableName" : "path";
    }

    /** @param passage a regular expression, whose every find is replaced */
    record Mistake(String what, String passage, String replacement, String path, String word) {
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("mistakes")
    void should_refuse_the_typical_mistakes_of_each_category_without_a_call(String category, String what, String key, Mistake mistake) {
        String right = definition("Mistake " + key, key);
        String wrong = right.replaceAll(mistake.passage, mistake.replacement);
        int before = rig.simulator().requests().all().size();

        Exchange refused = rig.provision(wrong);

        assertThat(wrong).isNotEqualTo(right);
        assertThat(refused.getException()).isInstanceOfSatisfying(DefinitionException.class, e -> {
            assertThat(e.faults()).singleElement().extracting(Fault::path).isEqualTo(mistake.path);
            assertThat(e.faults().get(0).message()).contains(mistake.word);
        });
        assertThat(rig.simulator().requests().all()).hasSize(before);
    }

    @Test
    void should_try_the_mistakes_of_every_category() {
        assertThat(mistakes().map(mistake -> mistake.get()[0].toString().split(" ")[0]).distinct())
                .containsExactlyInAnyOrderElementsOf(CONNECTORS.values().stream().map(Connector::category).distinct().toList());
    }
}
