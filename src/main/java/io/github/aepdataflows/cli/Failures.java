package io.github.aepdataflows.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.github.aepdataflows.ledger.LedgerException;
import io.github.aepdataflows.platform.PlatformException;
import io.github.aepdataflows.provision.ConflictException;
import io.github.aepdataflows.provision.Diagnosis;
import io.github.aepdataflows.settings.SettingsException;
import java.io.IOException;
import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** Says on standard error why a command came to nothing, and returns the exit code for it. */
final class Failures {

    private Failures() {
    }

    /** What a command could not do, and what can be done about it. */
    static String words(Exception failure) {
        return failure instanceof PlatformException refusal ? "%s. %s".formatted(refusal.getMessage(), Diagnosis.advice(refusal))
                : failure.getMessage();
    }

    static int misunderstood(ParameterException failure, String[] arguments) {
        CommandLine command = failure.getCommandLine();
        PrintWriter err = command.getErr();
        err.println(command.getColorScheme().errorText(failure.getMessage()));
        UnmatchedArgumentException.printSuggestions(failure, err);
        err.printf("Try '%s --help'.%n", command.getCommandSpec().qualifiedName());
        err.flush();
        return AepDataflows.UNUSABLE_ARGUMENTS;
    }

    private static String who(CommandLine command) {
        boolean works = command.getCommand() instanceof AepDataflows || command.getCommand() instanceof RunCommand;
        return works ? "The application could not start" : command.getCommandSpec().qualifiedName();
    }

    /** As lines for people; and as a JSON document, where one is wanted. */
    private static void tell(CommandLine command, String who, String message, String advice) throws JsonProcessingException {
        command.getErr().println(who + message);
        if (!advice.isEmpty()) {
            command.getErr().println(advice);
        }
        if (command.getParseResult() != null && command.getParseResult().hasMatchedOption(Console.JSON_OPTION)) {
            command.getOut().println(Console.text(JsonNodeFactory.instance.objectNode().put("message", message).put("advice", advice)));
            command.getOut().flush();
        }
    }

    static int failed(Exception failure, CommandLine command, ParseResult parsed) throws JsonProcessingException {
        PrintWriter err = command.getErr();
        try {
            for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
                if (cause instanceof SettingsException) {
                    tell(command, "", cause.getMessage(),
                            "Nothing was started. See config/application.properties for what each of them means.");
                    return AepDataflows.UNUSABLE_SETTINGS;
                } else if (cause instanceof IOException || cause instanceof LedgerException || cause instanceof ConflictException) {
                    tell(command, who(command) + ": ", cause.getMessage(), cause instanceof ConflictException conflict ? conflict.advice()
                            : cause instanceof PlatformException refusal ? Diagnosis.advice(refusal) : "");
                    return AepDataflows.FAILURE;
                }
            }
            failure.printStackTrace(err);
            return AepDataflows.FAILURE;
        } finally {
            err.flush();
        }
    }
}
