package io.github.aepdataflows.operate;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/** The parameters of a request, or the fields of a form: of several of a name the last. */
record Query(Map<String, String> values) {

    static Query of(String text) {
        Map<String, String> values = new HashMap<>();
        for (String pair : text.split("&")) {
            int end = pair.indexOf('=');
            if (end > 0) {
                values.put(decoded(pair.substring(0, end)), decoded(pair.substring(end + 1)));
            }
        }
        return new Query(values);
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return "";
        }
    }

    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /** Empty when there is none of that name. */
    String text(String name) {
        return values.getOrDefault(name, "");
    }

    /** From 1; 1 for what is no number. */
    int page() {
        return text("page").matches("[1-9][0-9]{0,5}") ? Integer.parseInt(text("page")) : 1;
    }
}
