package io.github.aepdataflows.cli;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.AutoComplete.GenerateCompletion;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;

/** The command line. A command is a class of its own that is named here. */
@Command(name = "aep-dataflows",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        description = {"Turns definitions, small YAML or JSON files, into working source dataflows on Adobe Experience Platform, and keeps"
                + " watch over the dataflows that exist. Without a command it runs until it is stopped, and takes what is dropped into"
                + " data/inbox.%n"},
        synopsisSubcommandLabel = "[COMMAND]",
        footer = {"",
                "@|bold Settings|@ come from config/application.properties and from the environment. Four have no default:",
                "  AEP_CLIENT_ID, AEP_CLIENT_SECRET  of an OAuth server-to-server credential",
                "  AEP_ORG_ID                        as in 0123456789ABCDEF01234567@AdobeOrg",
                "  AEP_SANDBOX                       as in dev",
                "",
                "@|bold Examples|@ (the program is target/bin/aep-dataflows):",
                "  aep-dataflows                            works until Ctrl-C",
                "  aep-dataflows init --connector=…         writes a first definition",
                "  aep-dataflows check crm.yaml             is it right? Creates nothing",
                "  git show main:crm.yaml | aep-dataflows check -",
                "  aep-dataflows check --json definitions/  one JSON document, for a pipeline",
                "  aep-dataflows plan definitions/          what has changed, there or here?",
                "  aep-dataflows apply definitions/         make them so",
                "  aep-dataflows export --all --out found/  what exists, as definitions",
                "  aep-dataflows audit                      how are the sandbox's dataflows?",
                "  aep-dataflows retry crm                  repeat its failed runs",
                "  aep-dataflows status                     what was made from here?",
                "  source <(aep-dataflows generate-completion)   completes commands and options",
                "A demo that needs no setting:",
                "  java -Dcamel.main.profile=demo -jar target/aep-dataflows.jar",
                ""},
        exitCodeListHeading = "@|bold Exit codes|@:%n",
        exitCodeList = {"0:done, and nothing is wrong",
                "1:it failed, or something is wrong with what was looked at, or a plan cannot be carried out",
                "2:settings are missing or unsafe: nothing was started. Of plan and of connectors --refresh: there are differences",
                "64:the command or its options cannot be understood"})
public final class AepDataflows implements Callable<Integer> {

    static final int DONE = 0;
    static final int FAILURE = 1;
    static final int UNUSABLE_SETTINGS = 2;
    static final int DIFFERENCES = 2;
    static final int UNUSABLE_ARGUMENTS = 64;

    private static final List<Class<?>> COMMANDS = List.of(RunCommand.class, InitCommand.class, CheckCommand.class, PlanCommand.class,
            ApplyCommand.class, ExportCommand.class, AdoptCommand.class, AuditCommand.class, RunNowCommand.class, RetryCommand.class,
            StatusCommand.class, PruneCommand.class, BackupCommand.class, RestoreCommand.class, RebuildCommand.class,
            ConnectorsCommand.class, SimulatorCommand.class);
    /** With those of picocli, which are about all others. */
    private static final List<Class<?>> ALL_COMMANDS = Stream.concat(COMMANDS.stream(),
            Stream.of(GenerateCompletion.class, HelpCommand.class)).toList();

    private final Program program;

    private AepDataflows(Program program) {
        this.program = program;
    }

    /**
     * The command line for these arguments, which its execute parses and carries out, with an exit code. It has all commands where they
     * name none of ours, else that one alone: to read all takes longer than many a command.
     */
    public static CommandLine of(Program program, String... arguments) {
        CommandLine line = new CommandLine(new AepDataflows(program));
        List<Class<?>> named = arguments.length == 0 ? List.of() : COMMANDS.stream()
                .filter(command -> arguments[0].equals(command.getAnnotation(Command.class).name())).toList();
        (named.isEmpty() ? ALL_COMMANDS : named).forEach(line::addSubcommand);
        if (named.isEmpty()) {
            example(line, "generate-completion", "aep-dataflows generate-completion > ~/.aep-dataflows-completion");
            example(line, "help", "aep-dataflows help apply");
        }
        return line.setParameterExceptionHandler(Failures::misunderstood).setExecutionExceptionHandler(Failures::failed);
    }

    /** A command of picocli's own has none. */
    private static void example(CommandLine line, String command, String example) {
        line.getSubcommands().get(command).getCommandSpec().usageMessage().footer("", "@|bold Example|@:", "  " + example);
    }

    Program program() {
        return program;
    }

    @Override
    public Integer call() throws Exception {
        return program.run();
    }
}
