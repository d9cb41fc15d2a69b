package io.github.aepdataflows.definition;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The source systems that a definition can name: {@code connectors.yaml}, a key per connector. */
public final class Connectors {

    private static final Pattern UUID =
            Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");

    private static final Pattern WORD_END = Pattern.compile("[^a-z0-9]+");

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Callable<InputStream> yaml;
    private Map<String, Connector> read;

    private Connectors(Callable<InputStream> yaml) {
        this.yaml = yaml;
    }

    /** @throws IllegalArgumentException naming every entry that is incomplete or has a malformed id */
    public static Connectors read(InputStream yaml) {
        Connectors connectors = new Connectors(() -> yaml);
        connectors.byKey();
        return connectors;
    }

    /** Those of a file that is read when the first of them is needed: most commands need none. */
    public static Connectors in(Callable<InputStream> yaml) {
        return new Connectors(yaml);
    }

    private synchronized Map<String, Connector> byKey() {
        if (read == null) {
            try (InputStream in = yaml.call()) {
                read = parsed(in.readAllBytes());
            } catch (IllegalArgumentException e) {
                throw e;
            } catch (Exception e) {
                throw new IllegalArgumentException("connectors.yaml cannot be read: " + e.getMessage(), e);
            }
        }
        return read;
    }

    private static Map<String, Connector> parsed(byte[] yaml) {
        Document document = Document.parse(yaml);
        List<String> faults = new ArrayList<>();
        document.faults().forEach(fault -> faults.add(fault.toString()));
        Map<String, Connector> byKey = new TreeMap<>();
        document.root().properties().forEach(entry -> {
            try {
                Connector connector = JSON.treeToValue(entry.getValue(), Connector.class);
                check(entry.getKey(), connector).ifPresentOrElse(faults::add, () -> byKey.put(entry.getKey(), connector));
            } catch (IOException e) {
                faults.add(entry.getKey() + ": " + e.getMessage());
            }
        });
        sameIds(byKey, faults);
        if (!faults.isEmpty()) {
            throw new IllegalArgumentException("connectors.yaml: " + String.join("; ", faults));
        }
        return byKey;
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
        if (!connector.isSelfServe() && !Set.of("tableName", "path").contains(connector.params())) {
            return Optional.of(key + ": params must be tableName or path");
        }
        return Optional.empty();
    }

    /** The connector of a definition's {@code source}: a listed one by its key, or one made of the ids given there. */
    Optional<Connector> of(JsonNode source) {
        if (source.path("connectionSpecId").isTextual() && source.path("flowSpec").isTextual()) {
            String spec = source.path("connectionSpecId").asText();
            String flowSpec = source.path("flowSpec").asText();
            return Optional.of(ofSpec(spec).map(Listed::connector)
                    .filter(listed -> !listed.baseConnection() && listed.flowSpec().equals(flowSpec))
                    .orElseGet(() -> Connector.unlisted(spec, flowSpec)));
        }
        return Optional.ofNullable(byKey().get(source.path("connector").asText()));
    }

    /** A connector and the key by which definitions name it. */
    public record Listed(String key, Connector connector) {
    }

    /** The listed connector of a connection spec; empty where none is listed. */
    public Optional<Listed> ofSpec(String connectionSpecId) {
        return byKey().entrySet().stream().filter(entry -> entry.getValue().connectionSpecId().equals(connectionSpecId))
                .map(entry -> new Listed(entry.getKey(), entry.getValue())).findFirst();
    }

    /** The connection spec of a connector, by its key or by that id itself; empty where none is listed under that key. */
    Optional<String> specOf(String name) {
        return UUID.matcher(name).matches() ? Optional.of(name) : Optional.ofNullable(byKey().get(name)).map(Connector::connectionSpecId);
    }

    /** What a key that is not there may mean: one near it in spelling or else, as for oracle, those that share a word with it. */
    Nearest suggestion(String key) {
        Set<String> words = new HashSet<>(List.of(WORD_END.split(key.toLowerCase(Locale.ROOT))));
        List<String> akin = keys().stream().filter(known -> Stream.of(WORD_END.split(known)).anyMatch(words::contains)).toList();
        return Nearest.to(key, keys(), akin.isEmpty() ? keys() : akin);
    }

    Set<String> keys() {
        return byKey().keySet();
    }

    /** All of them, by their keys. */
    public Map<String, Connector> all() {
        return Collections.unmodifiableMap(byKey());
    }
}
