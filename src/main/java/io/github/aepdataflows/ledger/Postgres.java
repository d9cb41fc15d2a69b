package io.github.aepdataflows.ledger;

import com.zaxxer.hikari.HikariConfig;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.regex.Pattern;

/** A ledger that several instances share. The parameters of its URL travel as properties, since a URL ends up in messages. */
final class Postgres implements Database {

    static final String PREFIX = "jdbc:postgresql:";

    private static final int CONNECTIONS = 4;
    private static final int CONNECTION_MILLIS = 10_000;

    /** The state of an error by which stored data are damaged. */
    static final String CORRUPTED = "XX001";

    /** Serialization failure, deadlock, lock not to be had in time; a row that another transaction has just made. */
    private static final Set<String> COLLISIONS = Set.of("40001", "40P01", "55P03", "23505");
    /** Data and index corrupted; columns and tables that are not as they were made. */
    private static final Set<String> DAMAGES = Set.of(CORRUPTED, "XX002", "42P01", "42703", "42P07");

    private static final Map<String, String> DEFAULTS = Map.of("connectTimeout", "5", "socketTimeout", "60", "tcpKeepAlive", "true",
            "options", "-c lock_timeout=5s", "ApplicationName", "aep-dataflows");
    private static final Pattern LOOPBACK = Pattern.compile("^jdbc:postgresql:(//(localhost|127\\.0\\.0\\.1|\\[::1])[:/]|[^/])");

    private final String url;
    private final Properties parameters;
    private final boolean readOnly;

    private Postgres(String url, Properties parameters, boolean readOnly) {
        this.url = url;
        this.parameters = parameters;
        this.readOnly = readOnly;
    }

    static Postgres at(String url, String user, String password) throws UnusableLedgerException {
        String[] sides = url.split("\\?", 2);
        if (sides[0].contains("@")) {
            throw new UnusableLedgerException("The ledger's URL may not hold user and password: they have settings of their own");
        }
        Properties parameters = new Properties();
        parameters.putAll(DEFAULTS);
        for (String parameter : sides.length == 1 ? new String[0] : sides[1].split("&")) {
            String[] pair = parameter.split("=", 2);
            parameters.setProperty(pair[0], pair.length == 1 ? "" : URLDecoder.decode(pair[1], StandardCharsets.UTF_8));
        }
        if (!LOOPBACK.matcher(sides[0]).find()) {
            parameters.putIfAbsent("sslmode", "verify-full");   // a password in clear is for a loopback host only
        }
        if (!user.isEmpty()) {
            parameters.setProperty("user", user);
        }
        if (!password.isEmpty()) {
            parameters.setProperty("password", password);
        }
        return new Postgres(sides[0], parameters, false);
    }

    @Override
    public Database forReading() throws LedgerException {
        Properties reading = new Properties();
        reading.putAll(parameters);
        reading.setProperty("options", parameters.getProperty("options") + " -c default_transaction_read_only=on");
        try (Connection connection = DriverManager.getConnection(url, reading); Statement statement = connection.createStatement();
                ResultSet tables = statement.executeQuery("select to_regclass('aep_ledger') is not null")) {
            return tables.next() && tables.getBoolean(1) ? new Postgres(url, reading, true) : Sqlite.empty();
        } catch (SQLException e) {
            throw new LedgerException("%s cannot be used now (%s)".formatted(place(), String.valueOf(e.getMessage()).lines().findFirst()
                    .orElse("")), e);
        }
    }

    @Override
    public boolean isReadOnly() {
        return readOnly;
    }

    @Override
    public HikariConfig pool() {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setMaximumPoolSize(CONNECTIONS);
        config.setConnectionTimeout(CONNECTION_MILLIS);
        config.setDataSourceProperties(parameters);
        return config;
    }

    @Override
    public void lockForMigration(Session session) {
        session.select("select pg_advisory_xact_lock(hashtext('aep_ledger_history'))", row -> true);
    }

    @Override
    public void lockName(Session session, String name) {
        session.select("select pg_advisory_xact_lock(hashtext(?))", row -> true, "aep " + name);
    }

    @Override
    public long now(Session session) {
        return session.select("select cast(floor(extract(epoch from clock_timestamp()) * 1000) as bigint)", row -> row.getLong(1)).get(0);
    }

    @Override
    public String forUpdate() {
        return readOnly ? "" : " for update";
    }

    @Override
    public Failure failure(SQLException e) {
        String state = String.valueOf(e.getSQLState());
        if (COLLISIONS.contains(state)) {
            return Failure.COLLISION;
        }
        return DAMAGES.contains(state) ? Failure.DAMAGE : Failure.OTHER;
    }

    @Override
    public String place() {
        return "The ledger at " + url.substring(PREFIX.length());
    }

    @Override
    public String cure() {
        return "Stop all instances, and either restore a backup or move the tables aep_* away and rebuild the ledger";
    }
}
