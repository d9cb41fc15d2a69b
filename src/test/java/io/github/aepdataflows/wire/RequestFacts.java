package io.github.aepdataflows.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.github.aepdataflows.simulator.Request;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** What Adobe's documents say of requests ({@code facts/requests.yaml}): every test that starts an application asks it at the end. */
public final class RequestFacts {

    private static final String SERVICE = "/data/foundation/";
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final JsonNode FACTS = facts();
    private static final Map<String, Schema> SCHEMAS = new ConcurrentHashMap<>();

    private RequestFacts() {
    }

    private static JsonNode facts() {
        try {
            Object facts = new Load(LoadSettings.builder().build())
                    .loadFromString(Files.readString(Path.of("src/test/resources/facts/requests.yaml")));
            return JSON.valueToTree(facts);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * @throws AssertionError naming every request of the application that the documents do not show
     */
    public static void hold(Collection<Request> requests) {
        Set<String> violations = new TreeSet<>();
        for (Request request : requests) {
            if (request.path().startsWith(SERVICE) && request.header("user-agent").filter("aep-dataflows"::equals).isPresent()) {
                violations.addAll(violations(request));
            }
        }
        if (!violations.isEmpty()) {
            throw new AssertionError("not documented: " + String.join("\n", violations));
        }
    }

    static List<String> violations(Request request) {
        String endpoint = endpoint(request);
        JsonNode fact = FACTS.path("requests").path(endpoint);
        JsonNode allowed = FACTS.path("undocumented").path(endpoint);
        if (fact.isMissingNode() && allowed.isMissingNode()) {
            return List.of(endpoint);
        }
        List<String> violations = new ArrayList<>();
        Set<String> known = new LinkedHashSet<>();
        fact.path("query").forEach(name -> known.add(name.asText()));
        allowed.path("query").forEach(name -> known.add(name.asText()));
        Set<String> sent = Arrays.stream(request.query().split("&")).filter(part -> !part.isEmpty())
                .map(part -> part.replaceFirst("=.*", "")).collect(Collectors.toSet());
        sent.stream().filter(name -> !known.contains(name)).forEach(name -> violations.add("%s ?%s".formatted(endpoint, name)));
        fact.path("required").forEach(name -> {
            if (!sent.contains(name.asText())) {
                violations.add("%s without ?%s".formatted(endpoint, name.asText()));
            }
        });
        if (fact.has("body")) {
            violations.addAll(violations(endpoint, fact.path("body"), request));
        } else if (request.body().length > 0) {
            violations.add(endpoint + " with a body");
        }
        return violations;
    }

    private static List<String> violations(String endpoint, JsonNode schema, Request request) {
        try {
            Schema facts = SCHEMAS.computeIfAbsent(endpoint,
                    key -> SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_7).getSchema(schema));
            return facts.validate(JSON.readTree(request.body())).stream().map(error -> endpoint + " " + error).toList();
        } catch (IOException e) {
            return List.of(endpoint + " with a body that is no JSON");
        }
    }

    /** As in {@code GET flowservice/flows/{id}}. */
    private static String endpoint(Request request) {
        List<String> parts = new ArrayList<>(List.of(request.path().substring(SERVICE.length()).split("/")));
        int id = parts.get(0).equals("schemaregistry") ? 3 : 2;
        boolean named = parts.size() > id && !List.of("validate", "el").contains(parts.get(id));
        if (named) {
            parts.set(id, "{id}");
        }
        return request.method() + " " + String.join("/", parts);
    }
}
