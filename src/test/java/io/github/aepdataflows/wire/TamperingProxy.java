package io.github.aepdataflows.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Stands between the application and a Platform, records which fields the answers have, and changes one of them in each answer. */
final class TamperingProxy implements AutoCloseable {

    enum Change { REMOVE, RENAME, RETYPE, NULL, ADD, REVERSE }

    /**
     * One change of one field of the answers of one endpoint.
     *
     * @param endpoint as in {@code GET flowservice/flows/{id}}
     * @param field    with {@code []} for each element of an array, as in {@code items[].name}
     */
    record Case(String endpoint, String field, Change change) {
    }

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Set<String> NOT_COPIED = Set.of("connection", "content-length", "host", "upgrade", "transfer-encoding",
            "accept-encoding");
    private static final String IDS = "[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{24,48}|_[a-z]+\\.\\w+\\.[0-9a-f]+|_xdm\\.[\\w.-]+";

    private final URI platform;
    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Map<String, Set<String>> fields = new TreeMap<>();
    private final Set<String> lists = new HashSet<>();
    private volatile Optional<Case> tampering = Optional.empty();

    TamperingProxy(URI platform) throws IOException {
        this.platform = platform;
        this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    void tamper(Case with) {
        tampering = Optional.of(with);
    }

    void leave() {
        tampering = Optional.empty();
    }

    /** Every change of every field that was seen so far. */
    synchronized List<Case> cases() {
        List<Case> cases = new ArrayList<>();
        fields.forEach((endpoint, names) -> names.forEach(field -> {
            for (Change change : Change.values()) {
                if (change != Change.REVERSE || lists.contains(field)) {
                    cases.add(new Case(endpoint, field, change));
                }
            }
        }));
        return cases;
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            HttpRequest.Builder request = HttpRequest.newBuilder(platform.resolve(exchange.getRequestURI().toString()));
            exchange.getRequestHeaders().forEach((name, values) -> {
                if (!NOT_COPIED.contains(name.toLowerCase())) {
                    values.forEach(value -> request.header(name, value));
                }
            });
            byte[] body = exchange.getRequestBody().readAllBytes();
            request.method(exchange.getRequestMethod(), body.length == 0 ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofByteArray(body));
            HttpResponse<byte[]> response = http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
            response.headers().map().forEach((name, values) -> {
                if (!NOT_COPIED.contains(name.toLowerCase()) && !name.startsWith(":")) {
                    exchange.getResponseHeaders().put(name, values);
                }
            });
            byte[] answer = response.statusCode() < 300 ? seen(endpoint(exchange), response.body()) : response.body();
            exchange.sendResponseHeaders(response.statusCode(), answer.length == 0 ? -1 : answer.length);
            exchange.getResponseBody().write(answer);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static String endpoint(HttpExchange exchange) {
        return exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath().replace("/data/foundation/", "")
                .replaceAll("(?<=/)(" + IDS + ")(?=/|$)", "{id}");
    }

    private byte[] seen(String endpoint, byte[] answer) throws IOException {
        if (answer.length == 0) {
            return answer;
        }
        JsonNode document = JSON.readTree(answer);
        synchronized (this) {
            collect("", document, fields.computeIfAbsent(endpoint, key -> new TreeSet<>()));
        }
        Case with = tampering.filter(one -> one.endpoint().equals(endpoint)).orElse(null);
        if (with == null) {
            return answer;
        }
        change(List.of(with.field().split("\\.")), document, with.change());
        return JSON.writeValueAsBytes(document);
    }

    /** What a schema or a connection spec says in depth is left alone: its own fields are the data of somebody else. */
    private void collect(String path, JsonNode node, Set<String> fields) {
        if (path.split("\\.").length > 4) {
            return;
        }
        if (node.isArray()) {
            node.forEach(element -> collect(path + "[]", element, fields));
        }
        node.properties().forEach(field -> {
            String name = field.getKey().matches(IDS) ? "{id}" : field.getKey();
            if (!name.contains(".") && !path.contains("properties")) {
                String inner = path.isEmpty() ? name : path + "." + name;
                fields.add(inner);
                if (field.getValue().isArray()) {
                    lists.add(inner);
                }
                collect(inner, field.getValue(), fields);
            }
        });
    }

    private static void change(List<String> path, JsonNode node, Change change) {
        String step = path.get(0);
        if (step.startsWith("[]")) {
            List<String> rest = new ArrayList<>(path);
            rest.set(0, step.substring(2));
            node.forEach(element -> change(step.equals("[]") ? path.subList(1, path.size()) : rest, element, change));
            return;
        }
        if (!(node instanceof ObjectNode object)) {
            return;
        }
        String name = step.replace("[]", "");
        List<String> names = name.equals("{id}") ? fieldNames(object) : List.of(name);
        for (String each : names) {
            if (path.size() == 1 && !step.endsWith("[]")) {
                change(object, each, change);
            } else if (step.contains("[]")) {
                List<String> rest = new ArrayList<>(path.subList(1, path.size()));
                for (JsonNode element : object.path(each)) {
                    change(rest, element, change);
                }
            } else {
                change(path.subList(1, path.size()), object.path(each), change);
            }
        }
    }

    private static List<String> fieldNames(ObjectNode object) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private static void change(ObjectNode object, String name, Change change) {
        JsonNode value = object.get(name);
        if (value == null) {
            return;
        }
        switch (change) {
            case REMOVE -> object.remove(name);
            case RENAME -> object.set(name + "New", object.remove(name));
            case RETYPE -> object.set(name, retyped(value));
            case NULL -> object.putNull(name);
            case ADD -> object.put(name + "Beside", "unknown so far").putObject("someObject").put("a", 1);
            case REVERSE -> {
                if (value instanceof ArrayNode array) {
                    List<JsonNode> elements = new ArrayList<>();
                    array.forEach(elements::add);
                    Collections.reverse(elements);
                    array.removeAll().addAll(elements);
                }
            }
        }
    }

    private static JsonNode retyped(JsonNode value) {
        JsonNodeFactory json = JsonNodeFactory.instance;
        if (value.isNumber() || value.isBoolean()) {
            return json.textNode(value.asText());
        } else if (value.isTextual()) {
            return value.asText().matches("\\d{1,15}") ? json.numberNode(value.asLong()) : json.objectNode().put("value", value.asText());
        } else if (value.isArray()) {
            return value.isEmpty() ? json.objectNode() : value.get(0);
        }
        return json.arrayNode().add(value);
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
