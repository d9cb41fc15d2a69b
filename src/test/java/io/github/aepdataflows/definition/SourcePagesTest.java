package io.github.aepdataflows.definition;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.aepdataflows.Rig;
import io.github.aepdataflows.simulator.Options;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.camel.Exchange;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The pages in {@code config/sources}: what they list is what there is, what they show works, what they quote is said. */
class SourcePagesTest {

    private static final Map<String, Connector> CONNECTORS = PublishedConnectors.byKey();
    private static final JsonNode PAGES = pages();

    private static Rig rig;

    @BeforeAll
    static void start(@TempDir Path data) throws Exception {
        rig = Rig.start(data, Options.defaults(), Map.of("aep.secrets-dir", secrets(data.resolve("secrets")).toString()));
        CONNECTORS.forEach((key, connector) -> seed(connector.name(), connector));
        for (String category : categories().toList()) {
            Connector shown = CONNECTORS.get(PAGES.path("categories").path(category).path("connector").asText());
            rig.simulator().setConnectionState(Rig.SANDBOX, seed(shown.name() + " of old", shown), "disabled");
            rig.simulator().breakCredentials(Rig.SANDBOX, seed(shown.name() + " locked out", shown));
        }
    }

    /** Unless the simulator begins with one of that name. */
    private static String seed(String name, Connector connector) {
        String id = PublishedConnectors.baseConnectionId(name);
        if (rig.resources("connections").stream().noneMatch(each -> each.path("name").asText().equals(name))) {
            rig.simulator().addBaseConnection(Rig.SANDBOX, id, name, connector.connectionSpecId());
        }
        return id;
    }

    @AfterAll
    static void stop() throws Exception {
        rig.close();
    }

    private static JsonNode pages() {
        try (InputStream yaml = SourcePagesTest.class.getResourceAsStream("/sources/pages.yaml")) {
            Document document = Document.parse(yaml.readAllBytes());
            assertThat(document.faults()).isEmpty();
            return document.root();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Stream<String> categories() {
        return CONNECTORS.values().stream().map(Connector::category).distinct();
    }

    private static SourcePage page(String category) {
        return new SourcePage(category, PAGES, CONNECTORS);
    }

    @ParameterizedTest
    @MethodSource("categories")
    void should_say_what_the_connectors_and_the_product_say(String category) throws IOException {
        SourcePage page = page(category);
        String rendered = page.render(SourcePagesTest::message);
        if (System.getProperty("write") != null) {
            Files.writeString(page.file(), rendered);
        }

        assertThat(page.file()).as("write it by: mvn -Dtest=SourcePagesTest -Dwrite test").exists();
        assertThat(Files.readString(page.file())).as("write it anew by: mvn -Dtest=SourcePagesTest -Dwrite test").isEqualTo(rendered);
    }

    /** The one fault that provisioning and checking find. */
    private static String message(SourcePage.Mistake mistake) {
        Exchange refused = rig.provision(mistake.definition());
        assertThat(refused.getException()).as(mistake.what()).isInstanceOf(DefinitionException.class);
        List<Fault> faults = ((DefinitionException) refused.getException()).faults();
        assertThat(faults).as(mistake.what()).hasSize(1);
        JsonNode report = checked(mistake.definition());
        assertThat(report.path("faults").findValuesAsText("message")).as(mistake.what()).containsExactly(faults.get(0).message());
        return faults.get(0).toString();
    }

    private static JsonNode checked(String definition) {
        Exchange checked = rig.main().getCamelContext().createFluentProducerTemplate()
                .to("direct:aep-check").withBody(definition).request(Exchange.class);
        try {
            return Rig.json(checked.getMessage().getBody(String.class));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @MethodSource("categories")
    void should_show_a_definition_that_is_provisioned(String category) throws IOException {
        Matcher block = Pattern.compile("(?s)```yaml\n(apiVersion.*?)```").matcher(Files.readString(page(category).file()));
        assertThat(block.find()).isTrue();
        int flows = rig.resources("flows").size();

        Exchange done = rig.provision(block.group(1));

        assertThat(done.getException()).isNull();
        assertThat(rig.resources("flows")).hasSize(flows + 1);
        assertThat(block.find()).as("another definition").isFalse();
    }

    /** All that the pages name. */
    private static Path secrets(Path folder) throws IOException {
        Files.createDirectories(folder);
        try (Stream<Path> pages = Files.list(Path.of("config/sources"))) {
            for (Path page : pages.toList()) {
                for (MatchResult name : Pattern.compile("\\{ secret: ([^ ]+) }").matcher(Files.readString(page)).results().toList()) {
                    Files.writeString(folder.resolve(name.group(1)), "any");
                }
            }
        }
        return folder;
    }

    /** Each as it stands for the first of its connectors, and with their own auth specs for the others. */
    @ParameterizedTest
    @MethodSource("categories")
    void should_show_base_connections_that_can_be_made(String category) throws IOException {
        SourcePage page = page(category);
        String shown = Files.readString(page.file());
        for (SourcePage.Example example : page.examples()) {
            assertThat(shown).contains("```yaml\n" + example.yaml() + "```");
            for (String key : example.keys()) {
                String ofItsOwn = example.yaml().replaceFirst("(?s).*(?=baseConnection:)", "").replaceFirst("name: .*", "name: New " + key)
                        .replaceFirst("specName: .*", "specName: " + page.connectors().get(key).auth().get(0).specName());
                JsonNode report = checked(page.definition(key, ofItsOwn));
                assertThat(report.path("ok").asBoolean()).as(report.toString()).isTrue();
                assertThat(report.path("notes").findValuesAsText("message")).anyMatch(note -> note.contains("is made first"));
            }
        }
    }

    @Test
    void should_have_one_page_per_category_and_show_each_connector() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("config/sources"))) {
            assertThat(files.toList()).containsExactlyInAnyOrderElementsOf(categories().map(category -> page(category).file()).toList());
        }
        assertThat(categories().flatMap(category -> page(category).examples().stream()).flatMap(example -> example.keys().stream()))
                .containsExactlyInAnyOrderElementsOf(CONNECTORS.keySet().stream().filter(key -> !CONNECTORS.get(key).auth().isEmpty())
                        .toList());
    }
}
