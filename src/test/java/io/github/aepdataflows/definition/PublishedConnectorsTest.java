package io.github.aepdataflows.definition;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.mapping;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code config/connectors.yaml} holds, told by its own schema, by the guide and by the simulator's catalogue. */
class PublishedConnectorsTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final SchemaRegistry DRAFT_7 = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_7);
    private static final Path SCHEMA = Path.of("config/connectors.schema.json");

    private static ObjectNode entries() throws IOException {
        return Document.parse(Files.readAllBytes(Sample.CONNECTORS)).root();
    }

    private static boolean allows(JsonNode entries) throws IOException {
        return DRAFT_7.getSchema(JSON.readTree(SCHEMA.toFile())).validate(entries).isEmpty();
    }

    /** The connectors in the order of the file. */
    private static Map<String, Connector> connectors() throws IOException {
        Map<String, Connector> connectors = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> entry : entries().properties()) {
            connectors.put(entry.getKey(), JSON.treeToValue(entry.getValue(), Connector.class));
        }
        return connectors;
    }

    @Test
    void should_have_a_valid_draft_07_schema_that_allows_the_file() throws IOException {
        Schema draft7 = DRAFT_7.getSchema(SchemaLocation.of("http://json-schema.org/draft-07/schema#"));

        assertThat(draft7.validate(JSON.readTree(SCHEMA.toFile()))).isEmpty();
        assertThat(DRAFT_7.getSchema(JSON.readTree(SCHEMA.toFile())).validate(entries())).isEmpty();
        assertThat(Files.readAllLines(Sample.CONNECTORS).get(0)).endsWith("$schema=" + SCHEMA.getFileName());
    }

    @ParameterizedTest
    @CsvSource({
        "salesforce, connectionSpecId, '\"ccfc0fee1-7dc0-40ef-b73e-d8b134c436f5\"'",
        "salesforce, connectionSpecId, '\"CFC0FEE1-7DC0-40EF-B73E-D8B134C436F5\"'",
        "salesforce, category, '\"Customer Relations\"'",
        "salesforce, params, '\"table\"'",
        "salesforce, format, '\"json\"'",
        "salesforce, auth, '[{\"specName\": \"Basic Authentication\"}]'",
        "salesforce, auth, '[{\"specName\": \"Basic Authentication\", \"required\": [\"user name\"]}]'",
        "salesforce, auth, '[{\"specName\": \"Basic Authentication\", \"required\": [\"user\", \"user\"]}]'",
        "salesforce, other, '\"x\"'",
        "amazon-s3,  params, '\"tableName\"'",
        "amazon-s3,  format, '\"tabular\"'",
        "amazon-s3,  deltaDateFormat, '\"yyyy-MM-dd HH:mm:ss\"'",
        "amazon-s3,  baseConnection, '\"no\"'",
        "zendesk,    params, '\"path\"'",
        "zendesk,    format, '\"tabular\"'"})
    void should_have_a_schema_that_refuses(String key, String field, String value) throws IOException {
        ObjectNode entries = entries();
        ((ObjectNode) entries.get(key)).set(field, JSON.readTree(value));

        assertThat(allows(entries)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"name", "connectionSpecId", "category", "flowSpec", "params", "format", "deltaDateFormat", "auth"})
    void should_have_a_schema_that_refuses_an_entry_without(String field) throws IOException {
        ObjectNode entries = entries();
        ((ObjectNode) entries.get("salesforce")).remove(field);

        assertThat(allows(entries)).isFalse();
    }

    @Test
    void should_know_each_table_based_and_each_file_based_source_once() throws IOException {
        Map<String, Connector> connectors = connectors();

        assertThat(connectors.values()).filteredOn(connector -> connector.flowSpec().equals("CRMToAEP")).hasSize(37);
        assertThat(connectors.values()).filteredOn(connector -> connector.flowSpec().equals("CloudStorageToAEP")).hasSize(11);
        assertThat(connectors.values()).filteredOn(Connector::isSelfServe).extracting(Connector::name)
                .containsExactlyInAnyOrder("Mailchimp Campaign", "Mailchimp Members", "Zendesk", "Generic REST");
        assertThat(connectors.values()).extracting(Connector::connectionSpecId).doesNotHaveDuplicates()
                .allSatisfy(id -> assertThat(id).isEqualTo(UUID.fromString(id).toString()));
        assertThat(connectors.values()).extracting(Connector::name).doesNotHaveDuplicates();
        assertThat(connectors).allSatisfy((key, connector) -> assertThat(connector.name().toLowerCase(Locale.ROOT).replace(' ', '-'))
                .isEqualTo(key.equals("landing-zone") ? "data-landing-zone" : key));   // the Platform's own name for it
        try (InputStream yaml = Files.newInputStream(Sample.CONNECTORS)) {
            assertThat(Connectors.read(yaml).keys()).containsExactlyInAnyOrderElementsOf(connectors.keySet());
        }
    }

    @Test
    void should_tell_how_the_values_of_delta_columns_are_written() throws IOException {
        assertThat(connectors()).allSatisfy((key, connector) -> assertThat(connector.deltaDateFormat()).isEqualTo(
                switch (key) {
                    case "microsoft-dynamics", "azure-table-storage", "generic-odata" -> "yyyy-MM-ddTHH:mm:ssZ";
                    default -> connector.readsTables() ? "yyyy-MM-dd HH:mm:ss" : "";
                }));
    }

    @Test
    void should_tell_optional_parameters_and_types_of_authentication_apart() throws IOException {
        Map<String, Connector> connectors = connectors();

        assertThat(connectors.get("salesforce").auth()).hasSize(3).last().isEqualTo(new Connector.Auth("Basic Authentication", "",
                List.of("environmentUrl", "username", "password", "securityToken"), List.of("apiVersion")));
        assertThat(connectors.get("google-bigquery").auth()).first().isEqualTo(new Connector.Auth("Basic Authentication", "OAuth2.0",
                List.of("project", "clientId", "clientSecret", "refreshToken"), List.of("largeResultsDataSetId")));
        assertThat(connectors.values()).filteredOn(connector -> connector.auth().isEmpty())
                .extracting(Connector::name).containsExactly("ADLS Gen1", "Data Landing Zone");
    }

    /** The simulator has a catalogue of its own, so that a slip in one of the two shows. It may know more ways to authenticate. */
    @Test
    void should_agree_with_the_simulators_catalogue() throws IOException {
        Map<String, List<String>> ours = new TreeMap<>();
        connectors().values().forEach(connector -> ours.put(connector.connectionSpecId(),
                List.of(connector.category(), connector.flowSpec(), connector.params())));
        Map<String, List<String>> theirs = new TreeMap<>();
        Map<String, List<String>> theirAuth = new TreeMap<>();
        try (InputStream in = Connectors.class.getResourceAsStream("/io/github/aepdataflows/simulator/connectors.json")) {
            for (JsonNode spec : JSON.readTree(in)) {
                theirs.put(spec.path("id").asText(), List.of(spec.path("category").asText(), spec.path("flowSpec").asText(),
                        spec.path("paramStyle").asText()));
                theirAuth.put(spec.path("id").asText(), spec.path("auth").findParents("name").stream().map(each ->
                        each.path("name").asText() + names(each.path("required")) + names(each.path("optional"))).toList());
            }
        }

        theirs.remove("6360f136-5980-4111-8bdf-15d29eab3b5a");   // of a partner, named by its ids
        assertThat(ours).isEqualTo(theirs);
        assertThat(connectors().values()).allSatisfy(connector -> assertThat(theirAuth.get(connector.connectionSpecId())).containsAll(
                connector.auth().stream().map(auth -> auth.specName() + auth.required() + auth.optional()).toList()));
    }

    private static List<String> names(JsonNode params) {
        return StreamSupport.stream(params.spliterator(), false).map(param -> param.asText().replaceFirst(":.*", "")).toList();
    }

    @Test
    void should_be_listed_in_the_guide_by_category() throws IOException {
        Map<String, String> rows = connectors().entrySet().stream().collect(groupingBy(
                entry -> "| `%s` | %s | ".formatted(entry.getValue().category(), names(entry.getValue())),
                LinkedHashMap::new, mapping(entry -> "`" + entry.getKey() + "`", joining(", "))));
        String table = rows.entrySet().stream().map(row -> row.getKey() + row.getValue() + " |\n").collect(Collectors.joining());

        assertThat(Files.readString(Path.of("src/site/markdown/sources.md")))
                .contains("| category | names what it reads by | `connector` |\n|---|---|---|\n" + table + "\n");
    }

    private static String names(Connector connector) {
        return connector.isSelfServe() ? "`params`"
                : connector.readsTables() && connector.params().equals("path") ? "`path` or `tableName`" : "`" + connector.params() + "`";
    }
}
