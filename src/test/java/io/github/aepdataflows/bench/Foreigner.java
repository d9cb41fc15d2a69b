package io.github.aepdataflows.bench;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.aepdataflows.Rig;
import io.github.aepdataflows.simulator.Request;
import io.github.aepdataflows.simulator.Simulator;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Somebody else in the same sandbox: has a dataflow of his own, and changes what the definitions say nothing of, on resources of ours.
 * Remembers what he has done, to find it again.
 */
final class Foreigner {

    /** In each of his requests, so that they can be told from ours. */
    static final String HEADER = "x-bench-foreign";

    /**
     * A change of a resource of ours.
     *
     * @param pointer where it shows; ends with a dash for an element of a list
     */
    private record Mark(Step step, String id, String pointer, String value) {
    }

    private static final HttpClient HTTP = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static final int ATTEMPTS = 5;

    private final Simulator simulator;
    private final Map<String, Step> own = new LinkedHashMap<>();
    private final List<Mark> marks = new ArrayList<>();
    private String token = "";

    Foreigner(Simulator simulator) {
        this.simulator = simulator;
    }

    /** Makes a dataflow of his own, with the calls that have made one of ours. */
    void copy(String dataflow) throws Exception {
        Platform platform = new Platform(simulator);
        Map<String, String> theirs = new LinkedHashMap<>();
        for (Step step : Step.values()) {
            List<Request> posts = platform.posts(step, dataflow);
            if (step.shared() || posts.isEmpty()) {
                continue;
            }
            String body = posts.get(0).text().replace(dataflow, "Foreign");
            for (Map.Entry<String, String> id : theirs.entrySet()) {
                body = body.replace(id.getKey(), id.getValue());
            }
            JsonNode answer = post(posts.get(0).path(), body);
            String id = step == Step.TARGET_DATASET ? answer.path(0).asText().replaceFirst(".*/", "") : step.idOf(answer);
            theirs.put(step.idOf(platform.resources(step, dataflow).get(0)), id);
            own.put(id, step);
        }
    }

    JsonNode post(String path, String body) {
        return patiently("POST", path, "application/json", "", body);
    }

    /** Again and again, while the Platform does not show yet what was made a moment ago. */
    private JsonNode patiently(String method, String path, String type, String etag, String body) {
        return await().atMost(Bench.PATIENCE).pollInterval(Duration.ofMillis(20)).ignoreException(IOException.class)
                .until(() -> send(method, path, type, etag, body), answer -> true);
    }

    String[] own() {
        return own.keySet().toArray(new String[0]);
    }

    /** All that is his, byte by byte. */
    Map<String, String> belongings() {
        Map<String, String> all = new TreeMap<>();
        own.forEach((id, step) -> all.put(id, simulator.store().resource(Rig.SANDBOX, step.collection(), id)
                .map(ObjectNode::toString).orElse("gone")));
        return all;
    }

    /** Changes a field of a resource of ours of which the definition says nothing. Not of a mapping set: it can only be put as a whole. */
    synchronized void strike(Step step, String id) {
        int number = marks.size();
        String note = "by somebody else, " + number;
        try {
            switch (step) {
                // within what we replace as a whole when the mapping set has a new version
                case FLOW -> patch(step, id, "/transformations/" + mapping(id) + "/params/foreign" + number, note,
                        "\"" + note + "\"", "application/json");
                case SOURCE_CONNECTION, TARGET_CONNECTION -> patch(step, id, "/description", note, "\"" + note + "\"", "application/json");
                case TARGET_SCHEMA -> {
                    String group = "https://ns.adobe.com/xdm/context/profile-" + (number % 2 == 0 ? "preferences-details" : "segmentation");
                    patch(step, id, "/allOf/-", group, "{\"$ref\":\"" + group + "\"}", "application/json");
                }
                case TARGET_DATASET -> patch(step, id, "/foreign" + number, note, "[\"" + note + "\"]", "application/json-patch+json");
                default -> throw new IllegalArgumentException(step.key());
            }
        } catch (Exception e) {
            throw new IllegalStateException("somebody else could not change " + step.key() + " " + id, e);
        }
    }

