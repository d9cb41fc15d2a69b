package io.github.aepdataflows.resource;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A read of one thing, or of one page of a listing. The path is made of constants and of an id that was checked or encoded.
 *
 * @param path    below {@code /data/foundation/}, encoded
 * @param query   encoded; empty for none
 * @param accept  the media type to ask for
 * @param absence HTTP statuses by which the Platform says that there is no such thing: then that is the result
 */
public record Lookup(String path, String query, String accept, Set<Integer> absence) {

    public static final String JSON = "application/json";

    private static final String ADOBE = "https://ns.adobe.com/";
    private static final Pattern PLAIN = Pattern.compile("(?! )[A-Za-z0-9 ._-]{1,100}(?<! )");

    /** Of a thing that may not be there. */
    public Lookup(String path, String query, String accept) {
        this(path, query, accept, Set.of(404));
    }

    /** Of a page of a listing, which is always there. */
    public static Lookup page(String path, String query, String accept) {
        return new Lookup(path, query, accept, Set.of());
    }

    /**
     * Of a resource of the Schema Registry, by its {@code $id}: {@code meta:altId}, which has no slashes. Other ids are returned as they
     * are.
     */
    public static String altId(String id) {
        return id.startsWith(ADOBE) ? "_" + id.substring(ADOBE.length()).replace('/', '.') : id;
    }

    /** A filter, encoded. */
    public static String property(String filter) {
        return "property=" + encode(filter);
    }

    /** A filter by name as the specs of Flow Service take it, encoded. */
    public static String named(String name) {
        return property("name==\"" + name + "\"");
    }

    /** Whether no service can take the name for the syntax of a filter. */
    static boolean isPlain(String name) {
        return PLAIN.matcher(name).matches();
    }

    /** Percent-encodes a value. */
    public static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
