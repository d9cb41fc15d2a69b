package io.github.aepdataflows.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.github.aepdataflows.ledger.Ledger;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(name = "restore", mixinStandardHelpOptions = true, versionProvider = Version.class,
        description =
                "Puts a backup in the place of the ledger, once it was checked, and the ledger there aside. The program must not run"
                + " meanwhile. What was made since the backup is looked for before anything is made again; the log of the next start names"
                + " what the ledger does not know.",
        footer = {"", "@|bold Example|@:",
                "  aep-dataflows restore /backup/ledger-2026-11-26.db"})
final class RestoreCommand implements Callable<Integer> {

    @Mixin
    private Console console;

    @Parameters(paramLabel = "FILE", description = "What backup has written.")
    private Path file;

    @Override
    public Integer call() throws Exception {
        Optional<Path> aside;
        try (OneShot program = console.closedLedger()) {
            aside = program.bean("aepLedger", Ledger.class).restore(file);
        }
        String before = aside.map(Path::toString).orElse(null);
        console.json(JsonNodeFactory.instance.objectNode().put("restored", file.toString()).put("before", before));
        console.line(file + ": restored" + (before == null ? "" : "; the ledger before it is " + before));
        return AepDataflows.DONE;
    }
}
