package io.github.aepdataflows.resource;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which forms of filter each service has been seen to understand: by it something was found that exists. Kept for as long as the
 * application runs.
 */
public final class ProvenFilters {

    private static final Logger LOG = LoggerFactory.getLogger("aep.platform");

    private final boolean controlled;
    private final Map<String, Boolean> understood = new ConcurrentHashMap<>();

    /** @param controlled whether a form has to be proven before it is believed that there is nothing */
    public ProvenFilters(boolean controlled) {
        this.controlled = controlled;
    }

    boolean isProven(Kind kind, Filter filter) {
        return !controlled || understood.getOrDefault(key(kind, filter), false);
    }

    boolean isUseless(Kind kind, Filter filter) {
        return !understood.getOrDefault(key(kind, filter), true);
    }

    void proven(Kind kind, Filter filter) {
        understood.put(key(kind, filter), true);
    }

    void useless(Kind kind, Filter filter) {
        if (!Boolean.FALSE.equals(understood.put(key(kind, filter), false))) {
            LOG.warn("The Platform ({}) does not find by the filter {} what is there; it is asked in another way from now on",
                    kind.collection(), filter.form());
        }
    }

    private static String key(Kind kind, Filter filter) {
        return kind.service() + " " + filter.form();
    }
}
