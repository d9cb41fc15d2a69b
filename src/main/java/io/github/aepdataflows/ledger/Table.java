package io.github.aepdataflows.ledger;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.mapper.reflect.ConstructorMapper;
import org.jdbi.v3.core.statement.StatementContext;
import org.sqlite.SQLiteErrorCode;

/**
 * A table whose rows carry a seal: the start of a SHA-256 over all other columns, written with each row and checked
 * whenever one is read.
 *
 * @param keys     how many of the columns, the first ones, are the primary key
 * @param columns  all but the seal
 * @param row      a row as it is read; once the first one was, with the column of each component
 * @param values   its values in the order of the columns: String, Long or null
 */
record Table<R>(String name, int keys, List<String> columns, AtomicReference<RowMapper<R>> row, Function<R, List<Object>> values)
        implements RowMapper<R> {

    private static final int SEAL_DIGITS = 16;

    /** @param type a record, whose components are called as the columns are */
    Table(String name, int keys, List<String> columns, Class<R> type, Function<R, List<Object>> values) {
        this(name, keys, columns, new AtomicReference<>(ConstructorMapper.of(type)), values);
    }

    void insert(Transaction tx, R row) {
        tx.handle().execute("insert into %s (%s, seal) values (%s?)".formatted(name, String.join(", ", columns),
                "?, ".repeat(columns.size())),
                sealed(row).toArray());
    }

    void update(Transaction tx, R row) {
        List<Object> sealed = sealed(row);
        List<Object> key = sealed.subList(0, keys);
        List<Object> bound = new ArrayList<>(sealed.subList(keys, sealed.size()));
        bound.addAll(key);
        tx.handle().execute("update %s set %s = ?, seal = ? where %s".formatted(name,
                String.join(" = ?, ", columns.subList(keys, columns.size())),
                byKey()), bound.toArray());
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
        tx.handle().execute("delete from %s where %s".formatted(name, byKey()), key);
    }

    /** The row of that key, which nobody else can change until the transaction is over. */
    Optional<R> lock(Transaction tx, Object... key) {
        return select(tx, "where " + byKey() + tx.forUpdate(), key).stream().findFirst();
    }

    /** Rows as they are at this moment; condition: what follows the table's name. */
    List<R> select(Transaction tx, String condition, Object... arguments) {
        return tx.handle().select("select %s, seal from %s %s".formatted(String.join(", ", columns), name, condition), arguments).map(this)
                .list();
    }

    @Override
    public R map(ResultSet result, StatementContext context) throws SQLException {
        List<Object> cells = new ArrayList<>();
        for (int i = 1; i <= columns.size(); i++) {
            Object cell = result.getObject(i);
            cells.add(cell instanceof Integer number ? Long.valueOf(number) : cell);
        }
        if (!seal(cells).equals(result.getObject(columns.size() + 1))) {
            throw new SQLException("a row of %s is not as it was written".formatted(name), Postgres.CORRUPTED,
                    SQLiteErrorCode.SQLITE_CORRUPT.code);
        }
        return row.get().map(result, context);
    }

    @Override
    public RowMapper<R> specialize(ResultSet result, StatementContext context) throws SQLException {
        if (row.get() instanceof ConstructorMapper<R> general) {   // looking for the columns costs as much as all the rest
            row.set(general.specialize(result, context));
        }
        return this;
    }

    private String byKey() {
        return String.join(" = ? and ", columns.subList(0, keys)) + " = ?";
    }

    private List<Object> sealed(R row) {
        List<Object> sealed = new ArrayList<>(values.apply(row));
        sealed.add(seal(sealed));
        return sealed;
    }

    /** Each value with its type and length, so that nothing can move from one column to the next unseen. */
    private String seal(List<Object> cells) {
        String text = cells.stream().map(cell -> cell == null ? "-" : cell.getClass().getSimpleName() + cell.toString()
                .length() + ":" + cell)
                .collect(Collectors.joining("\n", name + "\n", ""));
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest).substring(0, SEAL_DIGITS);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
