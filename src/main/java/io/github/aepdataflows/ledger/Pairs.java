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
                .map(pair -> URLEncoder.encode(pair.getKey(), UTF_8) + "=" + URLEncoder.encode(pair.getValue(), UTF_8))
                .collect(Collectors.joining("&"));
    }

    static Map<String, String> read(String text) {
        Map<String, String> map = new TreeMap<>();
        for (String pair : text.isEmpty() ? new String[0] : text.split("&")) {
            String[] sides = pair.split("=", 2);
            map.put(URLDecoder.decode(sides[0], UTF_8), URLDecoder.decode(sides[1], UTF_8));
        }
        return map;
    }
}
