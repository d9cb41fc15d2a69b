package io.github.aepdataflows.ledger;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.sqlite.SQLiteErrorCode;

/**
 * A table whose rows carry a seal: the start of a SHA-256 over all other columns, written with each row and checked
 * whenever one is read.
 */
final class Table<R> {

    private static final int SEAL_DIGITS = 16;

    private static final int MOST_KNOWN = 256 << 10;

    /** Seals of rows that were read or written a moment ago, with what they were made of: so many characters of them. */
    private final Cache<String, List<Object>> known = Caffeine.newBuilder().maximumWeight(MOST_KNOWN)
            .<String, List<Object>>weigher(Table::length).executor(Runnable::run).build();
    private final String name;
    private final int keys;
    private final int columns;
    private final Function<Row, R> reader;
    private final Function<R, List<Object>> values;
    private final String insert;
    private final String update;
    private final String delete;
    private final String select;
    private final String byKey;

    /**
     * @param keys     how many of the columns, the first ones, are the primary key
     * @param columns  all but the seal
     * @param reader   makes a record of a row
     * @param values   the cells of its row
     */
    Table(String name, int keys, List<String> columns, Function<Row, R> reader, Function<R, List<Object>> values) {
        this.name = name;
        this.keys = keys;
        this.columns = columns.size();
        this.reader = reader;
        this.values = values;
        byKey = "where " + String.join(" = ? and ", columns.subList(0, keys)) + " = ?";
        insert = "insert into %s (%s, seal) values (%s?)".formatted(name, String.join(", ", columns), "?, ".repeat(columns.size()));
        update = "update %s set %s = ?, seal = ? %s".formatted(name, String.join(" = ?, ", columns.subList(keys, columns.size())), byKey);
        delete = "delete from %s %s".formatted(name, byKey);
        select = "select %s, seal from %s ".formatted(String.join(", ", columns), name);
    }

    void insert(Transaction tx, R row) {
        tx.session().execute(insert, sealed(row).toArray());
    }

    void update(Transaction tx, R row) {
        List<Object> sealed = sealed(row);
        List<Object> bound = new ArrayList<>(sealed.subList(keys, sealed.size()));
        bound.addAll(sealed.subList(0, keys));
        tx.session().execute(update, bound.toArray());
    }

    /** @param isNew as it was found: where somebody else has made it meanwhile, the insert collides, as it has to */
    void save(Transaction tx, R row, boolean isNew) {
        if (isNew) {
            insert(tx, row);
        } else {
            update(tx, row);
        }
    }

    void delete(Transaction tx, Object... key) {
        tx.session().execute(delete, key);
    }

    /** The row of that key, which nobody else can change until the transaction is over. */
    Optional<R> lock(Transaction tx, Object... key) {
        return select(tx, byKey + tx.forUpdate(), key).stream().findFirst();
    }

    /** The row of that key as it is at this moment. */
    Optional<R> get(Transaction tx, Object... key) {
        return select(tx, byKey, key).stream().findFirst();
    }

    /** Rows as they are at this moment; condition: what follows the table's name. */
    List<R> select(Transaction tx, String condition, Object... arguments) {
        return tx.session().select(select + condition, this::read, arguments);
    }

    private R read(ResultSet result) throws SQLException {
        List<Object> cells = new ArrayList<>(columns);
        for (int i = 1; i <= columns; i++) {
            Object cell = result.getObject(i);
            cells.add(cell instanceof Integer number ? Long.valueOf(number) : cell);
        }
        if (!isSealed(cells, result.getString(columns + 1))) {
            throw new SQLException("a row of %s is not as it was written".formatted(name), Postgres.CORRUPTED,
                    SQLiteErrorCode.SQLITE_CORRUPT.code);
        }
        return reader.apply(new Row(cells));
    }

    private List<Object> sealed(R row) {
        List<Object> cells = values.apply(row);
        String seal = seal(cells);
        known.put(seal, cells);
        List<Object> sealed = new ArrayList<>(cells);
        sealed.add(seal);
        return sealed;
    }

    private boolean isSealed(List<Object> cells, String seal) {
        if (seal == null) {
            return false;
        }
        if (cells.equals(known.getIfPresent(seal))) {
            return true;
        }
        boolean isSealed = seal(cells).equals(seal);
        if (isSealed) {
            known.put(seal, cells);
        }
        return isSealed;
    }

    private static int length(String seal, List<Object> cells) {
        return seal.length() + cells.stream().mapToInt(cell -> cell instanceof String text ? text.length() : Long.BYTES).sum();
    }

    /** Each value with its type and length, so that nothing can move from one column to the next unseen. */
    private String seal(List<Object> cells) {
        MessageDigest digest = sha256();
        digest.update(name.getBytes(StandardCharsets.UTF_8));
        for (Object cell : cells) {
            String value = cell == null ? "" : cell.toString();
            String before = cell == null ? "\n-" : "\n" + cell.getClass().getSimpleName() + value.length() + ":";
            digest.update(before.getBytes(StandardCharsets.UTF_8));
            digest.update(value.getBytes(StandardCharsets.UTF_8));   // may be very long: not once more in a text of all
        }
        return HexFormat.of().formatHex(digest.digest(), 0, SEAL_DIGITS / 2);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
