package io.github.aepdataflows.definition;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.Properties;

/** Ids that Adobe's documents print in places where another is meant, and what is meant: {@code wrong-ids.properties}. */
final class WrongIds {

    private static final Properties MEANT = new Properties();

    static {
        try (InputStream in = WrongIds.class.getResourceAsStream("wrong-ids.properties")) {
            MEANT.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private WrongIds() {
    }

    /** What is wrong with the id and which is the right one, in words; empty for ids that nobody is known to confuse. */
    static Optional<String> fault(String id) {
        return Optional.ofNullable(MEANT.getProperty(id)).map(meant -> "\"%s\" is %s".formatted(id, meant));
    }
}
