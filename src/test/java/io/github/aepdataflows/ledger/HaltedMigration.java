package io.github.aepdataflows.ledger;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collections;

/**
 * Opens the ledger of the given URL and is dead at the given point: before the first statement that begins with those
 * words, or, as {@code commit after} a statement, before its transaction is committed. It stands between the ledger and
 * the JDBC driver, so that nothing of this is in the product.
 */
final class HaltedMigration {

    private static final String COMMIT = "commit after ";

    private final String point;
    private boolean last;

    private HaltedMigration(String point) {
        this.point = point;
    }

    public static void main(String[] arguments) throws Exception {
        HaltedMigration halted = new HaltedMigration(arguments[1]);
        for (Driver driver : Collections.list(DriverManager.getDrivers())) {
            DriverManager.deregisterDriver(driver);
            DriverManager.registerDriver(halted.watched(Driver.class, driver));
        }
        new Ledger(arguments[0], "postgres", "postgres", "org", "prod", Duration.ofMinutes(5)).open();
        System.out.println("migrated");
    }

    private <T> T watched(Class<T> type, T real) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
            if (method.getName().equals("prepareStatement") && arguments[0] instanceof String sql) {
                executes(sql);
            } else if (real instanceof Connection && method.getName().equals("commit") && last) {
                halt();
            }
            try {
                Object answer = method.invoke(real, arguments);
                return answer instanceof Connection connection ? watched(Connection.class, connection) : answer;
            } catch (InvocationTargetException e) {
                throw e.getCause() instanceof SQLException sql ? sql : e.getCause();
            }
        }));
    }

    private void executes(String script) {
        String sql = script.replaceAll("(?m)^--.*$", "").strip();
        if (sql.startsWith(point)) {
            halt();
        }
        last |= point.startsWith(COMMIT) && sql.startsWith(point.substring(COMMIT.length()));
    }

    private static void halt() {
        System.out.println("halted");
        System.out.flush();
        Runtime.getRuntime().halt(137);
    }
}
