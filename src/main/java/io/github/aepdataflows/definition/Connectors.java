package io.github.aepdataflows.definition;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The source systems that a definition can name: {@code connectors.yaml}, a key per connector. */
public final class Connectors {

    private static final Pattern UUID =
            Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");

    private static final Pattern WORD_END = Pattern.compile("[^a-z0-9]+");

    private final Map<String, Connector> byKey;

    private Connectors(Map<String, Connector> byKey) {
        this.byKey = byKey;
    }

    /** @throws IllegalArgumentException naming every entry that is incomplete or has a malformed id */
    public static Connectors read(InputStream yaml) throws IOException {
        Document document = Document.parse(yaml.readAllBytes());
        List<String> faults = new ArrayList<>();
        document.faults().forEach(fault -> faults.add(fault.toString()));
        Map<String, Connector> byKey = new TreeMap<>();
        document.root().properties().forEach(entry -> {
            try {
                Connector connector = new ObjectMapper().treeToValue(entry.getValue(), Connector.class);
                check(entry.getKey(), connector).ifPresentOrElse(faults::add, () -> byKey.put(entry.getKey(), connector));
            } catch (IOException e) {
                faults.add(entry.getKey() + ": " + e.getMessage());
            }
        });
        sameIds(byKey, faults);
        if (!faults.isEmpty()) {
            throw new IllegalArgumentException("connectors.yaml: " + String.join("; ", faults));
        }
        return new Connectors(byKey);
    }

    /** Two products under one id: one of them was copied and not changed. */
    private static void sameIds(Map<String, Connector> byKey, List<String> faults) {
        Map<String, String> keys = new HashMap<>();
        byKey.forEach((key, connector) -> {
            String other = keys.putIfAbsent(connector.connectionSpecId(), key);
            if (other != null) {
                faults.add("%s and %s have the same connectionSpecId %s".formatted(other, key, connector.connectionSpecId()));
            }
        });
    }

    private static Optional<String> check(String key, Connector connector) {
        if (connector == null) {
            return Optional.of(key + ": connectionSpecId, flowSpec, params and format are required");
        }
        Optional<String> wrongId = Optional.ofNullable(connector.connectionSpecId()).flatMap(WrongIds::fault);
        if (wrongId.isPresent()) {
            return wrongId.map(fault -> key + ": connectionSpecId " + fault);
        }
        if (connector.connectionSpecId() == null || !UUID.matcher(connector.connectionSpecId()).matches()) {
            return Optional.of(key + ": connectionSpecId must be a UUID (8-4-4-4-12 lower-case hex digits)");
        }
        if (connector.flowSpec() == null || connector.params() == null || connector.format() == null) {
            return Optional.of(key + ": flowSpec, params and format are required");
        }
        if (!Set.of("tableName", "path").contains(connector.params())) {
            return Optional.of(key + ": params must be tableName or path");
        }
        return Optional.empty();
    }

    /** The connector of a definition's {@code source}: a listed one by its key, or one made of the ids given there. */
    Optional<Connector> of(JsonNode source) {
        if (source.path("connectionSpecId").isTextual() && source.path("flowSpec").isTextual()) {
            return Optional.of(Connector.unlisted(source.path("connectionSpecId").asText(), source.path("flowSpec").asText()));
        }
        return Optional.ofNullable(byKey.get(source.path("connector").asText()));
    }

    /** A connector and the key by which definitions name it. */
    public record Listed(String key, Connector connector) {
    }

    /** The listed connector of a connection spec; empty where none is listed. */
    public Optional<Listed> ofSpec(String connectionSpecId) {
        return byKey.entrySet().stream().filter(entry -> entry.getValue().connectionSpecId().equals(connectionSpecId))
                .map(entry -> new Listed(entry.getKey(), entry.getValue())).findFirst();
    }

    /** What a key that is not there may mean: one near it in spelling or else, as for oracle, those that share a word with it. */
    Nearest suggestion(String key) {
        Set<String> words = new HashSet<>(List.of(WORD_END.split(key.toLowerCase(Locale.ROOT))));
        List<String> akin = keys().stream().filter(known -> Stream.of(WORD_END.split(known)).anyMatch(words::contains)).toList();
        return Nearest.to(key, keys(), akin.isEmpty() ? keys() : akin);
    }

    Set<String> keys() {
        return byKey.keySet();
    }
}
