package io.github.aepdataflows.guide;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.github.aepdataflows.Rig;
import io.github.aepdataflows.TestMain;
import io.github.aepdataflows.cli.Terminal;
import io.github.aepdataflows.platform.AepHeaders;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** What the README and the guide name is there, and what is there is named. */
class GuideFactsTest {

    private static final Pattern LINK = Pattern.compile("\\]\\((?!https?:)([^)#]*)(?:#([^)]*))?\\)");
    private static final Pattern NAMED_PATH = Pattern.compile("`((?:config|routes|src)/[A-Za-z./-]+)`");
    private static final Pattern VARIABLE = Pattern.compile("\\bAEP_[A-Z_]*[A-Z]\\b");
    private static final Pattern PROPERTY = Pattern.compile("`(aep\\.[a-z][a-z.-]*[a-z])");
    private static final Pattern ENDPOINT = Pattern.compile("direct:aep-[a-z-]+");
    private static final Pattern OPTION = Pattern.compile("`[^`\n]*?(--[a-z][a-z-]+)");

    /** Names of beans that a host can give; they are no settings of the file. */
    private static final Set<String> BEANS = Set.of("aep.secrets");

    static Collection<Page> pages() {
        return Page.all();
    }

    private static Set<String> found(Pattern pattern, Page page) {
        return pattern.matcher(page.text()).results().map(match -> match.group(match.groupCount() == 0 ? 0 : 1))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void should_keep_the_readme_short() {
        assertThat(Page.readme().text().lines()).hasSizeLessThanOrEqualTo(250);
    }

    @Test
    void should_end_within_the_time_that_kubernetes_gives_and_without_memory_at_once() throws Exception {
        assertThat(TestMain.with(Map.of()).configure().getShutdownTimeout()).isEqualTo(25);
        assertThat(Page.guide("operations").text()).contains("`camel.main.shutdownTimeout` (25 seconds)", "within 30 seconds");
        assertThat(List.of("Dockerfile", "src/main/bin/aep-dataflows")).allSatisfy(file ->
                assertThat(Files.readString(Path.of(file))).contains("-XX:+ExitOnOutOfMemoryError"));
    }

    @ParameterizedTest
    @MethodSource("pages")
    void should_link_only_to_files_and_headings_that_exist(Page page) {
        Matcher link = LINK.matcher(page.text());
        while (link.find()) {
            Path target = link.group(1).isEmpty() ? page.file() : page.file().resolveSibling(link.group(1)).normalize();
            assertThat(target).as("%s: %s", page, link.group()).exists();
            if (link.group(2) != null) {
                assertThat(headings(Page.of(target))).as("%s: %s", page, link.group()).contains(link.group(2));
            }
        }
    }

    /** As GitHub names them. */
    private static List<String> headings(Page page) {
        return Pattern.compile("(?m)^#+ (.*)$").matcher(page.text()).results()
                .map(heading -> heading.group(1).toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9 -]", "").replace(' ', '-')).toList();
    }

    @Test
    void should_list_every_page_in_the_index_and_in_the_readme() {
        for (Page page : Page.all().stream().filter(page -> page.file().startsWith(Page.GUIDE)).toList()) {
            String name = page.file().getFileName().toString();
            assertThat(Page.readme().text()).contains("(src/site/markdown/" + name);
            assertThat(name.equals("index.md") || Page.guide("index").text().contains("](" + name + ")")).as(name).isTrue();
        }
    }

    @ParameterizedTest
    @MethodSource("pages")
    void should_name_only_paths_settings_and_endpoints_that_exist(Page page) throws Exception {
        assertThat(found(NAMED_PATH, page)).as("%s", page).allSatisfy(path -> assertThat(Path.of(path)).exists());
        Set<String> settings = SettingsFile.names();
        assertThat(found(PROPERTY, page)).as("%s", page)
                .allSatisfy(name -> assertThat(settings.contains(name) || BEANS.contains(name)).as(name).isTrue());
        Set<String> variables = settings.stream().map(SettingsFile::variable).collect(Collectors.toSet());
        assertThat(found(VARIABLE, page)).as("%s", page)
                .allSatisfy(name -> assertThat(variables.contains(name) || name.startsWith("AEP_SECRET_")).as(name).isTrue());
        assertThat(endpoints()).as("%s", page).containsAll(found(ENDPOINT, page));
    }

    private static Set<String> endpoints() throws Exception {
        Set<String> endpoints = new TreeSet<>();
        try (Stream<Path> routes = Files.list(Path.of("routes"))) {
            for (Path file : routes.toList()) {
                Matcher from = Pattern.compile("(?m)^ +uri: \"?(direct:aep-[a-z-]+)").matcher(Files.readString(file));
                while (from.find()) {
                    endpoints.add(from.group(1));
                }
            }
        }
        return endpoints;
    }

    @Test
    void should_list_every_setting_with_its_default() {
        Map<String, String> listed = new TreeMap<>();
        Pattern.compile("(?m)^\\| `(aep\\.[a-z.-]+)` \\| (?:`([^`]*)` )?\\|").matcher(Page.guide("settings").text()).results()
                .forEach(row -> listed.put(row.group(1), row.group(2) == null ? "" : row.group(2)));

        assertThat(listed).isEqualTo(SettingsFile.defaults());
    }

    @Test
    void should_name_every_header() throws Exception {
        for (Field field : AepHeaders.class.getFields()) {
            assertThat(Page.guide("embedding").text()).contains("`" + field.get(null) + "`");
        }
    }

    @Test
    void should_describe_every_key_of_a_definition_with_its_values_and_default() throws Exception {
        JsonNode schema = Rig.JSON.readTree(Path.of("config/dataflow.schema.json").toFile());
        Map<String, JsonNode> keys = new TreeMap<>();
        collect(schema, schema, "", keys);
        Map<String, String> rows = new TreeMap<>();
        Pattern.compile("(?m)^\\| `([^`]+)` \\|(.*)$").matcher(Page.guide("definition").text()).results()
                .forEach(row -> rows.put(row.group(1), row.group(2)));

        assertThat(rows.keySet()).containsAll(keys.keySet());
        keys.forEach((key, described) -> {
            described.path("enum").forEach(value -> assertThat(rows.get(key)).as(key).contains("`" + value.asText() + "`"));
            if (described.path("default").isValueNode() && !described.path("default").isNull()) {
                assertThat(rows.get(key)).as(key).contains("`" + described.path("default").asText() + "` (default)");
            }
        });
    }

    /** The leaves, and objects whose keys are free. */
    private static void collect(JsonNode schema, JsonNode node, String path, Map<String, JsonNode> keys) {
        JsonNode described = node.has("$ref") && !node.has("enum") ? schema.at(node.path("$ref").asText().substring(1)) : node;
        if (described.has("properties")) {
            described.path("properties").properties().forEach(entry ->
                    collect(schema, entry.getValue(), path.isEmpty() ? entry.getKey() : path + "." + entry.getKey(), keys));
        } else if (described.at("/items").has("properties") || described.at("/items").has("$ref") && !path.endsWith("fieldGroups")) {
            collect(schema, described.path("items"), path + "[]", keys);
        } else {
            keys.put(path, described);
        }
    }

    @Test
    void should_describe_every_command_and_exit_code() {
        String commands = Page.guide("commands").text();
        for (String command : Terminal.unset().commandLine().getSubcommands().keySet()) {
            assertThat(commands).contains("| `" + command);
            assertThat(Page.readme().text()).contains("| `" + command);
        }
        assertThat(commands).contains("| 0 |", "| 1 |", "| 2 |", "| 64 |");
    }

    @Test
    void should_name_every_option_of_the_commands_and_no_other() {
        Set<String> options = new TreeSet<>();
        for (CommandLine command : Terminal.unset().commandLine().getSubcommands().values()) {
            command.getCommandSpec().options().forEach(option -> options.addAll(List.of(option.names())));
        }
        options.removeIf(option -> !option.startsWith("--"));
        Set<String> named = new TreeSet<>(found(OPTION, Page.guide("commands")));

        assertThat(options).containsAll(named);
        assertThat(options).allSatisfy(option -> assertThat(named.contains(option) || option.equals("--version")).as(option).isTrue());
    }

    /** The page shows the counts of a report, which another test compares with a real one. */
    @Test
    void should_describe_every_state_of_an_audit() {
        Page audit = Page.guide("audit");
        Set<String> counted = Pattern.compile("(?m)^ +\"([a-z ]+)\" : \\d+,?$").matcher(audit.text()).results()
                .map(count -> count.group(1)).collect(Collectors.toSet());
        String states = audit.text().substring(audit.text().indexOf("## States"), audit.text().indexOf("## Resources"));

        assertThat(counted).hasSizeGreaterThan(6).isEqualTo(Pattern.compile("(?m)^\\| `([^`]+)` \\|").matcher(states).results()
                .map(row -> row.group(1)).collect(Collectors.toSet()));
    }

    @Test
    void should_say_how_many_connectors_there_are() throws Exception {
        long connectors = Files.readAllLines(Path.of("config/connectors.yaml")).stream()
                .filter(line -> line.matches("[a-z0-9-]+:")).count();

        for (Page page : List.of(Page.readme(), Page.guide("sources"), Page.guide("changelog"))) {
            assertThat(page.text()).as("%s", page).containsPattern("\\b%d (in|source systems|connectors)\\b".formatted(connectors));
        }
    }

    @Test
    void should_show_java_and_routes_that_a_test_runs() throws Exception {
        List<Block> blocks = Page.all().stream().flatMap(page -> page.blocks().stream())
                .filter(block -> block.language().equals("java") || block.comment("from").isPresent()).toList();

        assertThat(blocks).isNotEmpty();
        for (Block block : blocks) {
            List<String> source = Files.readAllLines(Path.of(block.comment("from").orElseThrow())).stream().map(String::strip).toList();
            assertThat(source).as("%s", block).containsAll(block.text().lines().map(String::strip).toList());
        }
    }

    @Test
    void should_call_the_simulator_by_one_name() throws Exception {
        List<Path> files = new ArrayList<>(Page.all().stream().map(Page::file).toList());
        try (Stream<Path> config = Files.walk(Path.of("config"))) {
            files.addAll(config.filter(Files::isRegularFile).toList());
        }
        for (Path file : files) {
            assertThat(Files.readString(file)).as("%s", file).doesNotContainIgnoringCase("stand-in");
        }
    }
}
