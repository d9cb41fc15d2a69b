package io.github.aepdataflows.definition;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16;
import static java.nio.charset.StandardCharsets.UTF_16BE;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that no editor wrote. All are refused by a {@link DefinitionException}, none by another error, none is read for long. */
class HostileInputTest {

    private static final int MIB = 1024 * 1024;
    private static final Duration HANGS = Duration.ofSeconds(60);

    @ParameterizedTest(name = "{0}")
    @MethodSource({"encodings", "shapes", "bombs", "tags", "numbers"})
    void should_refuse(String what, byte[] content, int line, String words) {
        List<Fault> faults = assertTimeoutPreemptively(HANGS, () -> Sample.faults(content));

        assertThat(faults).anySatisfy(fault -> {
            assertThat(fault.message()).contains(words);
            assertThat(fault.line()).isEqualTo(line);
        });
    }

    static Stream<Arguments> encodings() {
        byte[] tooLarge = Arrays.copyOf(Sample.YAML.getBytes(UTF_8), MIB + 1);
        Arrays.fill(tooLarge, Sample.YAML.length(), MIB + 1, (byte) '\n');
        return Stream.of(
                arguments("one byte more than 1 MiB", tooLarge, 0, "the file has more than 1048576 bytes"),
                arguments("UTF-16 with byte order mark", Sample.YAML.getBytes(UTF_16), 0, "save it as UTF-8"),
                arguments("UTF-16 little endian", Sample.YAML.getBytes(UTF_16LE), 1, "U+0000"),
                arguments("UTF-16 big endian", Sample.YAML.getBytes(UTF_16BE), 1, "U+0000"),
                arguments("Latin-1", Sample.with("of the CRM", "für das CRM").getBytes(ISO_8859_1), 0, "save it as UTF-8"),
                arguments("overlong UTF-8", new byte[] {(byte) 0xC0, (byte) 0xAF}, 0, "save it as UTF-8"),
                arguments("surrogate in UTF-8", new byte[] {(byte) 0xED, (byte) 0xA0, (byte) 0x80}, 0, "save it as UTF-8"),
                arguments("binary", new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'}, 0, "save it as UTF-8"),
                text("NUL", Sample.with("sandbox: prod", "sandbox: pr\0od"), 4, "control character U+0000"),
                text("escape", Sample.with("sandbox: prod", "sandbox: \u001b[2J"), 4, "control character U+001B"),
                text("delete", Sample.with("sandbox: prod", "sandbox: prod\u007f"), 4, "control character U+007F"),
                text("C1 control character", Sample.with("sandbox: prod", "sandbox: prod\u0090"), 4, "control character U+0090"),
                text("no character", Sample.with("sandbox: prod", "sandbox: prod\uFFFF"), 4, "U+FFFF"));
    }

    /** The YAML reader takes a text in pieces of 1024, and a character that needs two of them may be where one ends. */
    @Test
    void should_read_a_character_of_two_parts_wherever_it_stands() {
        for (int length = 1_000; length < 1_050; length++) {
            Document document = Document.parse(("description: " + "x".repeat(length) + "\uD83D\uDE00".repeat(2_000)).getBytes(UTF_8));

            assertThat(document.faults()).isEmpty();
            assertThat(document.root().path("description").asText()).hasSize(length + 4_000).endsWith("\uD83D\uDE00");
        }
    }

    static Stream<Arguments> shapes() {
        return Stream.of(
                text("nothing", "", 0, "the file is empty"),
                text("a byte order mark alone", "\uFEFF", 0, "the file is empty"),
                text("white space", " \r\n\t\n ", 0, "the file is empty"),
                text("comments", "# nothing\n# here\n", 1, "a definition is a mapping"),
                text("document marker", "---\n", 1, "a definition is a mapping"),
                text("a word", "hello", 1, "a definition is a mapping"),
                text("a list", "- " + Sample.YAML.replace("\n", "\n  "), 1, "a definition is a mapping"),
                text("a JSON list", "[{\"name\": \"CRM\"}]", 1, "a definition is a mapping"),
                text("two documents", Sample.YAML + "---\n" + Sample.YAML, 35, "the file holds 2 definitions"),
                text("a second document that is no definition", Sample.YAML + "---\n- a\n", 35, "the file holds 2 definitions"),
                text("two JSON documents", "{\"name\": \"a\"}\n{\"name\": \"b\"}", 2, "text after the end of the JSON object"),
                text("text after JSON", "{\"name\": \"a\"}\n\nand more", 3, "not valid JSON"),
                text("truncated JSON", "{\"name\": \"a\",\n\"source\": {", 2, "not valid JSON"),
                text("truncated JSON string", "{\"name\": \"a", 1, "not valid JSON"),
                text("JSON with a comment", "{\"name\": \"a\", // b\n}", 1, "not valid JSON"),
                text("unterminated double quote", Sample.with("name: CRM accounts", "name: \"CRM accounts"), 2,
                        "the quote that begins here is not closed"),
                text("unterminated single quote", Sample.with("name: CRM accounts", "name: 'CRM accounts"), 2,
                        "the quote that begins here is not closed"),
                text("unterminated quote before another document", "name: \"CRM\n---\nname: x\n", 1, "the quote that begins here"),
                text("a mark at the beginning", Sample.with("sandbox: prod", "sandbox: @prod"), 4, "begins with @ has to be put in quotes"),
                text("a backtick", Sample.with("sandbox: prod", "sandbox: `prod`"), 4, "begins with ` has to be put in quotes"),
                text("a percent sign", Sample.with("sandbox: prod", "sandbox: %prod"), 4, "begins with % has to be put in quotes"),
                text("a word without a colon", Sample.with("sandbox: prod", "sandbox"), 4, "could not find expected ':'"),
                text("unclosed list at the end", "name: x\nmapping: [ a,\n  b\n\n\n", 2, "not valid YAML"),
                text("a directive alone", "%prod\n", 1, "not valid YAML"),
                text("tab as indentation", Sample.with("  connector:", "\tconnector:"), 6, "not valid YAML"),
                text("wrong indentation", Sample.with("  tableName:", " tableName:"), 10, "not valid YAML"),
                text("unclosed flow mapping", Sample.with("{ name: Id, type: string }", "{ name: Id, type: string"), 13, "on line 12"),
                text("a list as key", "? [a, b]\n: c", 1, "a key must be a plain word"),
                text("unknown YAML version", "%YAML 3.0\n---\n" + Sample.YAML, 0, "not valid YAML"),
                text("impossible YAML version", "%YAML 99999999999999.1\n---\n" + Sample.YAML, 1, "not valid YAML"),
                text("impossible character", "name: \"\\UFFFFFFFF\"", 0, "not valid YAML"),
                text("half a character in YAML", Sample.with("name: CRM source", "name: \"\\uD800\""), 7, "U+D800"),
                text("half a character in JSON", "{\"description\":\n\"\\ud800\"}", 2, "U+D800"),
                text("half a character in a JSON key", "{\n\"\\udc00\": 1}", 2, "U+DC00"));
    }

    static Stream<Arguments> bombs() {
        String laughs = "a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]\n" + IntStream.range(1, 10)
                .mapToObj(i -> "a%1$d: &a%1$d [*a%2$d, *a%2$d, *a%2$d, *a%2$d, *a%2$d, *a%2$d, *a%2$d, *a%2$d, *a%2$d]\n".formatted(i,
                        i - 1))
                .collect(Collectors.joining());
        String merges = "a0: &a0 { k: lol }\n" + IntStream.range(1, 40)
                .mapToObj(i -> "a%1$d: &a%1$d { x: *a%2$d, <<: *a%2$d }\n".formatted(i, i - 1)).collect(Collectors.joining());
        String doubling = "a0: &a0 [" + "x, ".repeat(300) + "]\n" + IntStream.range(1, 10)
                .mapToObj(i -> "a%1$d: &a%1$d [*a%2$d, *a%2$d]\n".formatted(i, i - 1)).collect(Collectors.joining());
        String deepening = "a0: &a0 " + "[".repeat(20) + "]".repeat(20) + "\na1: " + "[".repeat(20) + "*a0" + "]".repeat(20) + "\n";
        String keys = "\"" + "k".repeat(40_000) + "\"";
        return Stream.of(
                text("a billion laughs", laughs, 4, "more than 20 aliases"),
                text("a billion laughs by merge keys", merges, 12, "more than 20 aliases"),
                text("aliases that double", doubling, 6, "more than 10000 values"),
                text("an alias that deepens", deepening, 2, "nested deeper than 32 levels"),
                text("an alias of itself", "a: &a [*a]", 1, "*a stands for nothing"),
                text("a mapping that holds itself", "&a\nname: *a", 2, "*a stands for nothing"),
                text("an unknown alias", "name: *nobody", 1, "*nobody stands for nothing"),
                text("21 aliases", "a: &a 1\nb: [" + "*a, ".repeat(21) + "]", 2, "more than 20 aliases"),
                text("33 levels of YAML", "a: " + "[".repeat(32) + "]".repeat(32), 1, "nested deeper than 32 levels"),
                text("33 levels of JSON", "{\"a\": " + "[".repeat(32) + "]".repeat(32) + "}", 1, "nested deeper than 32 levels"),
                text("33 levels of block style", IntStream.range(0, 33).mapToObj(i -> " ".repeat(i) + "a:\n")
                        .collect(Collectors.joining()) +
                        " ".repeat(33) + "b", 33, "nested deeper than 32 levels"),
                text("10 001 values", "a: [" + "1, ".repeat(10_000) + "]", 1, "more than 10000 values"),
                text("200 000 duplicate keys", "a: 1\n".repeat(200_000), 10_000, "more than 10000 values"),
                text("duplicate JSON keys", "{\"a\":1" + ",\"a\":1".repeat(150_000) + "}", 1, "more than 10000 values"),
                text("paths that outgrow the heap", "{" + (keys + ":{").repeat(20) + "\"a\":[" + "0,".repeat(9_000) + "0]" + "}".repeat(21),
                        1, "a key of 40000 characters"),
                text("a key of 1 000 000 characters", "? " + "k".repeat(1_000_000) + "\n: 1", 1, "a key of 1000000 characters"),
                text("thousands of names to compare", manyNames(), 1600, "not among the columns"),
                text("thousands of empty rules", Sample.YAML.replaceAll("mapping:\n.*\n.*", "mapping: [" + "{}, ".repeat(9_000) + "]"), 23,
                        "is missing"),
                text("thousands of unknown keys", Sample.YAML + IntStream.range(0, 9_000).mapToObj(i -> "key" + i + ": 1\n")
                        .collect(Collectors.joining()), 9_000, "not a key of a definition"));
    }

    /** As many columns, and rules that take from none of them, as fit: every name would be compared with every other. */
    private static String manyNames() {
        String columns = IntStream.range(0, 1550).mapToObj(i -> "    - { name: c" + "ab".repeat(29) + i + ", type: string }\n")
                .collect(Collectors.joining());
        String rules = IntStream.range(0, 1550).mapToObj(i -> "  - { source: s" + "ba".repeat(29) + i + ", destination: d" + i + " }\n")
                .collect(Collectors.joining());
        return Sample.YAML.replaceAll("  columns:\n.*\n.*\n", "  columns:\n" + columns)
                .replaceAll("mapping:\n.*\n.*\n", "mapping:\n" + rules);
    }

    static Stream<Arguments> tags() {
        return Stream.of(
                text("a tag of Java", Sample.with("sandbox: prod", "sandbox: !!javax.script.ScriptEngineManager [x]"), 4,
                        "tags such as tag:yaml.org,2002:javax.script.ScriptEngineManager are not allowed"),
                text("nested tags of Java",
                        "name: !!javax.script.ScriptEngineManager [\n!!java.net.URLClassLoader [[\n!!java.net.URL ['http://x/']]]]", 2,
                        "java.net.URLClassLoader are not allowed"),
                text("a harmless tag", Sample.with("sandbox: prod", "sandbox: !!str prod"), 4, "leave the tag out"),
                text("a local tag", Sample.with("sandbox: prod", "sandbox: !env prod"), 4, "!env are not allowed"),
                text("a tag without a name", Sample.with("sandbox: prod", "sandbox: ! prod"), 4, "leave the tag out"),
                text("a tag on a key", Sample.with("sandbox: prod", "!!str sandbox: prod"), 4, "leave the tag out"),
                text("a tag on everything", "!!map\n" + Sample.YAML, 1, "leave the tag out"),
                text("a tag by directive", "%TAG ! tag:evil,2026:\n---\nname: !x y\n", 3, "tag:evil,2026:x are not allowed"),
                text("a malformed tag", "name: !<%FF%FE> y", 1, "not valid YAML"));
    }

    static Stream<Arguments> numbers() {
        return Stream.of("1e999999999", "-1e999999999", "9".repeat(400), "1." + "9".repeat(400)).flatMap(number -> Stream.of(
                text("YAML " + number, Sample.with("interval: 15", "interval: " + number), 31, "the number is too large"),
                text("YAML list " + number, Sample.with("sandbox: prod", "sandbox: [" + number + "]"), 4, "the number is too large"),
                text("JSON " + number, "{\"options\":\n{\"partialIngestionPercent\": " + number + "}}", 2, "the number is too large"),
                text("JSON list " + number, "{\"a\":\n[" + number + "]}", 2, "the number is too large")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "9", "[", "{", "- ", "a: ", "? ", "\"", "'", "&a ", "*a ", "!", "!a ", "|\n", ">", "%", "%a\n", "#", "-",
        "---\n", "...\n", "\n-", ",", ":", "::", "<<", "{\"a\":", "[[],", "{a,", "a\n", "\ta", "\\", " ", "\n", "\u2028", "\u00e9"})
    void should_refuse_a_mebibyte_of(String piece) {
        byte[] content = piece.repeat(MIB / piece.getBytes(UTF_8).length).getBytes(UTF_8);

        assertThat(assertTimeoutPreemptively(HANGS, () -> Sample.faults(content))).hasSizeLessThan(10)
                .allSatisfy(fault -> assertThat(fault.message()).hasSizeBetween(10, 500));
    }

    private static Arguments text(String what, String content, int line, String words) {
        return arguments(what, content.getBytes(UTF_8), line, words);
    }

    @ParameterizedTest
    @ValueSource(strings = {"name: CRM accounts", "description: Accounts of the CRM", "sandbox: prod", "connector: salesforce",
        "baseConnectionId: 4cb0c374-d3bb-4557-b139-5712880adc55", "format: tabular", "tableName: Account", "title: CRM schema",
        "class: https://ns.adobe.com/xdm/context/profile", "frequency: minute", "startTime: 2030-01-01T00:00:00Z", "interval: 15"})
    void should_refuse_a_value_of_a_mebibyte_without_repeating_it(String pair) {
        String key = pair.substring(0, pair.indexOf(':') + 2);
        for (String character : List.of("a", "\u00e9")) {
            String value = "\"" + character.repeat(1_000_000 / character.getBytes(UTF_8).length) + "\"";

            List<Fault> faults = assertTimeoutPreemptively(HANGS, () -> Sample.faults(Sample.with(pair, key + value)));

            assertThat(faults).isNotEmpty().allSatisfy(fault -> assertThat(fault.message()).hasSizeLessThan(500));
        }
    }

    @Test
    void should_show_control_characters_of_a_fault_as_escapes_so_that_it_stays_on_its_line() {
        List<Fault> faults = Sample.faults("{\"a\\nline 1: b\": 1, \"sandbox\": \"x\\r\\n\\u001b[2J\\u202e\\u2028\"}");

        assertThat(faults).extracting(Fault::toString).allSatisfy(fault -> assertThat(fault)
                .doesNotContainPattern("[\\p{Cc}\\p{Cf}\\u2028\\u2029]"))
                .anySatisfy(fault -> assertThat(fault).contains("a\\u000Aline 1: b"));
    }

    @Test
    void should_name_the_place_of_a_tag() {
        assertThat(Sample.faults(Sample.with("  connector:", "  !!str connector:")
                .replace("type: string }", "type: !!str string }").replace("sandbox: prod", "sandbox: !env prod")))
                .extracting(Fault::path).containsExactly("sandbox", "source", "source.columns[0].type", "source.columns[1].type");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\uFEFF", "", "\n\n", "# comment\n"})
    void should_accept_what_an_editor_may_put_first(String prefix) throws DefinitionException {
        assertThat(Sample.read(prefix + Sample.YAML).name()).isEqualTo("CRM accounts");
    }

    @Test
    void should_accept_a_definition_of_exactly_a_mebibyte() throws DefinitionException {
        String padding = "#".repeat(MIB - Sample.YAML.length());

        assertThat(Sample.read(Sample.YAML + padding).name()).isEqualTo("CRM accounts");
    }

    @Test
    void should_accept_twenty_aliases() throws DefinitionException {
        String columns = IntStream.range(0, 20).mapToObj(i -> "    - { name: c" + i + ", type: *t }\n").collect(Collectors.joining());
        String text = Sample.with("{ name: Id, type: string }\n", "{ name: Id, type: &t string }\n" + columns);

        assertThat(Sample.read(text).source().columns()).hasSize(22);
    }
}
