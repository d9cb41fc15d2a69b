package io.github.aepdataflows.ledger;

import java.util.Arrays;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.configuration.FluentConfiguration;

/** Brings the tables up to date, all pending versions in one transaction. */
final class Migration {

    /** How often a migration that fails for what it finds is tried. */
    private static final int MOST = 5;

    private final Database database;

    Migration(Database database) {
        this.database = database;
    }

    /**
     * @throws UnusableLedgerException when there are no tables though there should be, or newer ones, or altered ones
     */
    void run(DataSource source) throws LedgerException {
        Flyway flyway = configuration(source).load();
        MigrationInfo[] applied = flyway.info().applied();
        if (applied.length == 0 && !database.mayBeEmpty()) {
            throw new UnusableLedgerException(("%s holds no ledger, but something else. Let the setting name another place, or move it "
                    + "away").formatted(database.place()));
        }
        if (Arrays.stream(applied).anyMatch(version -> !version.getState().isResolved())) {
            throw new UnusableLedgerException(("%s was written by a newer version of this program. Start that "
                    + "version").formatted(database.place()));
        }
        if (database.isReadOnly()) {
            if (flyway.info().pending().length > 0) {
                throw new LedgerException(("%s was written by an older version of this program. Start this version "
                        + "once").formatted(database.place()));
            }
            return;
        }
        for (int attempt = 1; ; attempt++) {
            try {
                configuration(source).load().migrate();
                return;
            } catch (FlywayException e) {
                if (e.getCause() != null) {
                    throw e;   // the database's own words
                } else if (attempt == MOST) {
                    // several instances that begin a ledger at the same time stand in each other's way, but not again
                    throw new UnusableLedgerException("%s is damaged (its history of versions is not as it was written). %s"
                            .formatted(database.place(), database.cure()), e);
                }
            }
        }
    }

    private static FluentConfiguration configuration(DataSource source) {
        return Flyway.configure(Migration.class.getClassLoader())
                .dataSource(source)
                .locations("classpath:aep-dataflows-ledger")   // not Flyway's usual folder, which hosts scan for their own
                .table("aep_ledger_history")
                .group(true)
                .baselineOnMigrate(true)   // other tables may stand in the same schema
                .baselineVersion("0");
    }
}
