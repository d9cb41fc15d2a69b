package io.github.aepdataflows.ledger;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** A map in one column: {@code name=value&name=value}, sorted by name. */
final class Pairs {

    private Pairs() {
    }

    static String write(Map<String, String> map) {
        return new TreeMap<>(map).entrySet().stream()
                .map(pair -> encoded(pair.getKey()) + "=" + encoded(pair.getValue()))
                .collect(Collectors.joining("&"));
    }

    static Map<String, String> read(String text) {
        Map<String, String> map = new TreeMap<>();
        for (String pair : text.isEmpty() ? new String[0] : text.split("&")) {
            String[] sides = pair.split("=", 2);
            map.put(decoded(sides[0]), decoded(sides[1]));
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
