package io.github.aepdataflows.simulator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The destination of a mapping, such as {@code identityMap.ECID[0].id}: names with dots between them, where a backslash
 * keeps a dot in a name, {@code [0]} or {@code [*]} steps into an array, and any name is a key of a map.
 */
final class DestinationPath {

    private static final Pattern STEP = Pattern.compile("((?:[^.\\[\\]\\\\]|\\\\.)+)((?:\\[(?:\\d+|\\*)])*)(\\.|$)");

    private DestinationPath() {
    }

    /**
     * What is wrong with a path.
     *
     * @param properties of the full view of the output schema
     */
    static Optional<String> fault(String path, JsonNode properties) {
        Matcher step = STEP.matcher(path);
        JsonNode fields = properties;
        JsonNode anyKey = MissingNode.getInstance();
        int from = 0;
        while (from < path.length()) {
            if (!step.find(from) || step.start() != from) {
                return Optional.of("Not a path: " + path);
            }
            String name = step.group(1).replaceAll("\\\\(.)", "$1");
            JsonNode field = fields.has(name) ? fields.path(name) : anyKey;
            for (int i = 0; i < step.group(2).chars().filter(c -> c == '[').count(); i++) {
                field = field.path("items");
            }
            if (!field.isObject()) {
                return Optional.of("The output schema has no " + path.substring(0, step.start(3)));
            }
            fields = field.path("properties");
            anyKey = field.path("additionalProperties");
            from = step.end();
        }
        boolean unfinished = path.isEmpty() || path.endsWith(".") && !path.endsWith("\\.");
        return unfinished ? Optional.of("Not a path: " + path) : Optional.empty();
    }
}
