package io.github.aepdataflows.platform;

import java.util.Optional;

/**
 * What the definitions only name, as in {@code { secret: crm-password }}. A host that keeps its secrets elsewhere than
 * {@link ConfiguredSecrets} looks for them names a bean of its own by the property {@code aep.secrets}. Many threads call it
 * at once. Nothing that it returns is ever kept, logged or put on an exchange.
 */
@FunctionalInterface
public interface Secrets {

    /**
     * The secret's value now, read anew at each call; empty when there is no secret of that name.
     *
     * @param name letters, digits and {@code . _ -}, at most 100
     */
    Optional<String> find(String name);

    /** Whether there is one of that name. To be overridden where that is cheaper to tell than its value. */
    default boolean has(String name) {
        return find(name).isPresent();
    }

    /** Where the secret of that name is looked for, to the one who has to put it there. */
    default String places(String name) {
        return "where this application keeps its secrets";
    }
}
