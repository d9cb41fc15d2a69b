package io.github.aepdataflows;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What an editor of Camel routes says of the files in {@code routes/}, before any of them is loaded. */
class RouteFilesTest {

    /** The one that travels with Camel's YAML DSL. */
    private static final Schema YAML_DSL = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_4)
            .getSchema(SchemaLocation.of("classpath:schema/camelYamlDsl.json"));

    static List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("routes"))) {
            return files.sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    void should_follow_the_schema_of_camels_yaml_dsl(Path file) throws IOException {
        assertThat(YAML_DSL.validate(Rig.yaml(Files.readString(file)))).filteredOn(error -> !isSetting(error)).isEmpty();
    }

    /** Camel keeps such an expression, with the bean in it, when the routes are removed from a host, and gives it to the next ones. */
    @ParameterizedTest
    @MethodSource("files")
    void should_name_no_bean_within_a_simple_expression(Path file) throws IOException {
        assertThat(Files.readString(file)).doesNotContain("${bean:", "${ref:");
    }

    /** A placeholder is a text to the schema, and a boolean or a number once Camel has put the setting in its place. */
    private static boolean isSetting(Error error) {
        return error.getKeyword().equals("type") && error.getInstanceNode().asText().matches("\\{\\{[^{}]+}}");
    }
}