    private int mapping(String flow) {
        JsonNode transformations = simulator.store().resource(Rig.SANDBOX, Step.FLOW.collection(), flow).orElseThrow()
                .path("transformations");
        int index = 0;
        while (!transformations.path(index).path("name").asText("Mapping").equals("Mapping")) {
            index++;
        }
        return index;
    }

    private void patch(Step step, String id, String pointer, String value, String json, String type) throws Exception {
        String path = step.path() + "/" + URLEncoder.encode(id, StandardCharsets.UTF_8);
        for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
            Optional<ObjectNode> there = simulator.store().resource(Rig.SANDBOX, step.collection(), id);
            if (there.isEmpty()) {
                return;   // it was deleted just now
            }
            String etag = there.get().path("etag").asText();
            JsonNode answer = patiently("PATCH", path, type, etag,
                    "[{\"op\":\"add\",\"path\":\"" + pointer + "\",\"value\":" + json + "}]");
            if (!answer.isMissingNode()) {
                marks.removeIf(mark -> mark.id().equals(id) && mark.pointer().equals(pointer) && !pointer.endsWith("-"));
                marks.add(new Mark(step, id, pointer, value));
                return;
            }
        }
    }

    /** Changes of his that are not there any more, on resources that are. */
    List<String> lost() {
        List<String> lost = new ArrayList<>();
        for (Mark mark : marks) {
            simulator.store().resource(Rig.SANDBOX, mark.step().collection(), mark.id()).ifPresent(resource -> {
                String there = mark.pointer().endsWith("/-") ? resource.at(mark.pointer().replaceFirst("/-$", "")).toString()
                        : resource.at(mark.pointer()).toString();
                if (!there.contains('"' + mark.value() + '"')) {
                    lost.add("lost update: %s of %s %s is %s, not %s. %s".formatted(mark.pointer(), mark.step().key(), mark.id(), there,
                            mark.value(), writes(mark.id())));
                }
            });
        }
        return lost;
    }

    private String writes(String id) {
        return simulator.requests().all().stream().filter(request -> request.path().contains(id) && !request.method().equals("GET"))
                .map(request -> "%s %s %d %s%s".formatted(request.method(), request.headers().getOrDefault("if-match", List.of()),
                        request.status(), request.headers().containsKey(HEADER) ? "(somebody else) " : "", request.text()))
                .collect(Collectors.joining("; "));
    }

    int changes() {
        return marks.size();
    }

    /** The answer's document; an empty one where there is none, and a missing node where nothing was changed. */
    private JsonNode send(String method, String path, String type, String etag, String body) throws IOException, InterruptedException {
        if (token.isEmpty()) {
            String form = "grant_type=client_credentials&client_id=%s&client_secret=%s&scope=%s".formatted(simulator.options().clientId(),
                    URLEncoder.encode(simulator.options().clientSecret(), StandardCharsets.UTF_8), "openid,session");
            token = Rig.JSON.readTree(HTTP.send(HttpRequest.newBuilder(simulator.tokenUrl())
                    .header("Content-Type", "application/x-www-form-urlencoded")
                    .header(HEADER, "1").POST(BodyPublishers.ofString(form)).build(), BodyHandlers.ofString()).body()).path("access_token")
                    .asText();
        }
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(simulator.url() + path))
                .method(method, BodyPublishers.ofString(body))
                .header("Authorization", "Bearer " + token).header("x-api-key", simulator.options().clientId())
                .header("x-gw-ims-org-id", simulator.options().orgId()).header("x-sandbox-name", Rig.SANDBOX)
                .header("Content-Type", type).header(HEADER, "1");
        if (!etag.isEmpty()) {
            request.header("If-Match", etag);
        }
        var response = HTTP.send(request.build(), BodyHandlers.ofString());
        if (response.statusCode() == 401) {   // revoked
            token = "";
            return send(method, path, type, etag, body);
        }
        if (response.statusCode() == 412 || response.statusCode() == 404 && method.equals("PATCH")) {
            return MissingNode.getInstance();   // it was changed or deleted just now
        }
        if (response.statusCode() >= 300) {
            throw new IOException(method + " " + path + " " + response.statusCode() + " " + response.body());
        }
        return response.body().isEmpty() ? Rig.JSON.createObjectNode() : Rig.JSON.readTree(response.body());
    }
}
