package io.github.aepdataflows.simulator;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.stream.Collectors;

/** The readings that a simulator plays; of a dialect that is not named, the default. */
public final class Dialects {

    static final Dialects DEFAULT = new Dialects(Map.of());

    private final Map<Dialect, String> readings = new EnumMap<>(Dialect.class);

    private Dialects(Map<Dialect, String> readings) {
        this.readings.putAll(readings);
    }

    Dialects with(Dialect dialect, String reading) {
        if (!dialect.readings().contains(reading)) {
            throw new IllegalArgumentException("%s is one of %s, not %s".formatted(dialect.key(), dialect.readings(), reading));
        }
        Dialects changed = new Dialects(readings);
        changed.readings.put(dialect, reading);
        return changed;
    }

    /** As in {@code quoted-names=literal,content-type=short}. */
    Dialects with(String list) {
        Dialects changed = this;
        for (String one : list.split(",")) {
            String[] parts = one.split("=", 2);
            Dialect dialect = Arrays.stream(Dialect.values()).filter(each -> each.key().equals(parts[0].trim())).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("there is no dialect " + parts[0]));
            changed = changed.with(dialect, parts.length == 2 ? parts[1].trim() : "");
        }
        return changed;
    }

    public String reading(Dialect dialect) {
        return readings.getOrDefault(dialect, dialect.readings().get(0));
    }

    boolean is(Dialect dialect, String reading) {
        return reading(dialect).equals(reading);
    }

    @Override
    public String toString() {
        return readings.entrySet().stream().map(one -> one.getKey().key() + "=" + one.getValue()).collect(Collectors.joining(","));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Dialects dialects && readings.equals(dialects.readings);
    }

    @Override
    public int hashCode() {
        return readings.hashCode();
    }
}
