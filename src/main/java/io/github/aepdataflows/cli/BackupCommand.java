package io.github.aepdataflows.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.github.aepdataflows.ledger.Ledger;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(name = "backup", mixinStandardHelpOptions = true, versionProvider = Version.class,
        description =
                "Writes what the ledger has at this moment into one file, and checks it. It may be used while the program runs. A ledger in"
                + " PostgreSQL is backed up with pg_dump.",
        footer = {"", "@|bold Example|@:",
                "  aep-dataflows backup /backup/ledger-2026-11-26.db"})
final class BackupCommand implements Callable<Integer> {

    @Mixin
    private Console console;

    @Parameters(paramLabel = "FILE", description = "A file that does not exist yet.")
    private Path file;

    @Override
    public Integer call() throws Exception {
        try (OneShot program = console.closedLedger()) {
            program.bean("aepLedger", Ledger.class).backUp(file);
        }
        console.json(JsonNodeFactory.instance.objectNode().put("backup", file.toString()));
        console.line(file + ": written");
        return AepDataflows.DONE;
    }
}
