package io.github.aepdataflows.guide;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.aepdataflows.Rig;
import io.github.aepdataflows.definition.Connectors;
import io.github.aepdataflows.definition.DefinitionFile;
import io.github.aepdataflows.definition.DefinitionPart;
import io.github.aepdataflows.definition.SecretRules;
import io.github.aepdataflows.simulator.Options;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/**
 * The definitions that the pages show pass the check. A fragment says in a comment before it which definition of its page it is part of:
 * {@code merged into NAME} adds its keys to that definition, {@code replaces in NAME} takes the place of the keys of the same name.
 */
class GuideDefinitionsTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    private static Rig rig;

    @BeforeAll
    static void start(@TempDir Path data) throws Exception {
        rig = Rig.start(data, Options.defaults(), Map.of("aep.secrets-dir", secrets(data.resolve("secrets")).toString(),
                "aep.field-groups-dir", fieldGroups(data).resolve("field-groups").toString()));
        rig.simulator().seedDemo(Rig.SANDBOX);
    }

    @AfterAll
    static void stop() throws Exception {
        rig.close();
    }

    /** Those that the pages show as files of their own. */
    private static Path fieldGroups(Path folder) throws IOException {
        Files.createDirectories(folder.resolve("field-groups"));
        for (Block block : yamlBlocks().toList()) {
            if (block.file().filter(file -> file.startsWith("field-groups/")).isPresent()) {
                Files.writeString(folder.resolve(block.file().get()), block.text());
            }
        }
        return folder;
    }

    /** All that the pages name. */
    private static Path secrets(Path folder) throws IOException {
        Files.createDirectories(folder);
        for (Page page : Page.all()) {
            for (MatchResult name : Pattern.compile("\\{ secret: ([^ ]+) }").matcher(page.text()).results().toList()) {
                Files.writeString(folder.resolve(name.group(1)), "any");
            }
        }
        return folder;
    }

    static Stream<Block> yamlBlocks() {
        return Page.all().stream().flatMap(page -> page.blocks().stream()).filter(block -> block.language().equals("yaml"))
                .filter(block -> block.comment("from").isEmpty());   // no definition
    }

    @ParameterizedTest
    @MethodSource("yamlBlocks")
    void should_show_yaml_that_passes_the_check(Block block) throws Exception {
        if (block.file().filter(file -> file.matches("(overlays|field-groups)/.*")).isPresent()) {
            assertThat(block.page().blocks()).as("%s is used by commands of the page", block)
                    .anyMatch(other -> other.isShell() && other.line() > block.line());
            return;
        }
        if (block.comment().equals("a file of rules for secrets")) {
            try (InputStream schema = Files.newInputStream(Path.of("config/secrets.schema.json"));
                    InputStream connectors = Files.newInputStream(Path.of("config/connectors.yaml"))) {
                SecretRules rules = SecretRules.read("secrets.yaml", block.text().getBytes(UTF_8), schema, Connectors.read(connectors));
                assertThat(rules.objection("other", "", JSON.createObjectNode())).isPresent();
                return;
            }
        }
        for (DefinitionPart part : DefinitionFile.parts(definition(block).getBytes(UTF_8))) {
            JsonNode report = Rig.json(rig.main().getCamelContext().createFluentProducerTemplate().to("direct:aep-check").withBody(part)
                    .request(String.class));
            assertThat(report.path("faults")).as("%s\n%s", block, report.toPrettyString()).isEmpty();
            assertThat(report.path("ok").asBoolean()).as("%s\n%s", block, report.toPrettyString()).isTrue();
        }
    }

    private static String definition(Block block) throws IOException {
        if (block.comment("merged into").isPresent()) {
            return merged(whole(block, block.comment("merged into").get()), yaml(block.text())).toString();
        } else if (block.comment("replaces in").isPresent()) {
            return whole(block, block.comment("replaces in").get()).setAll((ObjectNode) yaml(block.text())).toString();
        }
        return block.text();
    }

    private static ObjectNode whole(Block fragment, String name) throws IOException {
        List<Block> named = fragment.page().blocks().stream().filter(block -> block.file().filter(name::equals).isPresent()).toList();
        assertThat(named).as("%s: %s on the same page", fragment, name).isNotEmpty();
        return (ObjectNode) yaml(named.get(0).text());
    }

    private static JsonNode yaml(String text) {
        return JSON.valueToTree(new Load(LoadSettings.builder().build()).loadFromString(text));
    }

    /** As an overlay would be laid over it. */
    private static JsonNode merged(JsonNode under, JsonNode over) {
        if (!(under instanceof ObjectNode object) || !over.isObject()) {
            return over;
        }
        over.properties().forEach(entry -> {
            if (entry.getValue().isNull()) {
                object.remove(entry.getKey());
            } else {
                object.set(entry.getKey(), merged(object.path(entry.getKey()), entry.getValue()));
            }
        });
        return object;
    }
}
