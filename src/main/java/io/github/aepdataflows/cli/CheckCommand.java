package io.github.aepdataflows.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.aepdataflows.platform.Outcome;
import io.github.aepdataflows.platform.PlatformException;
import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.function.ToIntFunction;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi.Style;
import picocli.CommandLine.Mixin;

@Command(name = "check", mixinStandardHelpOptions = true, versionProvider = Version.class,
        description = "Says what is wrong with definitions: by their own rules, and by what the Platform has. Reads only. It may be used"
                + " while the program runs, and needs no data folder.",
        footer = {"", "A fault is a line FILE:LINE: PATH: MESSAGE. Exit code 1 when there is one, or when something could not be checked."
                + " As JSON: per definition the report of direct:aep-check, or an error.", "",
                "@|bold Examples|@:",
                "  aep-dataflows check crm.yaml definitions/",
                "  git show main:crm.yaml | aep-dataflows check -"})
final class CheckCommand implements Callable<Integer> {

    private static final ObjectMapper JSON = new ObjectMapper();

    @Mixin
    private Console console;

    @Mixin
    private DefinitionFiles files;

    @Override
    public Integer call() throws Exception {
        ArrayNode reports = JSON.createArrayNode();
        try (OneShot program = console.reading()) {
            boolean shouldContinue = true;
            for (DefinitionSource definition : files.all()) {
                ObjectNode report = definition.document();
                shouldContinue = shouldContinue ? check(program, definition, report) : couldNot(report, "not checked: see above");
                reports.add(report);
                print(definition, report);
            }
        }
        return conclude(reports);
    }

    /** Adds what has come out to the report; false when it would be the same with every other file. */
    private static boolean check(OneShot program, DefinitionSource definition, ObjectNode report) throws Exception {
        try {
            if (definition.unreadable().isPresent()) {
                couldNot(report, definition.unreadable().get());
            } else {
                report.setAll((ObjectNode) program.ask("direct:aep-check", definition.part()));
            }
            return true;
        } catch (IOException e) {
            couldNot(report, "could not be checked: " + Failures.words(e));
            return !(e instanceof PlatformException failure) || failure.getOutcome() == Outcome.REJECTED;
        }
    }

    private static boolean couldNot(ObjectNode report, String why) {
        report.put("ok", false).put("error", why);
        return false;
    }

    private void print(DefinitionSource definition, JsonNode report) {
        if (report.path("ok").asBoolean()) {
            console.line(Style.fg_green, definition.label() + ": ok", "");
        } else if (report.has("error")) {
            console.line(Style.fg_red, definition.label() + ": ", report.path("error").asText());
        }
        report.path("faults").forEach(fault -> console.fault(Style.fg_red, definition.file(), "", fault));
        report.path("notes").forEach(note -> console.fault(Style.fg_yellow, definition.file(), "note: ", note));
    }

    private int conclude(ArrayNode reports) throws IOException {
        int ok = count(reports, report -> report.path("ok").asBoolean() ? 1 : 0);
        int faults = count(reports, report -> report.path("faults").size());
        int notes = count(reports, report -> report.path("notes").size());
        int unchecked = count(reports, report -> report.has("error") ? 1 : 0);
        boolean allOk = ok == reports.size();
        ObjectNode document = JSON.createObjectNode().put("ok", allOk);
        document.putObject("counts").put("definitions", reports.size()).put("ok", ok).put("faults", faults).put("notes", notes)
                .put("unchecked", unchecked);
        console.json(document.set("definitions", reports));
        console.line("%d checked, %d ok; faults: %d, notes: %d%s".formatted(reports.size() - unchecked, ok, faults, notes,
                unchecked == 0 ? "" : ", could not be checked: " + unchecked));
        return allOk ? AepDataflows.DONE : AepDataflows.FAILURE;
    }

    private static int count(ArrayNode reports, ToIntFunction<JsonNode> what) {
        return reports.valueStream().mapToInt(what).sum();
    }
}
