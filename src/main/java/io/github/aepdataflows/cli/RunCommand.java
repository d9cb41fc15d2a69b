package io.github.aepdataflows.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

@Command(name = "run", mixinStandardHelpOptions = true, versionProvider = Version.class,
        description = "Takes what is dropped into data/inbox, and audits by its schedule, until it is stopped. The same as no command.",
        footer = {"", "@|bold Example|@:", "  AEP_INBOX_CONCURRENCY=8 aep-dataflows run"})
final class RunCommand implements Callable<Integer> {

    @ParentCommand
    private AepDataflows commandLine;

    @Override
    public Integer call() throws Exception {
        return commandLine.program().run();
    }
}
