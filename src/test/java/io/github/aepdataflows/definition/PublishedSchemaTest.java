package io.github.aepdataflows.definition;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The schema as editors see it: a standard validator, without our messages, agrees with the reader. */
class PublishedSchemaTest {

    private static final SchemaRegistry DRAFT_7 = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_7);

    private static JsonNode schema() throws IOException {
        return new ObjectMapper().readTree(Sample.SCHEMA.toFile());
    }

    private static boolean allows(String yaml) throws IOException {
        JsonNode content = Document.parse(yaml.getBytes(StandardCharsets.UTF_8)).root();
        return DRAFT_7.getSchema(schema()).validate(content).isEmpty();
    }

    static Stream<Path> examples() throws IOException {
        return Files.list(Path.of("config/examples"));
    }

    @Test
    void should_be_a_valid_draft_07_schema() throws IOException {
        Schema draft7 = DRAFT_7.getSchema(SchemaLocation.of("http://json-schema.org/draft-07/schema#"));

        assertThat(draft7.validate(schema())).isEmpty();
        assertThat(draft7.validate(new ObjectMapper().readTree("{\"type\": \"strng\"}"))).isNotEmpty();
        assertThat(schema().path("$schema").asText()).isEqualTo("http://json-schema.org/draft-07/schema#");
    }

    @ParameterizedTest
    @MethodSource("examples")
    void should_allow_the_examples(Path example) throws IOException {
        assertThat(allows(Files.readString(example))).isTrue();
    }

    @Test
    void should_allow_the_sample() throws IOException {
        assertThat(allows(Sample.YAML)).isTrue();
    }

    @ParameterizedTest
    @MethodSource({"io.github.aepdataflows.definition.FaultsTest#types", "io.github.aepdataflows.definition.FaultsTest#values"})
    void should_refuse_the_shapes_that_the_reader_refuses(String passage, String replacement, String path, int line, List<String> words)
            throws IOException {
        boolean depends = words.contains("\"dev\"");                 // on the sandbox of the application

        assertThat(allows(Sample.with(passage, replacement))).isEqualTo(depends);
    }

    @ParameterizedTest
    @ValueSource(strings = {"apiVersion: aep-dataflows/v1\n", "name: CRM accounts\n", "  frequency: minute\n"})
    void should_require_what_the_reader_requires(String pair) throws IOException {
        assertThat(allows(Sample.with(pair, ""))).isFalse();
    }

    @Test
    void should_close_every_object_that_has_named_properties() throws IOException {
        String text = Files.readString(Sample.SCHEMA);

        assertThat(text.split("\"properties\": \\{")).hasSizeGreaterThan(8).hasSameSizeAs(text.split("\"additionalProperties\": false"));
    }

    @Test
    void should_describe_every_id_and_every_key_of_the_source() throws IOException {
        assertThat(schema().findParents("$ref")).filteredOn(node -> node.path("$ref").asText().matches(".*/(uuid|xdmName)"))
                .allMatch(node -> node.has("description"));
        assertThat(schema().at("/properties/source/properties")).allSatisfy(
                property -> assertThat(property.has("description") || property.path("$ref").asText().endsWith("description")).isTrue());
    }

    @Test
    void should_tell_the_connectors_that_exist() throws Exception {
        String described = schema().at("/properties/source/properties/connector/description").asText();

        try (var yaml = Files.newInputStream(Sample.CONNECTORS)) {
            assertThat(described).contains(Connectors.read(yaml).keys());
        }
    }

    @Test
    void should_carry_our_own_words_beside_every_pattern() throws IOException {
        assertThat(schema().findParents("pattern")).filteredOn(node -> node.has("type")).hasSizeGreaterThan(4)
                .allSatisfy(node -> assertThat(node.at("/message/pattern").asText()).as(node.toString()).isNotBlank());
    }
}
