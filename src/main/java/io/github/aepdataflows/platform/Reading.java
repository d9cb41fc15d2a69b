package io.github.aepdataflows.platform;

import io.github.aepdataflows.resource.Lookup;
import io.github.aepdataflows.resource.LookupResult;

/** What is read of the Platform one document after the other, by {@code direct:aep-read-each}. */
public interface Reading {

    /** What is to be read next, the same until {@link #accept} has its result; null when all was read. */
    Lookup next() throws Exception;

    void accept(LookupResult result) throws Exception;
}
