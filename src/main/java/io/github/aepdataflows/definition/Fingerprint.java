package io.github.aepdataflows.definition;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * By what a document is recognised without being kept: the same for every spelling of its content, whatever the order of
 * the keys, the white space or the format (YAML or JSON).
 *
 * @param digest SHA-256 of the whole content
 * @param fields the beginning of the SHA-256 of each single value, by its path, as in {@code source.columns[1].name}
 */
public record Fingerprint(String digest, Map<String, String> fields) {

    private static final ObjectMapper CANONICAL = JsonMapper.builder()
            .enable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .build();
    private static final int SHORT = 12;
    private static final int MOST_SHOWN = 20;

    public Fingerprint {
        fields = Map.copyOf(fields);
    }

    public static Fingerprint of(JsonNode document) {
        Map<String, String> fields = new TreeMap<>();
        collect(document, "", fields);
        return new Fingerprint(digestOf(document), fields);
    }

    /** In which fields a document differs from the one that had these, as in {@code schedule.interval changed}. */
    public List<String> changesSince(Map<String, String> earlier) {
        TreeSet<String> paths = new TreeSet<>(earlier.keySet());
        paths.addAll(fields.keySet());
        paths.removeIf(path -> fields.containsKey(path) && fields.get(path).equals(earlier.get(path)));
        List<String> changes = new ArrayList<>(paths.stream().limit(MOST_SHOWN).map(path -> path
                + (!earlier.containsKey(path) ? " added" : !fields.containsKey(path) ? " removed" : " changed")).toList());
        if (paths.size() > MOST_SHOWN) {
            changes.add("%d more".formatted(paths.size() - MOST_SHOWN));
        }
        return changes;
    }

    private static void collect(JsonNode node, String path, Map<String, String> fields) {
        if (node.isObject() && !node.isEmpty()) {
            node.properties().forEach(field ->
                    collect(field.getValue(), path.isEmpty() ? field.getKey() : path + "." + field.getKey(), fields));
        } else if (node.isArray() && !node.isEmpty()) {
            for (int i = 0; i < node.size(); i++) {
                collect(node.get(i), "%s[%d]".formatted(path, i), fields);
            }
        } else {
            fields.put(path, digestOf(node).substring(0, SHORT));
        }
    }

    public static String digestOf(JsonNode document) {
        try {
            boolean asItIs = document.isTextual() || document.isBoolean() || document.isInt() || document.isLong();
            String canonical = CANONICAL.writeValueAsString(asItIs ? document : CANONICAL.convertValue(document, Object.class));
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(canonical.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash);
        } catch (JsonProcessingException | NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
