package io.github.aepdataflows.ledger;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import javax.sql.DataSource;

/**
 * Brings the tables up to date, all pending versions in one transaction. The history has the form that Flyway gave it in earlier versions
 * of this program; Flyway itself is not used, because a host that finds it on the class path would migrate its own database.
 */
final class Migration {

    private static final String FOLDER = "/aep-dataflows-ledger/";

    private static final String HISTORY = """
            create table if not exists aep_ledger_history (
              installed_rank integer not null primary key, version varchar(50), description varchar(200) not null,
              type varchar(20) not null, script varchar(1000) not null, checksum integer, installed_by varchar(100) not null,
              installed_on timestamp not null default current_timestamp, execution_time integer not null, success boolean not null)""";

    private final Database database;

    Migration(Database database) {
        this.database = database;
    }

    /**
     * Does nothing when the tables are up to date.
     *
     * @throws UnusableLedgerException when there are no tables though there should be, or newer ones, or altered ones
     */
    void run(DataSource source) throws LedgerException {
        try (Session session = Session.of(source)) {
            List<String> applied = history(session);
            if (!applied.equals(upToDate())) {
                bring(session, applied);
            }
        }
    }

    private void bring(Session session, List<String> applied) throws LedgerException {
        List<String> upToDate = upToDate();
        if (applied.isEmpty() && !database.mayBeEmpty()) {
            throw new UnusableLedgerException(("%s holds no ledger, but something else. Let the setting name another place, or move it "
                    + "away").formatted(database.place()));
        }
        if (applied.stream().map(Migration::version).anyMatch(version -> version > version(upToDate.get(upToDate.size() - 1)))) {
            throw new UnusableLedgerException(("%s was written by a newer version of this program. Start that "
                    + "version").formatted(database.place()));
        }
        if (!upToDate.subList(0, applied.size()).equals(applied)) {
            throw new UnusableLedgerException("%s is damaged (its history of versions is not as it was written). %s"
                    .formatted(database.place(), database.cure()));
        }
        if (database.isReadOnly()) {
            throw new LedgerException(("%s was written by an older version of this program. Start this version "
                    + "once").formatted(database.place()));
        }
        session.inTransaction(() -> {
            database.lockForMigration(session);   // several instances may begin a ledger at the same time
            session.execute(HISTORY);
            for (Version version : Version.all().subList(history(session).size(), upToDate.size())) {
                version.apply(session);
            }
        });
    }

    /** What the history says of tables that are up to date: version and checksum of each file, oldest first. */
    static List<String> upToDate() {
        return Version.all().stream().map(version -> version.number + " " + version.checksum).toList();
    }

    private static int version(String entry) {
        return Integer.parseInt(entry.split(" ")[0]);
    }

    /** A line of the file {@code versions}: the script that brings the tables from the version before to this one. */
    private record Version(int number, int checksum, String script) {

        private static List<Version> all() {
            return text("versions").lines().map(line -> line.split(" "))
                    .map(words -> new Version(Integer.parseInt(words[0]), Integer.parseInt(words[1]), words[2])).toList();
        }

        private void apply(Session session) {
            Stream.of(text(script).split(";\\s*(\n|$)")).filter(statement -> !statement.isBlank()).forEach(session::execute);
            session.execute("insert into aep_ledger_history (installed_rank, version, description, type, script, checksum, installed_by,"
                    + " execution_time, success) values (?, ?, ?, 'SQL', ?, ?, 'aep', 0, true)",
                    number, String.valueOf(number), script, script, checksum);
        }

        private static String text(String name) {
            try (InputStream in = Migration.class.getResourceAsStream(FOLDER + name)) {
                return new String(in.readAllBytes(), StandardCharsets.US_ASCII);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    static List<String> history(Session session) {
        try {
            return session.select("select version, checksum from aep_ledger_history where success and type <> 'BASELINE'"
                + " order by installed_rank",
                    row -> row.getString(1) + " " + row.getInt(2));
        } catch (DatabaseException e) {
            return List.of();   // there are no tables yet
        }
    }
}
