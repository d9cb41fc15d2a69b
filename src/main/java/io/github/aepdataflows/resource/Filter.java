package io.github.aepdataflows.resource;

import java.util.List;

/**
 * One way to ask a service for resources of a certain kind. No filter is a proof: what it lets through is compared on our side, and what it
 * finds nothing by may not have been understood.
 *
 * @param form  names the syntax: a service understands either all filters of a form or none
 * @param query encoded
 */
public record Filter(String form, String query) {

    /** Flow Service, whose documents show names without quotes; with quotes only for specs. */
    static List<Filter> named(String name) {
        return Lookup.isPlain(name) ? List.of(bare("name", name), quoted(name)) : List.of();
    }

    /** The same; the other property where the name could be taken for the syntax of a filter. */
    static List<Filter> named(String name, String otherwise, String value) {
        return Lookup.isPlain(name) ? named(name) : List.of(bare(otherwise, value));
    }

    static Filter bare(String property, String value) {
        return new Filter(property + "==" + shape(value), Lookup.property(property + "==" + value));
    }

    private static Filter quoted(String name) {
        return new Filter("name==\"" + shape(name) + "\"", Lookup.named(name));
    }

    /** Whether a service can tell where a value ends may depend on its blanks. */
    private static String shape(String value) {
        return value.contains(" ") ? "a value with blanks" : "a value";
    }
}
