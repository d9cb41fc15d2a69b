package io.github.aepdataflows.guide;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.aepdataflows.cli.Terminal;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Who types what the pages show, in the order of the page, sees what the pages show. */
class GuideCommandsTest {

    private static final Pattern COMMAND = Pattern.compile("(?m)^(?:\\$ )?aep-dataflows ([a-z][^#|>&;\n]*)");

    static Stream<Page> pagesWithCommands() {
        return Page.all().stream().filter(page -> page.blocks().stream().anyMatch(block -> block.isShell() && !block.isNotReplayed()));
    }

    static Stream<Block> blocksThatAreNotReplayed() {
        return Page.all().stream().flatMap(page -> page.blocks().stream()).filter(Block::isNotReplayed);
    }

    @ParameterizedTest
    @MethodSource("pagesWithCommands")
    void should_print_what_the_page_shows(Page page, @TempDir Path temporary) throws Exception {
        assumeTrue(!page.text().contains("$ curl ") || isInstalled("curl"));
        StringBuilder compared = new StringBuilder(page.text());
        StringBuilder fresh = new StringBuilder(page.text());
        Map<String, String> ids = new HashMap<>();
        try (Session session = new Session(temporary)) {
            for (Block block : page.blocks()) {
                replay(block, session, ids, compared, fresh);
            }
        }
        if (System.getProperty("write") != null && !compared.toString().equals(page.text())) {
            Files.writeString(page.file(), fresh);   // all of it, so that an id is the same throughout the page
        } else {
            assertThat(compared.toString())
                    .as("only ids, times, durations and … may differ; write it anew by: mvn -Dtest=GuideCommandsTest -Dwrite test")
                    .isEqualTo(page.text());
        }
    }

    private static boolean isInstalled(String program) throws Exception {
        return new ProcessBuilder("bash", "-c", "command -v " + program).redirectOutput(Redirect.DISCARD).start().waitFor() == 0;
    }

    /**
     * Types the commands of a block.
     *
     * @param ids      which printed id each shown id of the page stands for
     * @param compared the page, of which a shown output is replaced where another one was printed
     * @param fresh    the page, of which each shown output is replaced, unless it has its own …
     */
    private static void replay(Block block, Session session, Map<String, String> ids, StringBuilder compared, StringBuilder fresh)
            throws Exception {
        if (block.file().isPresent()) {
            session.save(block.file().get(), block.text());
        } else if (block.isAfterStop()) {
            session.stopTheProgram();
        }
        if (block.isNotReplayed() || !block.isShell()) {
            return;
        }
        if (block.language().equals("sh")) {
            Session.Result result = session.type(block.text());
            assertThat(result.code()).as("%s\n%s", block, result.output()).isZero();
            return;
        }
        StringBuilder comparedBlock = new StringBuilder();
        StringBuilder freshBlock = new StringBuilder();
        for (Shown shown : Shown.of(block)) {
            String output = session.type(shown.command()).output();
            boolean isShown = shown.isShownOf(output) && (shown.isAbridged() || shown.hasTheIdsOf(output, ids));
            comparedBlock.append(shown.with(isShown ? shown.output() : output));
            freshBlock.append(shown.with(isShown && shown.isAbridged() ? shown.output() : output));
        }
        replace(compared, block.text(), comparedBlock);
        replace(fresh, block.text(), freshBlock);
    }

    private static void replace(StringBuilder page, String block, CharSequence by) {
        int start = page.indexOf("\n" + block) + 1;
        page.replace(start, start + block.length(), by.toString());
    }

    /** Commands for a container or a real Platform, say: at least the command line understands them. */
    @ParameterizedTest
    @MethodSource("blocksThatAreNotReplayed")
    void should_show_only_commands_and_options_that_exist(Block block) {
        assertThat(block.isShell()).as("%s", block).isTrue();
        List<String> commands = COMMAND.matcher(block.text()).results().map(command -> command.group(1)).toList();
        for (String command : commands) {
            assertThatCode(() -> Terminal.unset().commandLine().parseArgs(command.strip().split(" +"))).as("%s", block)
                    .doesNotThrowAnyException();
        }
    }
}
