package io.github.aepdataflows.resource;

import java.util.Locale;

/** What has to be done about a resource, the harmless first. */
public enum Action {

    /** It is as the definition describes, or the definition only names it. */
    NONE,
    /** It does not exist yet. */
    CREATE,
    /** It can be changed where it is. */
    UPDATE,
    /** The definition wants it gone. */
    DELETE,
    /** A new one has to take its place. */
    REPLACE,
    /** The Platform allows no way from what is there to what is wanted. */
    IMPOSSIBLE;

    /** As in {@code update}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether a new resource will be there afterwards. */
    public boolean makesNew() {
        return this == CREATE || this == REPLACE;
    }
}
