package io.github.aepdataflows.definition;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Field groups that are described in files of their own. */
class FieldGroupFilesTest {

    private static final String DETAILS = "      - https://ns.adobe.com/xdm/context/profile-person-details\n";
    private static final String LOYALTY = """
            title: Loyalty
            description: of members
            fields:
              points: long
              level: { $enum: [ bronze, silver ] }
            """;

    @TempDir
    Path root;

    private Path folder;
    private DefinitionReader reader;

    @BeforeEach
    void openReader() throws IOException {
        folder = Files.createDirectory(root.resolve("groups"));
        reader = Sample.reader(Overlays.in(root.toString(), "prod"), FieldGroupFiles.in(folder.toString()));
    }

    private static String with(String... groups) {
        return Sample.with(DETAILS, DETAILS + String.join("", Arrays.stream(groups).map(group -> "      - " + group + "\n").toList()));
    }

    private Path file(String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name), content);
    }

    private DefinitionReader.Draft draft(String definition) throws UnreadableFileException {
        return reader.draft(definition.getBytes(UTF_8), (name, digest) -> false, true);
    }

    private String line(int number) {
        return folder.resolve("loyalty.yaml") + (number == 0 ? "" : " line " + number) + ": ";
    }

    @Test
    void should_read_the_same_as_where_the_definition_says_it_itself() throws Exception {
        file("loyalty.yaml", "x-note: 1\n" + LOYALTY);
        file("loyalty.json", "{\"title\": \"Loyalty\", \"description\": \"of members\", \"fields\": {\"points\": \"long\", "
                + "\"level\": {\"$enum\": [\"bronze\", \"silver\"]}}}");
        Definition written = Sample.read(
                with("{ title: Loyalty, description: of members, fields: { points: long, level: { $enum: [ bronze, silver ] } } }"));

        Definition named = draft(with("{ file: loyalty.yaml }")).flawless();

        assertThat(named.target().schema().fieldGroups()).isEqualTo(written.target().schema().fieldGroups());
        assertThat(named.digest()).isEqualTo(written.digest());
        assertThat(draft(with("{ file: loyalty.json }")).flawless().digest()).isEqualTo(written.digest());
    }

    @Test
    void should_have_another_digest_once_the_file_has_another_content() throws Exception {
        file("loyalty.yaml", LOYALTY);
        String before = draft(with("{ file: loyalty.yaml }")).flawless().digest();

        file("loyalty.yaml", LOYALTY + "  since: date\n");

        assertThat(draft(with("{ file: loyalty.yaml }")).flawless().digest()).isNotEqualTo(before);
    }

    @Test
    void should_read_a_file_that_an_overlay_names() throws Exception {
        file("loyalty.yaml", LOYALTY);
        Files.writeString(root.resolve("prod.yaml"), "all: { target: { schema: { fieldGroups: [ { file: loyalty.yaml } ] } } }");

        assertThat(draft(Sample.YAML).flawless().target().schema().describedGroups()).extracting(Definition.FieldGroup::name)
                .containsExactly("Loyalty");
    }

    @Test
    void should_name_all_that_is_wrong_in_the_file_and_in_the_definition_with_their_lines() throws Exception {
        file("loyalty.yaml", """
                title: Loyalty
                titel: Loyalty
                fields:
                  points: lnog
                  points: long
                  level: { $enum: 7 }
                """);

        List<Fault> faults = draft(with("{ file: loyalty.yaml }").replace("interval: 15", "interval: 5")).faults();

        assertThat(faults).extracting(Fault::path).containsExactlyInAnyOrder("target.schema.fieldGroups[1].titel",
                "target.schema.fieldGroups[1].fields.points", "target.schema.fieldGroups[1].fields.points",
                "target.schema.fieldGroups[1].fields.level.$enum", "schedule.interval");
        assertThat(faults).extracting(Fault::message)
                .anyMatch((line(2) + "is not a key of a field group; did you mean title?")::equals)
                .anyMatch(message -> message.startsWith(line(4) + "\"lnog\" is no type of XDM; did you mean long?"))
                .anyMatch(message -> message.startsWith(line(5) + "duplicate key, first given on line 4"))
                .anyMatch(message -> message.startsWith(line(6) + "must be a list of texts"));
        assertThat(faults).filteredOn(fault -> fault.path().equals("schedule.interval")).extracting(Fault::line).containsExactly(32);
    }

    @Test
    void should_name_the_path_of_the_entry_in_a_list_of_dataflows() throws Exception {
        file("loyalty.yaml", "title: Loyalty\nfields: { points: lnog }\n");
        String entry = with("{ file: loyalty.yaml }").replace("apiVersion: aep-dataflows/v1\n", "").indent(4);
        DefinitionPart part = DefinitionFile.parts(("apiVersion: aep-dataflows/v1\ndataflows:\n  -\n" + entry).getBytes(UTF_8)).get(0);

        assertThat(reader.draft(part, (name, digest) -> false).faults()).singleElement().satisfies(fault -> {
            assertThat(fault.path()).isEqualTo("dataflows[0].target.schema.fieldGroups[1].fields.points");
            assertThat(fault.message()).startsWith(line(2));
        });
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "''                              | the file is empty",
        "[ a, b ]                        | must be a mapping with the keys title and fields",
        "title: [                        | not valid YAML",
        "fields: { a: string }           | is missing",
        "title: L                        | is missing",
        "{ file: other.yaml }            | has no place in a file of a field group",
        "!!java.net.URL { title: a }     | YAML tags",
        "'{ title: \"\\uD800\", f: 1 }'  | half a character"})
    void should_refuse_what_is_no_field_group(String content, String words) throws Exception {
        file("loyalty.yaml", content);

        assertThat(draft(with("{ file: loyalty.yaml }")).faults()).anySatisfy(fault -> {
            assertThat(fault.path()).startsWith("target.schema.fieldGroups[1]");
            assertThat(fault.message()).startsWith(folder.resolve("loyalty.yaml").toString()).contains(words);
        });
    }

    @ParameterizedTest
    @CsvSource({"../loyalty.yaml", "/etc/loyalty.yaml", "a/b.yaml", ".hidden.yaml", "loyalty", "loyalty.txt", "a\\b.yaml"})
    void should_take_a_name_and_no_path(String name) throws Exception {
        Files.writeString(root.resolve("loyalty.yaml"), LOYALTY);

        assertThat(draft(with("{ file: '%s' }".formatted(name))).faults()).singleElement().satisfies(fault -> {
            assertThat(fault.path()).isEqualTo("target.schema.fieldGroups[1].file");
            assertThat(fault.message()).contains("write the name of a file in the folder of field groups");
        });
    }

    @Test
    void should_refuse_anything_beside_the_name() throws Exception {
        file("loyalty.yaml", LOYALTY);

        assertThat(draft(with("{ file: loyalty.yaml, title: Loyalty }")).faults()).singleElement()
                .satisfies(fault -> assertThat(fault.message()).contains("beside file nothing is said here"));
    }

    @Test
    void should_name_the_nearest_file_where_there_is_none_of_that_name() throws Exception {
        file("loyalty.yaml", LOYALTY);

        assertThat(draft(with("{ file: loyality.yaml }")).faults()).singleElement().satisfies(fault -> {
            assertThat(fault.line()).isEqualTo(21);
            assertThat(fault.message()).isEqualTo("there is no file %s; did you mean loyalty.yaml?"
                    .formatted(folder.resolve("loyality.yaml")));
            assertThat(fault.nearest()).isEqualTo("loyalty.yaml");
        });
    }

    @Test
    void should_list_only_the_keys_that_such_a_file_can_have() throws Exception {
        file("loyalty.yaml", LOYALTY + "zzz: 1\n");

        assertThat(draft(with("{ file: loyalty.yaml }")).faults()).singleElement().satisfies(fault -> assertThat(fault.message())
                .isEqualTo(line(6) + "is not a key of a field group; known are title, description, fields"));
    }

    @Test
    void should_not_call_the_definition_wrong_while_the_folder_is_away() throws Exception {
        Files.delete(folder);

        assertThatThrownBy(() -> draft(with("{ file: loyalty.yaml }"))).isInstanceOf(UnreadableFileException.class)
                .hasMessage("%s cannot be read: there is no folder %s; make it, or name another one by aep.field-groups-dir"
                        .formatted(folder.resolve("loyalty.yaml"), folder));
    }

    @Test
    void should_tell_a_link_to_nothing_from_a_file_that_is_missing_and_from_one_that_cannot_be_read() throws Exception {
        Files.createSymbolicLink(folder.resolve("link.yaml"), Path.of("gone.yaml"));
        Files.createSymbolicLink(folder.resolve("loop.yaml"), Path.of("loop.yaml"));

        assertThat(draft(with("{ file: link.yaml }")).faults()).extracting(Fault::message)
                .containsExactly(folder.resolve("link.yaml") + " is a link to a file that is not there");
        assertThatThrownBy(() -> draft(with("{ file: loop.yaml }"))).isInstanceOf(UnreadableFileException.class).message()
                .startsWith(folder.resolve("loop.yaml") + " cannot be read: ").satisfies(message ->
                        assertThat(message.indexOf("loop.yaml")).isEqualTo(message.lastIndexOf("loop.yaml")));
    }

    @Test
    void should_say_that_access_to_a_file_is_denied() throws Exception {
        Path file = Files.setPosixFilePermissions(file("loyalty.yaml", LOYALTY), Set.of());
        assumeFalse(Files.isReadable(file), "whoever may read everything");

        assertThatThrownBy(() -> draft(with("{ file: loyalty.yaml }"))).isInstanceOf(UnreadableFileException.class)
                .hasMessage(file + " cannot be read: access is denied");
    }

    @Test
    void should_read_no_file_for_a_definition_that_wants_its_dataflow_to_be_absent() throws Exception {
        assertThat(draft(with("{ file: loyalty.yaml }") + "state: absent\n").flawless().lifecycle().isAbsent()).isTrue();
        Files.delete(folder);

        assertThat(draft(with("{ file: loyalty.yaml }") + "state: absent\n").faults()).isEmpty();
    }

    @Test
    @Timeout(10)
    void should_open_only_plain_files_of_the_folder() throws Exception {
        Path outside = Files.writeString(root.resolve("outside.yaml"), LOYALTY);
        Files.createSymbolicLink(folder.resolve("link.yaml"), outside);
        Files.createDirectory(folder.resolve("folder.yaml"));
        Process pipe = new ProcessBuilder("mkfifo", folder.resolve("pipe.yaml").toString()).start();
        assertThat(pipe.waitFor()).isZero();
        file("loyalty.yaml", LOYALTY);
        Files.createSymbolicLink(folder.resolve("mounted.yaml"), Path.of("loyalty.yaml"));

        assertThat(draft(with("{ file: link.yaml }", "{ file: folder.yaml }", "{ file: pipe.yaml }")).faults()).hasSize(3)
                .allSatisfy(fault -> assertThat(fault.message()).contains("it is no plain file in this folder"));
        assertThat(draft(with("{ file: mounted.yaml }")).faults()).isEmpty();
    }

    @Test
    void should_hold_the_bounds_of_a_definition() throws Exception {
        file("large.yaml", "title: Large\nfields: { a: string }\n" + "#".repeat(Document.MAX_BYTES));
        file("bomb.yaml", "x-a: &a [ 1, 1, 1 ]\ntitle: Bomb\nfields: [ " + "*a, ".repeat(21) + "*a ]\n");
        Files.write(folder.resolve("latin.yaml"), new byte[] {'t', (byte) 0xE9});
        StringBuilder wide = new StringBuilder("title: Many %d\nfields:\n");
        for (int i = 0; i < 3000; i++) {
            wide.append("  f").append(i).append(": string\n");
        }
        for (int i = 0; i < 4; i++) {
            file("many%d.yaml".formatted(i), wide.toString().formatted(i));
        }

        assertThat(draft(with("{ file: large.yaml }", "{ file: bomb.yaml }", "{ file: latin.yaml }")).faults()).extracting(Fault::message)
                .anyMatch(message -> message.contains("more than 1048576 bytes")).anyMatch(message -> message.contains("20 aliases"))
                .anyMatch(message -> message.contains("not UTF-8"));
        assertThat(draft(with("{ file: many0.yaml }", "{ file: many1.yaml }", "{ file: many2.yaml }", "{ file: many3.yaml }")).faults())
                .extracting(Fault::message).singleElement().asString().contains("more than 10000 values with all its field groups");
    }

    @Test
    void should_read_each_file_once() throws Exception {
        file("loyalty.yaml", LOYALTY);

        assertThat(draft(with("{ file: loyalty.yaml }", "{ file: loyalty.yaml }")).faults()).singleElement().satisfies(fault -> {
            assertThat(fault.path()).isEqualTo("target.schema.fieldGroups[2].file");
            assertThat(fault.message()).isEqualTo("this file is already named on line 21; keep one");
        });
    }

    @Test
    void should_name_the_file_where_a_title_is_described_twice() throws Exception {
        file("loyalty.yaml", LOYALTY);

        assertThat(draft(with("{ file: loyalty.yaml }", "{ title: Loyalty, fields: { points: long } }")).faults()).singleElement()
                .satisfies(fault -> assertThat(fault.message()).endsWith("already described on %s line 1; keep one"
                        .formatted(folder.resolve("loyalty.yaml"))));
    }
}
