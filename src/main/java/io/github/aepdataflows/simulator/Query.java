package io.github.aepdataflows.simulator;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The parameters of a query string or a form, decoded, in their order. Each is split at its first {@code =} only. */
record Query(List<Parameter> parameters) {

    record Parameter(String name, String value) {
    }

    static Query parse(String raw) {
        List<Parameter> parameters = new ArrayList<>();
        for (String pair : raw.split("&")) {
            if (!pair.isEmpty()) {
                String[] parts = pair.split("=", 2);
                parameters.add(new Parameter(decode(parts[0]), parts.length == 2 ? decode(parts[1]) : ""));
            }
        }
        return new Query(parameters);
    }

    private static String decode(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw Refusal.document(400, "The query is not percent-encoded: " + text);
        }
    }

    Optional<String> first(String name) {
        return all(name).stream().findFirst();
    }

    List<String> all(String name) {
        return parameters.stream().filter(parameter -> parameter.name().equals(name)).map(Parameter::value).toList();
    }

    Set<String> names() {
        return parameters.stream().map(Parameter::name).collect(Collectors.toSet());
    }
}
