package io.github.aepdataflows.check;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.aepdataflows.definition.Connector;
import io.github.aepdataflows.definition.Connectors;
import io.github.aepdataflows.platform.PlatformException;
import io.github.aepdataflows.resource.Lookup;
import io.github.aepdataflows.resource.LookupResult;
import io.github.aepdataflows.resource.Streaming;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.camel.Variable;

/**
 * Tells in what {@code connectors.yaml} and the Platform's connection specs differ (Flow Service, {@code GET /connectionSpecs}): sources,
 * the ways to authenticate, their params, and whether a source holds tables or files. What a spec does not describe is no difference.
 */
public final class ConnectorComparison {

    private final Connectors connectors;

    public ConnectorComparison(Connectors connectors) {
        this.connectors = connectors;
    }

    /** {@code GET /connectionSpecs}, all of them: the collection has no pages. */
    public Lookup specs() {
        return new Lookup("flowservice/connectionSpecs", "", Lookup.JSON, Set.of());
    }

    /**
     * {@code {"equal", "connectors", "differences": [{"connector", "connectionSpecId", "difference"}]}}; no connector for one unlisted.
     *
     * @throws PlatformException when there is no connection spec at all
     */
    public ObjectNode report(@Variable("aepResult") LookupResult result) throws PlatformException {
        Map<String, JsonNode> specs = new LinkedHashMap<>();
        result.document().path("items").forEach(spec -> specs.put(spec.path("id").asText(), spec));
        if (specs.isEmpty()) {
            throw PlatformException.unusable("GET", "the Platform lists no connection spec at all");
        }
        ObjectNode report = JsonNodeFactory.instance.objectNode();
        ArrayNode differences = JsonNodeFactory.instance.arrayNode();
        connectors.all().forEach((key, connector) -> differences(connector, specs.remove(connector.connectionSpecId()))
                .forEach(difference -> differences.addObject().put("connector", key).put("connectionSpecId", connector.connectionSpecId())
                .put("difference", difference)));
        specs.values().stream().filter(ConnectorComparison::isSource).sorted(Comparator.comparing(spec -> spec.path("name").asText()))
                .forEach(spec -> differences.addObject().put("connector", "").put("connectionSpecId", spec.path("id").asText())
                .put("difference", "%s is not listed".formatted(spec.path("name").asText())));
        report.put("equal", differences.isEmpty()).put("connectors", connectors.all().size()).set("differences", differences);
        return report;
    }

    /** One that a definition could name. */
    private static boolean isSource(JsonNode spec) {
        return !Streaming.isConnectionSpec(spec)
                && (spec.at("/attributes/isSource").asBoolean() || spec.at("/attributes/uiAttributes/isSource").asBoolean());
    }

    private static List<String> differences(Connector connector, JsonNode spec) {
        if (spec == null) {
            return List.of("the Platform has no such connection spec");
        }
        List<String> differences = new ArrayList<>();
        String kind = spec.at("/exploreSpec/type").asText();
        if (kind.equalsIgnoreCase("FileSystem") && connector.readsTables()
                || kind.equalsIgnoreCase("Tabular") && !connector.readsTables()) {
            differences.add("it holds %s, by its exploreSpec".formatted(connector.readsTables() ? "files" : "tables"));
        }
        Map<String, List<JsonNode>> theirs = spec.path("authSpec").valueStream()
                .collect(Collectors.groupingBy(auth -> auth.path("name").asText(), LinkedHashMap::new, Collectors.toList()));
        if (theirs.isEmpty()) {
            return differences;
        }
        for (Connector.Auth auth : connector.auth()) {
            List<JsonNode> same = theirs.remove(auth.specName());
            differences.addAll(same == null ? List.of("auth spec %s is not there any more".formatted(auth.specName()))
                    : same.stream().map(each -> params(auth, each.path("spec"))).min(Comparator.comparing(List::size)).orElseThrow());
        }
        theirs.forEach((name, specs) -> differences.add("auth spec %s is new; it needs %s".formatted(name,
                String.join(", ", texts(specs.get(0).at("/spec/required"))))));
        return differences;
    }

    private static List<String> params(Connector.Auth auth, JsonNode schema) {
        Set<String> described = new LinkedHashSet<>();
        schema.path("properties").fieldNames().forEachRemaining(described::add);
        List<String> needed = texts(schema.path("required"));
        Set<String> known = new LinkedHashSet<>(auth.required());
        known.addAll(auth.optional());
        List<String> differences = new ArrayList<>();
        if (described.isEmpty()) {
            return differences;
        }
        for (String param : known) {
            if (!described.contains(param)) {
                differences.add("is not there any more: " + param);
            } else if (needed.contains(param) != auth.required().contains(param)) {
                differences.add((needed.contains(param) ? "is required now: " : "is not required any more: ") + param);
            }
        }
        described.stream().filter(param -> !known.contains(param))
                .forEach(param -> differences.add((needed.contains(param) ? "is new, and required: " : "is new: ") + param));
        return differences.stream().map(difference -> "a param of auth spec %s %s".formatted(auth.specName(), difference)).toList();
    }

    private static List<String> texts(JsonNode array) {
        return array.valueStream().map(JsonNode::asText).toList();
    }
}
