package io.github.aepdataflows.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine.Help.Ansi.IStyle;
import picocli.CommandLine.Help.Ansi.Style;
import picocli.CommandLine.Help.ColorScheme;
import picocli.CommandLine.Model.CommandSpec;

/** What a command says on standard output. Names and messages of others cannot steer the terminal. */
final class Output {

    /** Readable whatever the character set of the terminal is. */
    private static final ObjectWriter JSON = JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build().writerWithDefaultPrettyPrinter();
    private static final String UNSEEN = "[\\p{Cc}\\p{Cf}\\u2028\\u2029]";

    private final PrintWriter out;
    private final ColorScheme colors;

    Output(CommandSpec command) {
        this.out = command.commandLine().getOut();
        this.colors = command.commandLine().getColorScheme();
    }

    /** On one line, without anything that steers a terminal. */
    static String visible(String text) {
        return text.replaceAll(UNSEEN, "?");
    }

    void line(String text) {
        println(visible(text));
    }

    /** A line whose first words are coloured by what they mean, where there are colours. */
    void line(Style color, String first, String rest) {
        println(colors.apply(visible(first), List.<IStyle>of(color)) + visible(rest));
    }

    void json(JsonNode document) throws JsonProcessingException {
        println(JSON.writeValueAsString(document));
    }

    private void println(String line) {
        out.println(line);
        out.flush();
    }
}
