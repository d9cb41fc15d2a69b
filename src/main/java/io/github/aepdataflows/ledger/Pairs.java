package io.github.aepdataflows.ledger;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.util.AbstractMap;
import java.util.Collections;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** A map in one column: {@code name=value&name=value}, sorted by name. Most are written back as they were read, and never looked into. */
final class Pairs extends AbstractMap<String, String> {

    private final String text;
    private Map<String, String> map;

    private Pairs(String text) {
        this.text = text;
    }

    static String write(Map<String, String> map) {
        return map instanceof Pairs read ? read.text : new TreeMap<>(map).entrySet().stream()
                .map(pair -> encoded(pair.getKey()) + "=" + encoded(pair.getValue()))
                .collect(Collectors.joining("&"));
    }

    /** It cannot be changed. */
    static Map<String, String> read(String text) {
        return new Pairs(text);
    }

    @Override
    public Set<Entry<String, String>> entrySet() {
        return map().entrySet();
    }

    @Override
    public String get(Object name) {
        return map().get(name);
    }

    private synchronized Map<String, String> map() {
        if (map == null) {
            Map<String, String> parsed = new TreeMap<>();
            for (String pair : text.isEmpty() ? new String[0] : text.split("&")) {
                String[] sides = pair.split("=", 2);
                parsed.put(decoded(sides[0]), decoded(sides[1]));
            }
            map = Collections.unmodifiableMap(parsed);
        }
        return map;
    }

    /** Most need nothing. */
    private static String encoded(String text) {
        return text.chars().allMatch(c -> c < 128 && Character.isLetterOrDigit(c) || c == '.' || c == '-' || c == '_') ? text
                : URLEncoder.encode(text, UTF_8);
    }

    private static String decoded(String text) {
        return text.indexOf('%') < 0 && text.indexOf('+') < 0 ? text : URLDecoder.decode(text, UTF_8);
    }
}
