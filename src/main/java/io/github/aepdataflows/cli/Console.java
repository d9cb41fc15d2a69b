package io.github.aepdataflows.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.github.aepdataflows.definition.VisibleText;
import io.github.aepdataflows.ledger.Ledger;
import io.github.aepdataflows.ledger.LedgerException;
import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine.Help.Ansi.IStyle;
import picocli.CommandLine.Help.Ansi.Style;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Where a command was typed: starts the program for it, and shows what it answers, which is lines for people or one JSON document;
 * whichever is not wanted is passed over. Names and messages of others cannot steer the terminal.
 */
final class Console {

    static final String JSON_OPTION = "--json";

    /** Readable whatever the character set of the terminal is. */
    private static final ObjectWriter JSON = JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build()
            .writerWithDefaultPrettyPrinter();

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(names = JSON_OPTION, description = "One JSON document in place of the lines.")
    private boolean json;

    static Console of(CommandSpec command) {
        Console console = new Console();
        console.command = command;
        return console;
    }

    /** For a command that only reads: it gets along with a program that runs, and makes neither ledger nor folder. */
    OneShot reading() throws Exception {
        return OneShot.start(program(), true, false, err());
    }

    /** The same for a command that needs no route. */
    OneShot ledger() throws Exception {
        return OneShot.ledger(program(), err());
    }

    /** The same with a ledger that is not opened. */
    OneShot closedLedger() throws Exception {
        return OneShot.closedLedger(program(), err());
    }

    /**
     * For a command that works, and which is therefore the only one to have the ledger.
     *
     * @param done    what it does, as in {@code applied}
     * @param instead what else can be done where somebody has the ledger; may be empty
     * @throws LedgerException when somebody has it
     */
    OneShot working(String done, String instead) throws Exception {
        return working(done, instead, false);
    }

    /** The same, for a command that may also begin a ledger where one was lost. */
    OneShot working(String done, String instead, boolean anew) throws Exception {
        OneShot program = OneShot.start(program(), false, anew, err());
        Ledger ledger = program.bean("aepLedger", Ledger.class);
        if (!ledger.isOpen()) {
            String why = ledger.trouble().orElse("");
            program.close();
            throw new LedgerException("nothing was %s, as the ledger cannot be opened: %s. Stop the program that has it%s".formatted(done,
                    why, instead));
        }
        return program;
    }

    Program program() {
        return ((AepDataflows) command.root().userObject()).program();
    }

    CommandSpec command() {
        return command;
    }

    boolean isJson() {
        return json;
    }

    PrintWriter err() {
        return command.commandLine().getErr();
    }

    void line(String text) {
        if (!json) {
            println(VisibleText.of(text));
        }
    }

    /** A line whose first words are coloured by what they mean, where there are colours. */
    void line(Style color, String first, String rest) {
        if (!json) {
            println(command.commandLine().getColorScheme().apply(VisibleText.of(first), List.<IStyle>of(color)) + VisibleText.of(rest));
        }
    }

    /** A fault {@code {path, line, message}} as compilers word it, so that an editor or a terminal can jump there. */
    void fault(Style color, String file, String kind, JsonNode fault) {
        String line = fault.path("line").isInt() ? fault.path("line").asInt() + ":" : "";
        String path = fault.path("path").asText();
        line(color, "%s:%s %s".formatted(file, line, kind), (path.isEmpty() ? "" : path + ": ") + fault.path("message").asText());
    }

    void json(JsonNode document) throws JsonProcessingException {
        if (json) {
            println(text(document));
        }
    }

    static String text(JsonNode document) throws JsonProcessingException {
        return JSON.writeValueAsString(document);
    }

    private void println(String line) {
        command.commandLine().getOut().println(line);
        command.commandLine().getOut().flush();
    }
}
