package io.github.aepdataflows.definition;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** The source systems that a definition can name: {@code connectors.yaml}, a key per connector. */
public final class Connectors {

    private static final Pattern UUID =
            Pattern.compile("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}");

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
        if (!faults.isEmpty()) {
            throw new IllegalArgumentException("connectors.yaml: " + String.join("; ", faults));
        }
        return new Connectors(byKey);
    }

    private static Optional<String> check(String key, Connector connector) {
        if (connector == null) {
            return Optional.of(key + ": connectionSpecId, flowSpec, params and format are required");
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
            String flowSpec = source.path("flowSpec").asText();
            String format = flowSpec.equals(Connector.TABLE_FLOW_SPEC) ? "tabular" : "delimited";
            return Optional.of(new Connector(source.path("connectionSpecId").asText(), "", flowSpec, "path", format));
        }
        return Optional.ofNullable(byKey.get(source.path("connector").asText()));
    }

    Set<String> keys() {
        return byKey.keySet();
    }
}
